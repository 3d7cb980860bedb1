/** Times between attempts: doubled each time, up to a bound. */
export class Backoff {
  readonly #leastMs: number;
  readonly #mostMs: number;
  #nextMs: number;

  constructor(leastMs: number, mostMs: number) {
    this.#leastMs = leastMs;
    this.#mostMs = mostMs;
    this.#nextMs = leastMs;
  }

  /** How long to wait now, in ms. */
  next(): number {
    const ms = this.#nextMs;
    this.#nextMs = Math.min(ms * 2, this.#mostMs);
    return ms;
  }

  /** All is well: the next attempt is the first. */
  reset(): void {
    this.#nextMs = this.#leastMs;
  }
}
