/**
 * Requests that have arrived in whole, answered together at the end of the turn of the event loop that brought them. Work
 * of one kind done in a row is cheaper than each request taken alone from the socket to its answer: the processor keeps at
 * hand what it has just used (docs/decisions/0034-answered-together.md has the figures). Nobody waits for it: the turn
 * ends as soon as there is nothing left to read.
 */
import type { InFlight } from './in-flight.ts';

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
  readonly #inFlight: InFlight;
  #waiting: Arrived[] = [];
  /** How many have been served in this slice, with the one that is being served; 0 between slices. */
  #served = 0;
  #postponed: Arrived | undefined;

  /** @param inFlight counts those that wait: a server that stops answers them */
  constructor(inFlight: InFlight) {
    this.#inFlight = inFlight;
  }

  add(one: Arrived): void {
    this.#inFlight.beginWait();
    if (this.#waiting.push(one) === 1) setImmediate(this.#serve);
  }

  /**
   * Puts the one that is being served off to the next turn, where it comes first: what others of this turn have begun may
   * end before that.
   *
   * @returns false when nobody was before it in this turn: it would find the same then
   */
  postpone(one: Arrived): boolean {
    if (this.#served <= 1) return false;
    this.#inFlight.beginWait();
    this.#postponed = one;
    return true;
  }

  readonly #serve = (): void => {
    const waiting = this.#waiting;
    const end = performance.now() + SLICE_MS;
    try {
      do {
        this.#inFlight.endWait();
        waiting[this.#served++]!.serve();
      } while (this.#served < waiting.length && this.#postponed === undefined && performance.now() < end);
    } finally {
      const left = waiting.slice(this.#served);
      this.#waiting = this.#postponed === undefined ? left : [this.#postponed, ...left];
      this.#served = 0;
      this.#postponed = undefined;
      this.#inFlight.late = this.#waiting.length;
      if (this.#waiting.length > 0) setImmediate(this.#serve);
    }
  };
}
