/** Latencies of any number of calls in a fixed amount of memory. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** Microseconds; what takes longer counts as this. */
const LONGEST = 60_000_000;

export class Latencies {
  readonly #histogram: RecordableHistogram = createHistogram({ lowest: 1, highest: LONGEST, figures: 3 });

  record(ms: number): void {
    this.#histogram.record(Math.min(LONGEST, Math.max(1, Math.round(ms * 1000))));
  }

  get count(): number {
    return this.#histogram.count;
  }

  /** In milliseconds; 0 of none. */
  percentile(percent: number): number {
    return this.count === 0 ? 0 : this.#histogram.percentile(percent) / 1000;
  }

  reset(): void {
    this.#histogram.reset();
  }
}
