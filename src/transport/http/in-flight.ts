/** Counts what an endpoint is busy with, and tells whoever waits for the end of it. */
export class InFlight {
  /** Requests being answered; listeners are not among them. */
  requests = 0;
  /** Requests whose bodies have not arrived in whole. */
  reading = 0;
  #idle: (() => void) | undefined;

  get total(): number {
    return this.requests + this.reading;
  }

  enter(weight = 1): void {
    this.requests += weight;
  }

  leave(weight = 1): void {
    this.requests -= weight;
    this.#settle();
  }

  /** A body is no longer awaited. */
  bodySettled(): void {
    this.reading--;
    this.#settle();
  }

  /** Tells the one that waits, once what just ended has had the chance to begin something else. */
  #settle(): void {
    if (this.#idle === undefined) return;
    queueMicrotask(() => {
      if (this.total === 0) this.#idle?.();
    });
  }

  /** Whether everything ended within so many milliseconds. For one that waits. */
  async ended(withinMs: number): Promise<boolean> {
    if (this.total === 0) return true;
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(false), withinMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
