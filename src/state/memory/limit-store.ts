import { type LimitStore, type LimitUsage, UNUSED } from '../limit-store.ts';

interface Window {
  used: number;
  /** Of the monotonic clock. */
  readonly endsAt: number;
}

/** Keys; some 30 MB at worst. */
const CAPACITY = 100_000;
/** What is left of a full store: a tenth goes at once, or it would be searched for each new key. */
const LEFT = 0.9;

/** Counts in memory: they live as long as the process. */
export class MemoryLimitStore implements LimitStore {
  /** In the order in which the windows began. */
  readonly #windows = new Map<string, Window>();
  readonly #capacity: number;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  use(key: string, points: number, windowMs: number): LimitUsage {
    const now = performance.now();
    const known = this.#windows.get(key);
    if (known !== undefined && known.endsAt > now) {
      known.used = Math.min(known.used + points, Number.MAX_SAFE_INTEGER);
      return { used: known.used, resetMs: Math.ceil(known.endsAt - now) };
    }
    this.#windows.delete(key); // So that the new one is the youngest.
    if (points === 0) return UNUSED;
    this.#windows.set(key, { used: points, endsAt: now + windowMs });
    if (this.#windows.size > this.#capacity) this.#makeRoom(now);
    return { used: points, resetMs: windowMs };
  }

  reset(key: string): void {
    this.#windows.delete(key);
  }

  /** Those whose time is over go first, then those that began first. */
  #makeRoom(now: number): void {
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key);
    const left = Math.max(1, Math.floor(LEFT * this.#capacity));
    for (const key of this.#windows.keys()) {
      if (this.#windows.size <= left) return;
      this.#windows.delete(key);
    }
  }
}
