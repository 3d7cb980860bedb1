/** The GET stream of one session: what was missed first, then what happens. */
import type { LoggingLevel } from '../protocol/logging.ts';
import type { Keyring } from '../sealing/keyring.ts';
import type { Bus, BusEntry } from '../state/bus.ts';
import { eventIdsOf } from './event-id.ts';
import type { Session } from './session.ts';
import { messageFor, type StandaloneAudience } from './standalone-message.ts';
import type { StreamReader } from './stream-reader.ts';

/** Entries read from the bus at once when a stream catches up. */
export const PAGE = 200;
/** Entries that may wait while a stream catches up. */
const MAX_WAITING = 1_000;
const NO_REQUESTS = '[]';

export class StandaloneStream implements StandaloneAudience {
  /** The session's key. */
  readonly session: string;
  readonly claim: string;
  readonly reader: StreamReader;
  readonly uris: Set<string>;
  level: LoggingLevel | undefined;
  readonly #idOf: (cursor: string) => string;
  /** Live entries that wait until what came before them is sent; undefined once it is. */
  #waiting: BusEntry[] | undefined = [];

  /** @param claim names this opening on the bus */
  constructor(keyring: Keyring, session: Session, claim: string, reader: StreamReader) {
    this.session = session.key;
    this.#idOf = eventIdsOf(keyring, { session: session.key, stream: '', requests: NO_REQUESTS });
    this.claim = claim;
    this.reader = reader;
    this.uris = new Set(session.record?.subscriptions);
    this.level = session.logLevel;
  }

  get isLive(): boolean {
    return this.#waiting === undefined;
  }

  /** An event without a message: from here on, the client comes back to this place. */
  mark(cursor: string): void {
    void this.reader.event(this.#idOf(cursor), '');
  }

  #tell(entry: BusEntry): boolean | Promise<boolean> {
    const message = messageFor(entry.event, this);
    if (message === undefined) return false;
    const told = this.reader.event(this.#idOf(entry.cursor), message);
    return told instanceof Promise ? told.then(() => true) : true;
  }

  /**
   * Sends what came before its own claim.
   *
   * @param first entries that have been read already
   * @param after the cursor that they come after
   * @returns whether anything was told; `trimmed` when entries were lost while it was read
   */
  async catchUp(bus: Bus, first: readonly BusEntry[], after: string): Promise<boolean | 'trimmed'> {
    let entries = first;
    let last = after;
    let told = false;
    while (entries.length > 0) {
      for (const entry of entries) {
        last = entry.cursor;
        this.#withdraw(entry);
        const { event } = entry;
        const isClaim = event.kind === 'session' && event.change.type === 'claimed';
        if (isClaim && event.change.claim === this.claim) return told;
        if (await this.#tell(entry)) told = true;
        if (this.reader.gone) return true;
      }
      const next = await bus.read(last, PAGE);
      if (next === undefined) return 'trimmed';
      entries = next;
    }
    return told;
  }

  /** Without a claim to stop at (it could not be published, or is gone already) it reads on into what waits. */
  #withdraw(entry: BusEntry): void {
    const next = this.#waiting?.[0];
    // A change that could not be published has the cursor of the entry before it, and is another one.
    if (next?.cursor !== entry.cursor || JSON.stringify(next.event) !== JSON.stringify(entry.event)) return;
    this.#waiting?.shift();
  }

  /** Sends what has happened since its claim; everything after that is sent as it happens. */
  goLive(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const entry of waiting) void this.#tell(entry);
  }

  /** @returns false when it lags too far behind: its client has to come back */
  pass(entry: BusEntry): boolean {
    if (this.#waiting === undefined) {
      void this.#tell(entry);
      return true;
    }
    if (this.#waiting.length >= MAX_WAITING) {
      this.#waiting = [];
      return false;
    }
    this.#waiting.push(entry);
    return true;
  }
}
