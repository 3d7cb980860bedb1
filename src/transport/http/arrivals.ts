/**
 * Requests that have arrived in whole, answered together at the end of the turn of the event loop that brought them. Work
 * of one kind done in a row is cheaper than each request taken alone from the socket to its answer: the processor keeps at
 * hand what it has just used (docs/decisions/0034-answered-together.md has the figures). Nobody waits for it: the turn
 * ends as soon as there is nothing left to read.
 */

/** A request that has arrived. */
export interface Arrived {
  /** Answers it, or begins to. Does not throw. */
  serve(): void;
}

/**
 * Milliseconds that are worked on end. Answers leave after that: where handlers compute for long, the first must not wait
 * for the last.
 */
const SLICE_MS = 1;

export class Arrivals {
  #waiting: Arrived[] = [];

  add(one: Arrived): void {
    if (this.#waiting.push(one) === 1) setImmediate(this.#serve);
  }

  readonly #serve = (): void => {
    const waiting = this.#waiting;
    const end = performance.now() + SLICE_MS;
    let at = 0;
    try {
      do waiting[at++]!.serve();
      while (at < waiting.length && performance.now() < end);
    } finally {
      this.#waiting = waiting.slice(at);
      if (this.#waiting.length > 0) setImmediate(this.#serve);
    }
  };
}
