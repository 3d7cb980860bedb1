/** What was seen at one moment of a run. */
import type { Gauges } from './gauges.ts';
import type { ServerMeasure } from './server-messages.ts';

export interface Sample extends ServerMeasure, Gauges {
  /** Seconds of load so far. */
  readonly seconds: number;
  /** HTTP requests per second since the sample before. */
  readonly perSecond: number;
  /** Milliseconds, of the quick calls since the sample before. */
  readonly p50: number;
  readonly p99: number;
  /** Since the start. */
  readonly faults: number;
  readonly descriptors: number;
  /** Those of the descriptors that are no sockets. */
  readonly files: number;
  /** Bytes of the state database. */
  readonly state: number;
}

/** The value below which a part of them lies, from 0 to 1; 0 of none. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function lowerQuartile(values: readonly number[]): number {
  return quantile(values, 0.25);
}

/** What a value grows by per minute: least squares over the samples. */
export function slopePerMinute(samples: readonly Sample[], pick: (sample: Sample) => number): number {
  const minutes = samples.map(({ seconds }) => seconds / 60);
  const values = samples.map(pick);
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  const [meanMinute, meanValue] = [mean(minutes), mean(values)];
  const spread = minutes.reduce((sum, minute) => sum + (minute - meanMinute) ** 2, 0);
  const together = minutes.reduce(
    (sum, minute, index) => sum + (minute - meanMinute) * (values[index]! - meanValue),
    0,
  );
  return spread === 0 ? 0 : together / spread;
}
