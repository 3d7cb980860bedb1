/** Callers whose allowance is used up, until their window ends: refused without asking any store. */
export class RateLimitBlockList {
  readonly #until = new Map<string, number>();
  readonly #capacity: number;

  /** @param capacity callers that are held at most; of more, those who came first are forgotten, and asked for again */
  constructor(capacity = 10_000) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#until.size;
  }

  /** Milliseconds that a caller stays blocked; 0 when it is not. */
  remaining(key: string): number {
    if (this.#until.size === 0) return 0;
    const until = this.#until.get(key);
    if (until === undefined) return 0;
    const left = until - performance.now();
    if (left > 0) return left;
    this.#until.delete(key);
    return 0;
  }

  add(key: string, ms: number): void {
    // At the end again: the order is that of arrival.
    this.#until.delete(key);
    const oldest = this.#until.size < this.#capacity ? undefined : this.#until.keys().next().value;
    if (oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(key, performance.now() + ms);
  }
}
