/** The one way in which a process of `slipway start` ends: drained, then gone. */
import { armWatchdog, CLOSING_MS } from './watchdog.ts';

/** Times of a drain, in ms. */
export interface DrainTimes {
  /** In which connections stay open for their clients to turn away. */
  readonly lameDuckMs: number;
  /** What calls in flight have after that. */
  readonly graceMs: number;
}

export class Shutdown {
  readonly #times: DrainTimes;
  readonly #close: (times: DrainTimes) => Promise<unknown>;
  readonly #hooksMs: () => number;
  #begun = false;

  /** @param hooksMs what the stop hooks may take, in ms; asked when they are about to run. Default: there are none */
  constructor(times: DrainTimes, close: (times: DrainTimes) => Promise<unknown>, hooksMs: () => number = () => 0) {
    this.#times = times;
    this.#close = close;
    this.#hooksMs = hooksMs;
  }

  get begun(): boolean {
    return this.#begun;
  }

  /** Milliseconds after which the process is ended by force, from the beginning of a drain that is not cut short. */
  get boundMs(): number {
    const { lameDuckMs, graceMs } = this.#times;
    return lameDuckMs + graceMs + this.#closingMs;
  }

  get #closingMs(): number {
    return this.#hooksMs() + CLOSING_MS;
  }

  /**
   * Drains and ends the process; a second call changes nothing.
   *
   * @param most shorter times than the usual ones
   */
  begin(code: number, most: Partial<DrainTimes> = {}): void {
    if (this.#begun) return;
    this.#begun = true;
    const times = {
      lameDuckMs: Math.min(this.#times.lameDuckMs, most.lameDuckMs ?? Number.POSITIVE_INFINITY),
      graceMs: Math.min(this.#times.graceMs, most.graceMs ?? Number.POSITIVE_INFINITY),
    };
    armWatchdog(times.lameDuckMs + times.graceMs, this.#closingMs);
    // The server file may hold timers or connections of its own; nobody is left to use them.
    const end = (exitCode: number) => process.exit(process.exitCode ?? exitCode);
    this.#close(times).then(
      () => end(code),
      error => {
        process.stderr.write(`slipway: stopping failed: ${error instanceof Error ? error.stack : String(error)}\n`);
        end(1);
      },
    );
  }

  /** Has the process end with 1: what was thrown may have left anything behind, so it does not go on for long. */
  crash(): void {
    process.exitCode = 1;
    this.begin(1, { lameDuckMs: 1_000, graceMs: 5_000 });
  }
}
