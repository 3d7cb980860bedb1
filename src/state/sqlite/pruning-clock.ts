/** What the two clocks may differ by between two looks without one of them having been set. */
const TOLERANCE_MS = 1_000;

/**
 * The time of day for what decides about age. When the clock is set forward, or the machine slept, this one stays behind by
 * as much, for as long as anything is kept that was written before: a step makes nothing old.
 */
export class PruningClock {
  readonly #keptMs: number;
  readonly #wall: () => number;
  readonly #monotonic: () => number;
  #behind = 0;
  #behindUntil = 0;
  #wallBefore: number;
  #monotonicBefore: number;

  /** @param keptMs how long things are kept */
  constructor(keptMs: number, wall: () => number = Date.now, monotonic: () => number = () => performance.now()) {
    this.#keptMs = keptMs;
    this.#wall = wall;
    this.#monotonic = monotonic;
    this.#wallBefore = wall();
    this.#monotonicBefore = monotonic();
  }

  /** Milliseconds since 1970; to be asked regularly. */
  now(): number {
    const wall = this.#wall();
    const monotonic = this.#monotonic();
    const step = wall - this.#wallBefore - (monotonic - this.#monotonicBefore);
    this.#wallBefore = wall;
    this.#monotonicBefore = monotonic;
    if (monotonic >= this.#behindUntil) this.#behind = 0;
    if (Math.abs(step) > TOLERANCE_MS) this.#behind = Math.max(0, this.#behind + step);
    if (step > TOLERANCE_MS) this.#behindUntil = monotonic + this.#keptMs;
    return wall - this.#behind;
  }
}
