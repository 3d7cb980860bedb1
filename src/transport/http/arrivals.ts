/**
 * Requests that have arrived in whole, answered together at the end of the turn of the event loop that brought them. Work
 * of one kind done in a row is cheaper than each request taken alone from the socket to its answer: the processor keeps at
 * hand what it has just used (docs/decisions/0034-answered-together.md has the figures). Nobody waits for it: the turn
 * ends as soon as there is nothing left to read.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { InFlight } from './in-flight.ts';

const WAITING = Symbol('waiting');

/** What a request came over; told which of its requests waits. */
export type Carrier = object & { [WAITING]?: Arrived | undefined };

/** A request that has arrived. */
export interface Arrived {
  readonly carrier: Carrier | undefined;
  /** Whether its turn is still to come; the queue's own. */
  isWaiting: boolean;
  /** Answers it, or begins to. Does not throw. */
  serve(): void;
}

const serve = (one: Arrived): void => one.serve();

/**
 * Milliseconds that are worked on end. Answers leave after that: where handlers compute for long, the first must not wait
 * for the last.
 */
const SLICE_MS = 1;

export class Arrivals {
  readonly #inFlight: InFlight;
  /** Each in the same asynchronous context: what a handler enters there is not to be seen by the next one's. */
  readonly #inContext = AsyncLocalStorage.snapshot();
  #waiting: Arrived[] = [];
  /** How many of them this slice has seen, with the one that is being served; 0 between slices. */
  #seen = 0;
  #postponed: Arrived | undefined;

  /** @param inFlight counts those that wait: a server that stops answers them */
  constructor(inFlight: InFlight) {
    this.#inFlight = inFlight;
  }

  add(one: Arrived): void {
    this.#wait(one);
    if (one.carrier !== undefined) one.carrier[WAITING] = one;
    if (this.#waiting.push(one) === 1) setImmediate(this.#serveSlice);
  }

  /**
   * Serves now what waits on a connection on which something else has come: requests of one connection are taken in their
   * order, and a client that does not wait for its answers has one in the queue, as everybody.
   */
  hurry(carrier: Carrier): void {
    const one = carrier[WAITING];
    if (one !== undefined) this.#serve(one);
  }

  /**
   * Puts the one that is being served off to the next turn, where it comes first: what others of this turn have begun may
   * end before that.
   *
   * @param serve in its place
   * @returns false when nobody was before it in this turn: it would find the same then
   */
  postpone(serve: () => void): boolean {
    if (this.#seen <= 1 || this.#postponed !== undefined) return false;
    this.#postponed = { carrier: undefined, isWaiting: false, serve };
    this.#wait(this.#postponed);
    return true;
  }

  #wait(one: Arrived): void {
    one.isWaiting = true;
    this.#inFlight.beginWait();
  }

  #serve(one: Arrived): void {
    one.isWaiting = false;
    if (one.carrier !== undefined) one.carrier[WAITING] = undefined;
    this.#inFlight.endWait();
    this.#inContext(serve, one);
  }

  readonly #serveSlice = (): void => {
    const waiting = this.#waiting;
    const end = performance.now() + SLICE_MS;
    try {
      do {
        const one = waiting[this.#seen++]!;
        if (one.isWaiting) this.#serve(one);
      } while (this.#seen < waiting.length && this.#postponed === undefined && performance.now() < end);
    } finally {
      const left = waiting.slice(this.#seen);
      this.#waiting = this.#postponed === undefined ? left : [this.#postponed, ...left];
      this.#seen = 0;
      this.#postponed = undefined;
      if (this.#waiting.length > 0) setImmediate(this.#serveSlice);
    }
  };
}
