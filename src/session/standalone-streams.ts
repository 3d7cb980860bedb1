/**
 * The GET streams of this process: what the server tells a session outside of its calls. A stream is a view on the bus:
 * its event ids are cursors of the bus, so that nothing is written per stream, and any process can go on with it.
 * MCP 2025-11-25, basic/transports, "Listening for Messages from the Server".
 */
import { randomBytes } from 'node:crypto';
import { type LoggingLevel, type LoggingMessageNotificationParams, severityOf } from '../protocol/logging.ts';
import type { Keyring } from '../sealing/keyring.ts';
import type { Logger } from '../server/logger.ts';
import { CHANGE_METHODS } from '../server/subscriptions.ts';
import type { Bus, BusEntry, BusEvent, SessionChange } from '../state/bus.ts';
import { everyChange, type ServerEvent } from '../state/event-bus.ts';
import { signEventId } from './event-id.ts';
import type { Session } from './session.ts';
import { openSessionId } from './session-id.ts';
import type { StreamReader } from './stream-reader.ts';

/** Entries read from the bus at once when a stream catches up. */
const PAGE = 200;
/** Entries that may wait while a stream catches up; a stream that needs more is ended, and its client comes back. */
const MAX_WAITING = 1_000;
const NO_REQUESTS = '[]';

interface OpenStream {
  readonly session: Session;
  readonly claim: string;
  readonly reader: StreamReader;
  readonly uris: Set<string>;
  level: LoggingLevel | undefined;
  /** Live entries that wait until what came before them is sent; undefined once it is. */
  waiting: BusEntry[] | undefined;
  /** The cursor of the last entry that this stream is past. */
  cursor: string;
}

function changeMessage(event: ServerEvent): string {
  const method = CHANGE_METHODS[event.kind];
  const params = event.kind === 'resource_updated' ? { params: { uri: event.uri } } : undefined;
  return JSON.stringify({ jsonrpc: '2.0', method, ...params });
}

export class StandaloneStreams {
  readonly #keyring: Keyring;
  readonly #bus: Bus;
  readonly #logger: () => Logger;
  /** Streams by their session's key. */
  readonly #open = new Map<string, OpenStream>();
  readonly #byUri = new Map<string, Set<OpenStream>>();
  readonly #claiming = new Map<string, OpenStream>();
  readonly #offBus: () => void;

  constructor(keyring: Keyring, bus: Bus, logger: () => Logger) {
    this.#keyring = keyring;
    this.#bus = bus;
    this.#logger = logger;
    this.#offBus = bus.subscribe(entry => this.#hear(entry));
  }

  get size(): number {
    return this.#open.size + this.#claiming.size;
  }

  /**
   * Opens the stream of a session; whoever held one before, here or in another process, lets go of it.
   *
   * @param after the cursor after which to go on; undefined for a new stream
   * @returns false when entries after the cursor are no longer kept; nothing was sent then
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  async open(session: Session, after: string | undefined, reader: StreamReader): Promise<boolean> {
    const claim = randomBytes(9).toString('base64url');
    const uris = new Set(session.record?.subscriptions);
    const stream: OpenStream = { session, claim, reader, uris, level: session.logLevel, waiting: [], cursor: '' };
    // Hearing the claim itself makes it active: what comes before it on the bus is caught up, what comes after is live.
    this.#claiming.set(claim, stream);
    let missed: readonly BusEntry[] | undefined;
    try {
      missed = after === undefined ? [] : await this.#bus.read(after, PAGE);
      if (missed === undefined) {
        this.#claiming.delete(claim);
        return false;
      }
      await this.#bus.publish({ kind: 'session', session: session.key, change: { type: 'claimed', claim } });
    } catch (error) {
      this.#claiming.delete(claim);
      this.#drop(stream);
      throw error;
    }
    if (reader.gone) {
      this.close(session.key, reader);
      return true;
    }
    reader.open();
    const told = after !== undefined && (await this.#catchUp(stream, missed, after));
    // Also for who came back: a client whose connection is cut before it got an id begins anew, and misses what was told.
    if (!told) void reader.event(this.#idOf(stream, stream.cursor || after || this.#bus.cursor), '');
    this.#goLive(stream);
    return true;
  }

  /** @returns whether anything was told, or nothing can be any more */
  async #catchUp(stream: OpenStream, first: readonly BusEntry[], after: string): Promise<boolean> {
    let entries = first;
    let last = after;
    let told = false;
    for (;;) {
      for (const entry of entries) {
        last = entry.cursor;
        const { event } = entry;
        if (event.kind === 'session' && event.change.type === 'claimed' && event.change.claim === stream.claim) {
          return told;
        }
        const message = this.#messageFor(stream, event);
        if (message !== undefined) {
          told = true;
          await stream.reader.event(this.#idOf(stream, entry.cursor), message);
        }
        if (stream.reader.gone) return true;
      }
      const next = await this.#bus.read(last, PAGE);
      if (next === undefined) {
        // Trimmed while it was read. It comes back with the last id it got, and hears why that is too old.
        this.#drop(stream);
        stream.reader.end(true);
        return true;
      }
      if (next.length === 0) return told;
      entries = next;
    }
  }

