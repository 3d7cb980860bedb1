import { SlipwayError } from '../../protocol/coded-error.ts';
import { type IdempotencyRecord, type IdempotencyStore, MAX_KEPT_RESULT } from '../idempotency-store.ts';

interface Entry {
  readonly fingerprint: string;
  /** Of the monotonic clock, so that a jump of the other one forgets nothing. */
  readonly expiresAt: number;
  kind: 'running' | 'done' | 'lost';
  /** Of a call that is done. */
  result: string;
  bytes: number;
}

/** Keys; some 30 MB at worst, beside the results. */
const CAPACITY = 100_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** What is left of a full store: a tenth goes at once, or it would be searched for each new key. */
const LEFT = 0.9;

/** Keys in memory: they live as long as the process. */
export class MemoryIdempotencyStore implements IdempotencyStore {
  /** In the order in which their calls began. */
  readonly #entries = new Map<string, Entry>();
  /** Those with a result, in the order in which they were done. */
  readonly #done = new Set<Entry>();
  readonly #capacity: number;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(capacity = CAPACITY, maxBytes = MAX_BYTES) {
    this.#capacity = capacity;
    this.#maxBytes = maxBytes;
  }

  /** @throws SlipwayError `SLIP_STORE_UNAVAILABLE` when it is full of calls that run */
  begin(key: string, fingerprint: string, ttlMs: number): IdempotencyRecord {
    const now = performance.now();
    const known = this.#entries.get(key);
    if (known !== undefined && !isOver(known, now)) return recordOf(known);
    if (known !== undefined) this.#forget(key, known);
    if (this.#entries.size >= this.#capacity) this.#makeRoom(now);
    const entry: Entry = { fingerprint, expiresAt: now + ttlMs, kind: 'running', result: '', bytes: 0 };
    this.#entries.set(key, entry);
    return { kind: 'begun' };
  }

  finish(key: string, result: string): void {
    const entry = this.#running(key);
    if (entry === undefined) return;
    const bytes = Buffer.byteLength(result);
    entry.kind = result.length > MAX_KEPT_RESULT || bytes > this.#maxBytes ? 'lost' : 'done';
    if (entry.kind === 'lost') return;
    entry.result = result;
    entry.bytes = bytes;
    this.#bytes += bytes;
    this.#done.add(entry);
    for (const oldest of this.#done) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(oldest);
    }
  }

  abandon(key: string): void {
    if (this.#running(key) !== undefined) this.#entries.delete(key);
  }

  lose(key: string): void {
    const entry = this.#running(key);
    if (entry !== undefined) entry.kind = 'lost';
  }

  #running(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry?.kind === 'running' ? entry : undefined;
  }

  /** Those whose time is over go first, then the oldest; never one whose call runs. */
  #makeRoom(now: number): void {
    for (const [key, entry] of this.#entries) if (isOver(entry, now)) this.#forget(key, entry);
    const left = Math.floor(LEFT * this.#capacity);
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= left) break;
      if (entry.kind !== 'running') this.#forget(key, entry);
    }
    if (this.#entries.size < this.#capacity) return;
    throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'too many calls with idempotency keys are running' });
  }

  /** There is no room for its result. The key stays, or the call would be done again. */
  #drop(entry: Entry): void {
    this.#done.delete(entry);
    this.#bytes -= entry.bytes;
    entry.kind = 'lost';
    entry.result = '';
    entry.bytes = 0;
  }

  #forget(key: string, entry: Entry): void {
    if (entry.kind === 'done') this.#drop(entry);
    this.#entries.delete(key);
  }
}

function isOver(entry: Entry, now: number): boolean {
  return entry.kind !== 'running' && entry.expiresAt <= now;
}

function recordOf({ kind, fingerprint, result }: Entry): IdempotencyRecord {
  return kind === 'done' ? { kind, fingerprint, result } : { kind, fingerprint };
}
