/** How the state store does. */
import type { StateHealth } from '../../state/state.ts';
import { DurationHistogram, histogram } from './duration-histogram.ts';
import { counter, gauge, type MetricFamily } from './metric-family.ts';

const COMMIT_BOUNDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What of a `State` is measured. */
export interface MeasuredState {
  health(): StateHealth;
  /** Tells of each commit what it took, and whether it succeeded; returns what ends that. Not in memory. */
  onCommit?(listener: (ms: number, ok: boolean) => void): () => void;
}

export interface StateMetrics {
  families(): MetricFamily[];
  stop(): void;
}

export function stateMetrics(state: MeasuredState): StateMetrics {
  const commits = new DurationHistogram(COMMIT_BOUNDS);
  let failed = 0;
  const off = state.onCommit?.((ms, ok) => {
    commits.observe(ms / 1000);
    if (!ok) failed++;
  });
  return {
    families: () => [
      gauge(
        'slipway_state_up',
        'Whether the state store works (1) or not (0); of several processes, whether it does for all.',
        state.health().ok ? 1 : 0,
        'min',
      ),
      ...(off === undefined
        ? []
        : [
            histogram('slipway_state_commit_duration_seconds', 'Commits of the state store.', [[{}, commits]]),
            counter('slipway_state_commits_failed_total', 'Commits of the state store that failed.', failed),
          ]),
    ],
    stop: () => off?.(),
  };
}
