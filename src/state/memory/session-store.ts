import type { LoggingLevel } from '../../protocol/logging.ts';
import {
  assertSubscribable,
  FRESH_SESSION,
  type SessionRecord,
  type SessionRef,
  type SessionStore,
  subscriptionWeight,
  TERMINATED_SESSION,
} from '../session-store.ts';

interface Stored {
  readonly issuedAt: number;
  readonly expiresAt: number;
  logLevel: LoggingLevel | undefined;
  readonly uris: Set<string>;
  /** What the URIs weigh together. */
  weight: number;
  terminated: boolean;
  /** Made when asked for. */
  record: SessionRecord | undefined;
}

/** Records and subscriptions together, see {@link subscriptionWeight}; some 30 MB at worst. */
const CAPACITY = 100_000;

/** Session records in memory: they live as long as the process. */
export class MemorySessionStore implements SessionStore {
  readonly #sessions = new Map<string, Stored>();
  readonly #capacity: number;
  #weight = 0;
  /** Everything issued up to then counts as terminated: records of that age had to be forgotten. */
  #floor = -1;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  read(session: SessionRef): SessionRecord {
    if (session.issuedAt <= this.#floor) return TERMINATED_SESSION;
    const stored = this.#sessions.get(session.key);
    if (stored === undefined) return FRESH_SESSION;
    if (stored.terminated) return TERMINATED_SESSION;
    stored.record ??= { terminated: false, logLevel: stored.logLevel, subscriptions: [...stored.uris] };
    return stored.record;
  }

  setLogLevel(session: SessionRef, level: LoggingLevel): void {
    const stored = this.#open(session);
    if (stored === undefined) return;
    stored.logLevel = level;
    stored.record = undefined;
  }

  /** @throws SlipwayError `SLIP_SUBSCRIPTION_LIMIT` */
  subscribe(session: SessionRef, uri: string): void {
    const known = this.#sessions.get(session.key);
    if (known?.uris.has(uri)) return;
    assertSubscribable(known?.weight ?? 0, uri);
    const stored = this.#open(session);
    if (stored === undefined) return;
    stored.uris.add(uri);
    stored.weight += subscriptionWeight(uri);
    stored.record = undefined;
    this.#grow(subscriptionWeight(uri));
  }

  unsubscribe(session: SessionRef, uri: string): void {
    const stored = this.#sessions.get(session.key);
    if (stored?.uris.delete(uri) !== true) return;
    stored.weight -= subscriptionWeight(uri);
    this.#weight -= subscriptionWeight(uri);
    stored.record = undefined;
  }

  terminate(session: SessionRef): void {
    const stored = this.#open(session);
    if (stored === undefined) return;
    stored.terminated = true;
    this.#weight -= stored.weight;
    stored.weight = 0;
    stored.uris.clear();
    stored.record = undefined;
  }

  /** The record of a session that may still be written to, made if there is none. */
  #open(session: SessionRef): Stored | undefined {
    const known = this.#sessions.get(session.key);
    if (known !== undefined) return known.terminated ? undefined : known;
    if (session.issuedAt <= this.#floor) return undefined;
    const { issuedAt, expiresAt } = session;
    const stored: Stored = {
      issuedAt,
      expiresAt,
      logLevel: undefined,
      uris: new Set(),
      weight: 0,
      terminated: false,
      record: undefined,
    };
    this.#sessions.set(session.key, stored);
    this.#grow(1);
    // Growing may have forgotten this very one.
    return issuedAt <= this.#floor ? undefined : stored;
  }

  #grow(weight: number): void {
    this.#weight += weight;
    if (this.#weight <= this.#capacity) return;
    const now = Date.now();
    for (const [key, stored] of this.#sessions) if (stored.expiresAt <= now) this.#forget(key, stored);
    if (this.#weight <= 0.9 * this.#capacity) return;
    // A tenth at once, or a full store would be sorted for each new record.
    const oldest = [...this.#sessions].sort(([, a], [, b]) => a.issuedAt - b.issuedAt);
    for (const [key, stored] of oldest) {
      if (this.#weight <= 0.9 * this.#capacity && stored.issuedAt > this.#floor) break;
      this.#floor = Math.max(this.#floor, stored.issuedAt);
      this.#forget(key, stored);
    }
  }

  #forget(key: string, stored: Stored): void {
    this.#sessions.delete(key);
    this.#weight -= 1 + stored.weight;
  }
}
