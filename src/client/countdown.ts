/** The longest delay of a timer; a longer one would be over after a millisecond. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** Time that runs out, unless it is begun anew; it can be held, as while a person is being asked. */
export class Countdown {
  readonly #ms: number;
  readonly #onEnd: () => void;
  #timer: NodeJS.Timeout | undefined;
  #left: number;
  #since = 0;
  #stopped = false;

  /** @param ms may be Infinity; held until {@link run} */
  constructor(ms: number, onEnd: () => void) {
    this.#ms = Math.min(ms, MAX_DELAY_MS);
    this.#left = this.#ms;
    this.#onEnd = onEnd;
  }

  /** Goes on from where it was held. */
  run(): void {
    if (this.#timer !== undefined || this.#stopped) return;
    this.#since = performance.now();
    this.#timer = setTimeout(() => {
      this.#stopped = true;
      this.#onEnd();
    }, this.#left);
  }

  hold(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#left = Math.max(1, this.#left - (performance.now() - this.#since));
  }

  /** Gives it all of its time again; held or not, it stays that. */
  restart(): void {
    const running = this.#timer !== undefined;
    this.hold();
    this.#left = this.#ms;
    if (running) this.run();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
