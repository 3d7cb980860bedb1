/**
 * The GET streams of this process: what the server tells a session outside of its calls. A stream is a view on the bus:
 * its event ids are cursors of the bus, so that nothing is written per stream, and any process can go on with it.
 * MCP 2025-11-25, basic/transports, "Listening for Messages from the Server".
 */
import { randomBytes } from 'node:crypto';
import type { LoggingMessageNotificationParams } from '../protocol/logging.ts';
import type { Keyring } from '../sealing/keyring.ts';
import type { Logger } from '../server/logger.ts';
import type { Bus, BusEntry, SessionChange } from '../state/bus.ts';
import { everyChange, type ServerEvent } from '../state/event-bus.ts';
import type { Session } from './session.ts';
import { openSessionId } from './session-id.ts';
import { changeMessage } from './standalone-message.ts';
import { PAGE, StandaloneStream } from './standalone-stream.ts';
import type { StreamReader } from './stream-reader.ts';

const CLAIM_BYTES = 9;
const NOBODY: ReadonlySet<StandaloneStream> = new Set();

export class StandaloneStreams {
  readonly #keyring: Keyring;
  readonly #bus: Bus;
  readonly #logger: () => Logger;
  /** Streams by their session's key. */
  readonly #open = new Map<string, StandaloneStream>();
  readonly #byUri = new Map<string, Set<StandaloneStream>>();
  /** Streams that have not heard their own claim yet, by it. */
  readonly #claiming = new Map<string, StandaloneStream>();
  readonly #offBus: () => void;

  constructor(keyring: Keyring, bus: Bus, logger: () => Logger) {
    this.#keyring = keyring;
    this.#bus = bus;
    this.#logger = logger;
    this.#offBus = bus.subscribe(entry => this.#hear(entry));
  }

