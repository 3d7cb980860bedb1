/**
 * Metrics as plain data, in the form that prom-client gives as JSON: it can travel between processes, and prom-client
 * merges and prints it.
 */

export type Labels = Readonly<Record<string, string | number>>;

export interface MetricValue {
  readonly labels: Labels;
  readonly value: number;
  /** The name of the line where it is not the family's: `..._bucket`. */
  readonly metricName?: string;
}

/** How the values of several processes become one; `omit`: not at all, it is not printed. */
export type Aggregator = 'sum' | 'first' | 'min' | 'max' | 'omit';

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly aggregator: Aggregator;
  readonly values: readonly MetricValue[];
}

const NO_LABELS: Labels = {};

/** A value that goes up and down. */
export function gauge(
  name: string,
  help: string,
  value: number | readonly MetricValue[],
  aggregator: Aggregator = 'sum',
): MetricFamily {
  return { name, help, type: 'gauge', aggregator, values: valuesOf(value) };
}

/** A value that only grows while the process lives; its name ends in `_total`. */
export function counter(name: string, help: string, value: number | readonly MetricValue[]): MetricFamily {
  return { name, help, type: 'counter', aggregator: 'sum', values: valuesOf(value) };
}

function valuesOf(value: number | readonly MetricValue[]): readonly MetricValue[] {
  return typeof value === 'number' ? [{ labels: NO_LABELS, value }] : value;
}

/** A family that is never printed: it tells the process that measured from others. */
export const INSTANCE = 'slipway_instance';
