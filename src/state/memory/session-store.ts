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
  /** Made when asked for. */
  record: SessionRecord | undefined;
}

interface Ended {
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Records and subscriptions together, see {@link subscriptionWeight}; some 30 MB at worst. */
const CAPACITY = 100_000;
/** Terminations; some 75 MB at worst. */
const ENDED_CAPACITY = 500_000;
/** What is left of a full store: a tenth goes at once, or it would be sorted for each new record. */
const LEFT = 0.9;

/** Session records in memory: they live as long as the process. */
export class MemorySessionStore implements SessionStore {
  readonly #sessions = new Map<string, Stored>();
  /** Apart from the rest: only a termination that is forgotten has to end others, and no flood of anything else may. */
  readonly #ended = new Map<string, Ended>();
  readonly #capacity: number;
  readonly #endedCapacity: number;
  #weight = 0;
  /** Everything issued up to then counts as terminated: a termination of that age had to be forgotten. */
  #floor = -1;

  constructor(capacity = CAPACITY, endedCapacity = ENDED_CAPACITY) {
    this.#capacity = capacity;
    this.#endedCapacity = endedCapacity;
  }

  read(session: SessionRef): SessionRecord {
    if (this.#isEnded(session)) return TERMINATED_SESSION;
    const stored = this.#sessions.get(session.key);
    if (stored === undefined) return FRESH_SESSION;
    stored.record ??= { terminated: false, logLevel: stored.logLevel, subscriptions: [...stored.uris] };
    return stored.record;
  }

  setLogLevel(session: SessionRef, level: LoggingLevel): void {
    if (this.#isEnded(session)) return;
    const stored = this.#open(session);
    stored.logLevel = level;
    stored.record = undefined;
    this.#makeRoom();
  }

  /** @throws SlipwayError `SLIP_SUBSCRIPTION_LIMIT` */
  subscribe(session: SessionRef, uri: string): void {
    const known = this.#sessions.get(session.key);
    if (known?.uris.has(uri)) return;
    assertSubscribable(known?.weight ?? 0, uri);
    if (this.#isEnded(session)) return;
    const stored = this.#open(session);
    stored.uris.add(uri);
    stored.weight += subscriptionWeight(uri);
    stored.record = undefined;
    this.#weight += subscriptionWeight(uri);
    this.#makeRoom();
  }

  unsubscribe(session: SessionRef, uri: string): void {
    const stored = this.#sessions.get(session.key);
    if (stored?.uris.delete(uri) !== true) return;
    stored.weight -= subscriptionWeight(uri);
    this.#weight -= subscriptionWeight(uri);
    stored.record = undefined;
  }

  terminate(session: SessionRef): void {
    if (this.#isEnded(session)) return;
    const stored = this.#sessions.get(session.key);
    if (stored !== undefined) this.#forget(session.key, stored);
    this.#ended.set(session.key, { issuedAt: session.issuedAt, expiresAt: session.expiresAt });
    this.#makeRoomForEnded();
  }

  #isEnded(session: SessionRef): boolean {
    return session.issuedAt <= this.#floor || this.#ended.has(session.key);
  }

  /** The record of a session, made if there is none. */
  #open({ key, issuedAt, expiresAt }: SessionRef): Stored {
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const stored: Stored = {
      issuedAt,
      expiresAt,
      logLevel: undefined,
      uris: new Set(),
      weight: 0,
      record: undefined,
    };
    this.#sessions.set(key, stored);
    this.#weight++;
    return stored;
  }

  #makeRoom(): void {
    if (this.#weight <= this.#capacity) return;
    const now = Date.now();
    for (const [key, stored] of this.#sessions) {
      if (stored.expiresAt <= now || stored.issuedAt <= this.#floor) this.#forget(key, stored);
    }
    if (this.#weight <= LEFT * this.#capacity) return;
    const order = [...this.#sessions].sort(([, a], [, b]) => b.weight - a.weight || a.issuedAt - b.issuedAt);
    for (const [key, stored] of order) {
      if (this.#weight <= LEFT * this.#capacity) break;
      this.#forget(key, stored);
    }
  }

  #makeRoomForEnded(): void {
    if (this.#ended.size <= this.#endedCapacity) return;
    const now = Date.now();
    for (const [key, { expiresAt }] of this.#ended) if (expiresAt <= now) this.#ended.delete(key);
    const left = LEFT * this.#endedCapacity;
    if (this.#ended.size <= left) return;
    const oldest = [...this.#ended].sort(([, a], [, b]) => a.issuedAt - b.issuedAt);
    for (const [key, { issuedAt }] of oldest) {
      if (this.#ended.size <= left && issuedAt > this.#floor) break;
      this.#floor = Math.max(this.#floor, issuedAt);
      this.#ended.delete(key);
    }
  }

  #forget(key: string, stored: Stored): void {
    this.#sessions.delete(key);
    this.#weight -= 1 + stored.weight;
  }
}
