/**
 * One coarse clock for everything in flight: a timer per request would cost more than the request's own work is worth.
 */

/** What is looked at on each tick while it is in flight; a link of the sweeper's chain (docs/decisions/0035-short-lived-members.md). */
export abstract class Swept {
  /** Whether it is in flight. These three are the sweeper's own. */
  isSwept = false;
  sweptBefore: Swept | undefined;
  sweptAfter: Swept | undefined;

  /** Called on each tick while in flight. */
  abstract sweep(tick: number): void;
}

export class Sweeper {
  /** Milliseconds per tick. */
  readonly period: number;
  tick = 0;
  size = 0;
  #first: Swept | undefined;
  #last: Swept | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param shortest the shortest delay that somebody waits for, in ms: it is kept to within a quarter */
  constructor(shortest: number) {
    this.period = Math.max(10, Math.min(1000, Math.floor(shortest / 4)));
  }

  add(one: Swept): void {
    if (one.isSwept) return;
    one.isSwept = true;
    one.sweptBefore = this.#last;
    if (this.#last === undefined) this.#first = one;
    else this.#last.sweptAfter = one;
    this.#last = one;
    this.size++;
    this.#timer ??= setInterval(() => this.#sweep(), this.period).unref();
  }

  delete(one: Swept): boolean {
    if (!one.isSwept) return false;
    const { sweptBefore: before, sweptAfter: after } = one;
    if (before === undefined) this.#first = after;
    else before.sweptAfter = after;
    if (after === undefined) this.#last = before;
    else after.sweptBefore = before;
    one.isSwept = false;
    one.sweptBefore = undefined;
    one.sweptAfter = undefined;
    this.size--;
    return true;
  }

  /** In the order in which they were added; those that are deleted meanwhile are left out. */
  *[Symbol.iterator](): IterableIterator<Swept> {
    const all: Swept[] = [];
    for (let one = this.#first; one !== undefined; one = one.sweptAfter) all.push(one);
    for (const one of all) if (one.isSwept) yield one;
  }

  /** Ticks that make up a delay. */
  ticks(ms: number): number {
    return Math.max(1, Math.ceil(ms / this.period));
  }

  #sweep(): void {
    this.tick++;
    for (const one of this) one.sweep(this.tick);
    if (this.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
