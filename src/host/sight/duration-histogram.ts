import type { Labels, MetricFamily, MetricValue } from './metric-family.ts';

/**
 * Counts durations in buckets. prom-client's own histogram checks and joins its labels at every observation, which takes
 * about a microsecond; this one takes a few comparisons.
 */
export class DurationHistogram {
  readonly #bounds: readonly number[];
  /** One more than there are bounds: the last is for what is above all of them. */
  readonly #counts: number[];
  #sum = 0;

  /** @param bounds upper bounds in seconds, inclusive, growing */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = new Array<number>(bounds.length + 1).fill(0);
  }

  observe(seconds: number): void {
    const bounds = this.#bounds;
    let at = 0;
    while (at < bounds.length && seconds > bounds[at]!) at++;
    this.#counts[at]!++;
    this.#sum += seconds;
  }

  /** The lines of Prometheus: buckets that count all below them, sum and count. */
  values(name: string, labels: Labels): MetricValue[] {
    const metricName = `${name}_bucket`;
    let below = 0;
    const values: MetricValue[] = this.#bounds.map((bound, at) => {
      below += this.#counts[at]!;
      return { metricName, labels: { ...labels, le: bound }, value: below };
    });
    const count = below + this.#counts[this.#bounds.length]!;
    values.push(
      { metricName, labels: { ...labels, le: '+Inf' }, value: count },
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: count },
    );
    return values;
  }
}

/** A family of histograms that differ in their labels. */
export function histogram(
  name: string,
  help: string,
  series: Iterable<readonly [Labels, DurationHistogram]>,
): MetricFamily {
  const values: MetricValue[] = [];
  for (const [labels, one] of series) values.push(...one.values(name, labels));
  return { name, help, type: 'histogram', aggregator: 'sum', values };
}
