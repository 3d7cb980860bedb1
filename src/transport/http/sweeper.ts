/**
 * One coarse clock for everything in flight: a timer per request would cost more than the request's own work is worth.
 */
export interface Swept {
  /** Called on each tick while in flight. */
  sweep(tick: number): void;
}

export class Sweeper {
  /** Milliseconds per tick. */
  readonly period: number;
  tick = 0;
  readonly #swept = new Set<Swept>();
  #timer: NodeJS.Timeout | undefined;

  /** @param shortest the shortest delay that somebody waits for, in ms: it is kept to within a quarter */
  constructor(shortest: number) {
    this.period = Math.max(10, Math.min(1000, Math.floor(shortest / 4)));
  }

  get size(): number {
    return this.#swept.size;
  }

  add(one: Swept): void {
    this.#swept.add(one);
    this.#timer ??= setInterval(() => this.#sweep(), this.period).unref();
  }

  delete(one: Swept): boolean {
    return this.#swept.delete(one);
  }

  [Symbol.iterator](): Iterator<Swept> {
    return this.#swept.values();
  }

  /** Ticks that make up a delay. */
  ticks(ms: number): number {
    return Math.max(1, Math.ceil(ms / this.period));
  }

  #sweep(): void {
    this.tick++;
    for (const one of this.#swept) one.sweep(this.tick);
    if (this.#swept.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
