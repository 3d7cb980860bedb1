/** What the primary process of several workers measures itself. */
import { EventLoopDelay } from './event-loop-delay.ts';
import { counter, gauge, type MetricFamily } from './metric-family.ts';
import { processMetrics } from './process-metrics.ts';

export interface PrimaryMetricsOptions {
  /** How many workers serve at this moment. */
  workers(): number;
  /** How many there should be. */
  wanted(): number;
  /** How many ended without having been asked to, since the start. */
  crashes(): number;
  readonly delay?: EventLoopDelay;
}

export interface PrimaryMetrics {
  json(): MetricFamily[];
  stop(): void;
}

export function primaryMetrics(options: PrimaryMetricsOptions): PrimaryMetrics {
  const delay = options.delay ?? new EventLoopDelay();
  const ofProcess = processMetrics(delay);
  return {
    json: () => [
      gauge('slipway_workers', 'Workers that serve.', options.workers()),
      gauge('slipway_workers_wanted', 'Workers that there should be.', options.wanted()),
      counter(
        'slipway_worker_restarts_total',
        'Workers that ended without having been asked to, and were replaced.',
        options.crashes(),
      ),
      ...ofProcess.families(),
    ],
    stop: () => {
      ofProcess.stop();
      if (options.delay === undefined) delay.stop();
    },
  };
}
