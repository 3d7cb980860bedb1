/** Counts what an endpoint is busy with, and tells whoever waits for the end of it. */
export class InFlight {
  /** Calls being answered; listeners are not among them. */
  calls = 0;
  /** Work on requests that are no calls yet, or never become one. One request may count more than once. */
  #steps = 0;
  /** Requests whose bodies have not arrived in whole. */
  reading = 0;
  /** Requests that have arrived in whole and are answered when this turn of the event loop ends. */
  #waiting = 0;
  #idle: (() => void) | undefined;

  /** What is being worked on, whatever it is. */
  get requests(): number {
    return this.calls + this.#steps;
  }

  /** What there has to be room for. Those that wait for their turn are no load: alone, each would be answered by now. */
  get total(): number {
    return this.requests + this.reading;
  }

  get #isIdle(): boolean {
    return this.total + this.#waiting === 0;
  }

  enter(calls = 1): void {
    this.calls += calls;
  }

  leave(calls = 1): void {
    this.calls -= calls;
    this.#settle();
  }

  beginStep(): void {
    this.#steps++;
  }

  endStep(): void {
    this.#steps--;
    this.#settle();
  }

  beginWait(): void {
    this.#waiting++;
  }

  endWait(): void {
    this.#waiting--;
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
      if (this.#isIdle) this.#idle?.();
    });
  }

  /** Whether everything ended within so many milliseconds. For one that waits. */
  async ended(withinMs: number): Promise<boolean> {
    if (this.#isIdle) return true;
    return new Promise(resolve => {
      const timer = setTimeout(() => resolve(false), withinMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
