/** What the primary process of several workers measures itself. */
import { EventLoopDelay } from './event-loop-delay.ts';
import { counter, gauge, type MetricFamily } from './metric-family.ts';
import { processMetrics } from './process-metrics.ts';

export interface WorkerCounts {
  /** How many serve. */
  readonly serving: number;
  /** How many there should be. */
  readonly wanted: number;
  /** How many ended without having been asked to, since the start. */
  readonly crashes: number;
}

export interface PrimaryMetrics {
  readonly delay: EventLoopDelay;
  json(counts: WorkerCounts): MetricFamily[];
  stop(): void;
}

export function primaryMetrics(): PrimaryMetrics {
  const delay = new EventLoopDelay();
  const ofProcess = processMetrics(delay);
  return {
    delay,
    json: ({ serving, wanted, crashes }) => [
      gauge('slipway_workers', 'Workers that serve.', serving),
      gauge('slipway_workers_wanted', 'Workers that there should be.', wanted),
      counter(
        'slipway_worker_restarts_total',
        'Workers that ended without having been asked to, and were replaced.',
        crashes,
      ),
      ...ofProcess.families(),
    ],
    stop: () => {
      ofProcess.stop();
      delay.stop();
    },
  };
}