  #goLive(stream: OpenStream): void {
    const waiting = stream.waiting ?? [];
    stream.waiting = undefined;
    for (const entry of waiting) this.#pass(stream, entry);
    if (stream.reader.gone) this.close(stream.session.key, stream.reader);
  }

  /** Forgets the stream of a session, if it is the one of this reader. */
  close(key: string, reader: StreamReader): void {
    const stream = this.#open.get(key);
    if (stream?.reader === reader) this.#drop(stream);
    for (const [claim, claiming] of this.#claiming) if (claiming.reader === reader) this.#claiming.delete(claim);
  }

  /** An event without a message, so that a client which comes back after a long silence need not read all of it. */
  refresh(key: string, reader: StreamReader): boolean {
    const stream = this.#open.get(key);
    if (stream?.reader !== reader || stream.waiting !== undefined) return false;
    void reader.event(this.#idOf(stream, this.#bus.cursor), '');
    return true;
  }

  /**
   * Logs to all sessions that have a stream open, in whichever process, or to one.
   *
   * @param sessionId a sealed id; one that is not ours is nobody's
   */
  async log(params: LoggingMessageNotificationParams, sessionId: string | undefined): Promise<void> {
    if (sessionId === undefined) return void (await this.#bus.publish({ kind: 'log', params }));
    const session = openSessionId(this.#keyring, sessionId)?.key;
    if (session !== undefined) await this.#bus.publish({ kind: 'log', params, session });
  }

  /** Has whoever holds the GET stream of a session end it; the client comes back. */
  async letGo(key: string): Promise<void> {
    await this.#bus.publish({ kind: 'session', session: key, change: { type: 'claimed', claim: '' } });
  }

  /** Ends all of them in good order. */
  closeAll(): void {
    for (const stream of [...this.#open.values(), ...this.#claiming.values()]) {
      this.#drop(stream);
      stream.reader.end(true);
    }
    this.#claiming.clear();
    this.#offBus();
  }

  #drop(stream: OpenStream): void {
    const { key } = stream.session;
    if (this.#open.get(key) === stream) this.#open.delete(key);
    for (const uri of stream.uris) this.#forgetUri(stream, uri);
  }

  #forgetUri(stream: OpenStream, uri: string): void {
    const set = this.#byUri.get(uri);
    set?.delete(stream);
    if (set?.size === 0) this.#byUri.delete(uri);
  }

  #indexUri(stream: OpenStream, uri: string): void {
    const set = this.#byUri.get(uri);
    if (set === undefined) this.#byUri.set(uri, new Set([stream]));
    else set.add(stream);
  }

  #idOf({ session }: OpenStream, cursor: string): string {
    return signEventId(this.#keyring, { session: session.key, stream: '', position: cursor, requests: NO_REQUESTS });
  }

  // What the bus tells -------------------------------------------------------------------------------------------------

  #hear(entry: BusEntry): void {
    const { event } = entry;
    switch (event.kind) {
      case 'change':
        return this.#toAll(
          event.event.kind === 'resource_updated' ? this.#byUri.get(event.event.uri) : undefined,
          entry,
        );
      case 'log':
        return this.#toAll(undefined, entry);
      case 'message': {
        const stream = this.#open.get(event.session);
        if (stream !== undefined) this.#pass(stream, entry);
        return;
      }
      case 'session':
        return this.#onSession(entry);
      case 'gap':
        return this.#onGap(entry);
    }
  }

  /** Entries were lost before they were heard. Whatever may have changed is said to have changed. */
  #onGap(entry: BusEntry): void {
    for (const stream of [...this.#open.values()]) {
      for (const event of everyChange(stream.uris)) this.#pass(stream, { ...entry, event: { kind: 'change', event } });
    }
  }

  /** To the given streams, or to all; resource updates go to nobody where nobody has subscribed. */
  #toAll(streams: Set<OpenStream> | undefined, entry: BusEntry): void {
    const { event } = entry;
    const isUpdate = event.kind === 'change' && event.event.kind === 'resource_updated';
    const receivers = isUpdate ? (streams ?? []) : this.#open.values();
    for (const stream of [...receivers]) this.#pass(stream, entry);
  }

  #onSession(entry: BusEntry): void {
    const { event } = entry;
    if (event.kind !== 'session') return;
    const { change } = event;
    if (change.type === 'claimed') return this.#onClaim(event.session, change.claim, entry.cursor);
    const stream = this.#open.get(event.session);
    if (stream !== undefined) this.#change(stream, change);
    // What another process changed a moment ago may be heard only now.
    for (const [claim, claiming] of this.#claiming) {
      if (claiming.session.key !== event.session) continue;
      this.#change(claiming, change);
      if (change.type === 'terminated') this.#claiming.delete(claim);
    }
  }

  #change(stream: OpenStream, change: SessionChange): void {
    if (change.type === 'level') stream.level = change.level;
    else if (change.type === 'subscribed') {
      stream.uris.add(change.uri);
      if (this.#open.get(stream.session.key) === stream) this.#indexUri(stream, change.uri);
    } else if (change.type === 'unsubscribed') {
      stream.uris.delete(change.uri);
      this.#forgetUri(stream, change.uri);
    } else if (change.type === 'terminated') {
      this.#drop(stream);
      stream.reader.end(false);
    }
  }

  #onClaim(key: string, claim: string, cursor: string): void {
    const before = this.#open.get(key);
    const claiming = this.#claiming.get(claim);
    if (before !== undefined) {
      this.#drop(before);
      // Without a new claim, the client is meant to come back; with one, it is here already.
      before.reader.end(claim === '');
    }
    if (claiming === undefined) return;
    this.#claiming.delete(claim);
    claiming.cursor = cursor;
    this.#open.set(key, claiming);
    for (const uri of claiming.uris) this.#indexUri(claiming, uri);
  }

  #pass(stream: OpenStream, entry: BusEntry): void {
    if (stream.waiting !== undefined) {
      stream.waiting.push(entry);
      if (stream.waiting.length <= MAX_WAITING) return;
      this.#logger().warn(
        { entries: MAX_WAITING },
        'a GET stream does not catch up and is ended; its client comes back',
      );
      this.#drop(stream);
      stream.waiting = [];
      stream.reader.end(true);
      return;
    }
    const message = this.#messageFor(stream, entry.event);
    if (message !== undefined) void stream.reader.event(this.#idOf(stream, entry.cursor), message);
  }

  /** A change that did not come over the bus: it is told, but nobody who misses it can come back for it. */
  change(event: ServerEvent): void {
    const receivers = event.kind === 'resource_updated' ? this.#byUri.get(event.uri) : this.#open.values();
    const message = changeMessage(event);
    for (const stream of [...(receivers ?? [])]) void stream.reader.event(undefined, message);
  }

  /** What an event says to a stream; undefined for nothing. */
  #messageFor(stream: OpenStream, event: BusEvent): string | undefined {
    switch (event.kind) {
      case 'change': {
        if (event.event.kind === 'resource_updated' && !stream.uris.has(event.event.uri)) return undefined;
        return changeMessage(event.event);
      }
      case 'message':
        return event.session === stream.session.key ? event.message : undefined;
      case 'log': {
        if (event.session !== undefined && event.session !== stream.session.key) return undefined;
        if (stream.level !== undefined && severityOf(event.params.level) < severityOf(stream.level)) return undefined;
        return JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: event.params });
      }
      default:
        return undefined;
    }
  }
}