  /**
   * Opens the stream of a session; whoever held one before, here or in another process, lets go of it.
   *
   * @param after the cursor after which to go on; undefined for a new stream
   * @returns `trimmed` when entries after the cursor are no longer kept: the client was told that everything may have
   * changed, and has to be told that messages may be missing
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  async open(session: Session, after: string | undefined, reader: StreamReader): Promise<'open' | 'trimmed'> {
    const claim = randomBytes(CLAIM_BYTES).toString('base64url');
    const stream = new StandaloneStream(this.#keyring, session, claim, reader);
    // Hearing the claim itself makes it active: what comes before it on the bus is caught up, what comes after is live.
    this.#claiming.set(claim, stream);
    let missed: readonly BusEntry[] | undefined;
    try {
      missed = after === undefined ? [] : await this.#bus.read(after, PAGE);
    } catch (error) {
      this.#claiming.delete(claim);
      this.#drop(stream);
      throw error;
    }
    const cursor = await this.#claimOrTake(session.key, claim);
    if (reader.gone) {
      this.close(session.key, reader);
      return 'open';
    }
    reader.open();
    if (missed === undefined) {
      stream.mark(cursor);
      stream.goLive();
      for (const event of everyChange(stream.uris)) void reader.event(undefined, changeMessage(event));
      return 'trimmed';
    }
    // The page read before the claim may be empty though something came in between: then it is read once more.
    const told = after !== undefined && (await this.#catchUp(stream, missed, after));
    // Also for who came back: a client whose connection is cut before it got an id begins anew, and misses what was told.
    if (!told) stream.mark(cursor);
    stream.goLive();
    if (reader.gone) this.close(session.key, reader);
    return 'open';
  }

  /** A store that takes no writes costs the news to other processes, not the stream. */
  async #claimOrTake(key: string, claim: string): Promise<string> {
    try {
      return await this.#claim(key, claim);
    } catch (error) {
      this.#logger().warn({ error }, 'a GET stream could not be announced to other processes');
      this.#onClaim(key, claim);
      return this.#bus.cursor;
    }
  }

  #claim(session: string, claim: string): string | Promise<string> {
    return this.#bus.publish({ kind: 'session', session, change: { type: 'claimed', claim } });
  }

  /** @returns whether anything was told, or nothing can be any more */
  async #catchUp(stream: StandaloneStream, missed: readonly BusEntry[], after: string): Promise<boolean> {
    const first = missed.length > 0 ? missed : await this.#bus.read(after, PAGE);
    const told = first === undefined ? 'trimmed' : await stream.catchUp(this.#bus, first, after);
    if (told !== 'trimmed') return told;
    // It comes back with the last id it got, and hears why that is too old.
    this.#drop(stream);
    stream.reader.end(true);
    return true;
  }

  /** Whether this process holds the stream of a session: opening it again takes the place of that one. */
  holds(key: string): boolean {
    return this.#open.has(key);
  }

  /** Ends the streams of a session that has ended. */
  terminate(key: string): void {
    this.#onSession(key, { type: 'terminated' });
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
    if (stream?.reader !== reader || !stream.isLive) return false;
    stream.mark(this.#bus.cursor);
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
    await this.#claim(key, '');
  }

  /** A change that did not come over the bus: it is told, but nobody who misses it can come back for it. */
  change(event: ServerEvent): void {
    const message = changeMessage(event);
    for (const stream of [...this.#receivers(event)]) void stream.reader.event(undefined, message);
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

  #drop(stream: StandaloneStream): void {
    if (this.#open.get(stream.session) === stream) this.#open.delete(stream.session);
    for (const uri of stream.uris) this.#forgetUri(stream, uri);
  }

  #forgetUri(stream: StandaloneStream, uri: string): void {
    const set = this.#byUri.get(uri);
    set?.delete(stream);
    if (set?.size === 0) this.#byUri.delete(uri);
  }

  #indexUri(stream: StandaloneStream, uri: string): void {
    const set = this.#byUri.get(uri);
    if (set === undefined) this.#byUri.set(uri, new Set([stream]));
    else set.add(stream);
  }

  /** Who hears of a change; resource updates go to nobody where nobody has subscribed. */
  #receivers(event: ServerEvent): Iterable<StandaloneStream> {
    return event.kind === 'resource_updated' ? (this.#byUri.get(event.uri) ?? NOBODY) : this.#open.values();
  }

  // What the bus tells -------------------------------------------------------------------------------------------------

  #hear(entry: BusEntry): void {
    const { event } = entry;
    switch (event.kind) {
      case 'change':
        return this.#pass(this.#receivers(event.event), entry);
      case 'log':
        return this.#pass(this.#open.values(), entry);
      case 'message': {
        const stream = this.#open.get(event.session);
        return this.#pass(stream === undefined ? NOBODY : [stream], entry);
      }
      case 'session':
        if (event.change.type === 'claimed') return this.#onClaim(event.session, event.change.claim);
        return this.#onSession(event.session, event.change);
      case 'gap':
        return this.#onGap(entry);
    }
  }

  #pass(receivers: Iterable<StandaloneStream>, entry: BusEntry): void {
    for (const stream of [...receivers]) {
      if (stream.pass(entry)) continue;
      this.#logger().warn({}, 'a GET stream does not catch up and is ended; its client comes back');
      this.#drop(stream);
      stream.reader.end(true);
    }
  }

  /** Entries were lost before they were heard. Whatever may have changed is said to have changed. */
  #onGap(entry: BusEntry): void {
    for (const stream of [...this.#open.values()]) {
      for (const event of everyChange(stream.uris))
        this.#pass([stream], { ...entry, event: { kind: 'change', event } });
    }
  }

  #onSession(key: string, change: SessionChange): void {
    const stream = this.#open.get(key);
    if (stream !== undefined) this.#change(stream, change);
    // What another process changed a moment ago may be heard only now.
    for (const [claim, claiming] of this.#claiming) {
      if (claiming.session !== key) continue;
      this.#change(claiming, change);
      if (change.type === 'terminated') this.#claiming.delete(claim);
    }
  }

  #change(stream: StandaloneStream, change: SessionChange): void {
    if (change.type === 'level') stream.level = change.level;
    else if (change.type === 'subscribed') {
      stream.uris.add(change.uri);
      if (this.#open.get(stream.session) === stream) this.#indexUri(stream, change.uri);
    } else if (change.type === 'unsubscribed') {
      stream.uris.delete(change.uri);
      this.#forgetUri(stream, change.uri);
    } else if (change.type === 'terminated') {
      this.#drop(stream);
      stream.reader.end(false);
    }
  }

  #onClaim(key: string, claim: string): void {
    const before = this.#open.get(key);
    if (before !== undefined) {
      this.#drop(before);
      // Without a new claim, the client is meant to come back; with one, it is here already.
      before.reader.end(claim === '');
    }
    const claiming = this.#claiming.get(claim);
    if (claiming === undefined) return;
    this.#claiming.delete(claim);
    this.#open.set(key, claiming);
    for (const uri of claiming.uris) this.#indexUri(claiming, uri);
  }
}
