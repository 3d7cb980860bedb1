/** The operator's port of several workers: the primary process has it, asks them and sums up. */
import type { Logger } from '../../server/logger.ts';
import type { ReadinessCheckResult, ReadinessReport } from '../../transport/http/health.ts';
import { type AdminListener, adminListener, type HealthReport } from './admin-listener.ts';
import { WorkerMetrics } from './metrics-aggregation.ts';
import { primaryMetrics } from './primary-metrics.ts';

/** What is asked of the workers. */
export interface WatchedWorkers {
  /** How many there should be. */
  readonly count: number;
  /** How many ended without having been asked to. */
  readonly crashes: number;
  /** What each of those that serve has measured. */
  metrics(): Promise<readonly unknown[]>;
  /** The readiness report of each place for a worker, or why there is none. */
  health(): Promise<readonly WorkerHealth[]>;
}

export interface WorkerHealth {
  readonly slot: number;
  readonly pid: number;
  readonly value?: unknown;
  readonly fault?: string;
}

export interface WorkersAdminOptions {
  readonly host?: string;
  readonly port: number;
  readonly fd?: number;
  /** Of this package. */
  readonly version: string;
  readonly workers: WatchedWorkers;
  /** Whether the service is about to stop. */
  draining(): boolean;
  readonly logger?: Logger;
}

/**
 * Listens.
 *
 * @throws the error of node:net when the address can not be had
 */
export async function workersAdmin(options: WorkersAdminOptions): Promise<AdminListener> {
  const { workers, version, draining, ...address } = options;
  const own = primaryMetrics();
  const merged = new WorkerMetrics();
  const health = async (): Promise<HealthReport> => {
    const answers = await workers.health();
    const alive = answers.filter(({ fault }) => fault === undefined).map(({ slot, pid }) => ({ slot, pid }));
    const about = { version, pid: process.pid, uptime_seconds: Math.round(process.uptime()) };
    return { ok: alive.length > 0, ...about, workers: alive, event_loop_delay_ms: own.delay.summary() };
  };
  const stopping = (error: unknown): never => {
    own.stop();
    throw error;
  };
  const admin = await adminListener({
    ...address,
    metrics: async () => {
      const parts = await workers.metrics();
      return merged.text(own.json({ serving: parts.length, wanted: workers.count, crashes: workers.crashes }), parts);
    },
    health,
    ready: async () => serviceReadiness(draining(), await workers.health()),
  }).catch(stopping);
  return {
    ...admin,
    close: async () => {
      await admin.close();
      own.stop();
    },
  };
}

/** A service is ready when a worker is: the others are being started, and nobody is sent to them. */
function serviceReadiness(draining: boolean, answers: readonly WorkerHealth[]): ReadinessReport {
  const workers = answers.map(({ slot, value, fault }): ReadinessCheckResult => {
    const name = `worker ${slot}`;
    if (fault !== undefined) return { name, ok: false, why: fault };
    const { ready, checks } = value as ReadinessReport;
    const why = checks.filter(({ ok }) => !ok).map(check => `${check.name}: ${check.why ?? 'it does not hold'}`);
    return { name, ok: ready, ...(why.length > 0 && { why: why.join('; ') }) };
  });
  const serving = { name: 'serving', ok: !draining, ...(draining && { why: 'it is about to stop' }) };
  return { ready: !draining && workers.some(({ ok }) => ok), checks: [serving, ...workers] };
}
