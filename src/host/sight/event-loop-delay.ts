/** How late the event loop comes to what is due: work that holds up every request at once. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between two looks. A finer one wakes an idle process up more often. */
const RESOLUTION_MS = 20;

/** In milliseconds, since the last reset. */
export interface DelaySummary {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export class EventLoopDelay {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.#histogram.enable();
  }

  summary(): DelaySummary {
    const histogram = this.#histogram;
    if (histogram.count === 0) return { p50: 0, p99: 0, max: 0 };
    // What is recorded is the time between two looks, the resolution included.
    const late = (nanoseconds: number) => Math.round(Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS) * 1000) / 1000;
    return { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), max: late(histogram.max) };
  }

  /** Begins anew: a summary speaks of the time since the last scrape. */
  reset(): void {
    this.#histogram.reset();
  }

  stop(): void {
    this.#histogram.disable();
  }
}
