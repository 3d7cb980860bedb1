/** What watches a running server: its log, access log, audit trail, metrics, traces; composed of the parts in sight/. */
import type { KeyObject } from 'node:crypto';
import { type CallObserver, composeObservers } from '../server/call-observer.ts';
import { type Logger, stderrLogger } from '../server/logger.ts';
import type { ReadinessReport } from '../transport/http/health.ts';
import type { EndpointGauges, HttpObserver, RefusedRequest, Resume } from '../transport/http/http-observer.ts';
import type { AdminListener, HealthReport } from './sight/admin-listener.ts';
import type { AuditRecord, AuditTrail } from './sight/audit-trail.ts';
import type { CallMetrics } from './sight/call-metrics.ts';
import type { CallTracing } from './sight/call-tracing.ts';
import type { MetricFamily } from './sight/metric-family.ts';
import type { LogFormat, LogLevel, OperatorLogger } from './sight/production-logger.ts';
import type { MeasuredState } from './sight/state-metrics.ts';
import { version } from './version.ts';

export interface SightOptions {
  /** The least that is logged; default `info`. With any of the log's options, the log is pino's. */
  logLevel?: LogLevel;
  /** `auto` (default): pretty on a terminal, JSON lines elsewhere. */
  logFormat?: LogFormat;
  /** `stderr` (default), `stdout` or the path of a file. */
  logFile?: string;
  /** One line for each call; default false, `slipway start`: true. */
  accessLog?: boolean;
  /** The file of the audit trail; default: none. */
  auditFile?: string;
  /** Gets each record of the audit trail. */
  onAudit?: (record: AuditRecord) => unknown;
  /** What the audit trail says of arguments: their hash (default), a redacted view, or nothing. */
  auditArguments?: 'hash' | 'redacted' | 'none';
  /** Counts and measures calls; default: when there is an admin port. */
  metrics?: boolean;
  /** The port of `/metrics`, `/healthz` and `/readyz` with details; 0 picks a free one. Default: none. */
  adminPort?: number;
  /** The address of the admin port; default 127.0.0.1. */
  adminHost?: string;
  /** A descriptor that is listened on already, in place of admin port and host. */
  adminFd?: number;
  /** Traces through the OpenTelemetry API: `auto` (default) when an SDK has been started, `on`, `off`. */
  tracing?: 'auto' | 'on' | 'off';
  /** Watches every call and what happens beside them, with what is switched on here. */
  observer?: CallObserver & HttpObserver;
}

/** What is looked at when metrics and probes ask. */
export interface Watched {
  gauges(): EndpointGauges;
  connections(): number;
  readiness(): Promise<ReadinessReport>;
  readonly state: MeasuredState;
}

/** Time for the traces that are still to be exported when the server stops. */
const FLUSH_MS = 3_000;

export class Sight {
  readonly calls: CallObserver | undefined;
  readonly http: HttpObserver | undefined;
  /** The operator's log; undefined: each server's own. */
  readonly logger: OperatorLogger | undefined;
  /** The operator's port, once it listens. */
  admin: AdminListener | undefined;
  readonly #parts: SightParts;

  constructor(parts: SightParts) {
    this.#parts = parts;
    this.logger = parts.logger;
    const { access, audit, metrics, tracing, observer } = parts;
    const watching = [tracing?.observer, metrics, access, audit, observer];
    this.calls = composeObservers(watching.filter(one => one !== undefined));
    this.http = composeHttp([tracing?.observer, metrics, access, observer].filter(one => one !== undefined));
  }

  /**
   * Begins to watch what serves, and opens the admin port.
   *
   * @throws the error of node:net when that can not be had
   */
  async watch(watched: Watched, options: SightOptions, logger: Logger): Promise<void> {
    const { metrics, tracing } = this.#parts;
    if (tracing?.warning !== undefined) logger.warn({}, tracing.warning);
    metrics?.watch({
      gauges: () => watched.gauges(),
      connections: () => watched.connections(),
      linesLost: () => ({ log: this.logger?.lost ?? 0, audit: this.#parts.audit?.lost ?? 0 }),
      ready: async () => (await watched.readiness()).ready,
      state: watched.state,
    });
    const { adminPort: port, adminHost: host, adminFd: fd } = options;
    if (metrics === undefined || (port === undefined && fd === undefined)) return;
    const { adminListener } = await import('./sight/admin-listener.ts');
    this.admin = await adminListener({
      port: port ?? 0,
      ...(host !== undefined && { host }),
      ...(fd !== undefined && { fd }),
      metrics: () => metrics.text(),
      health,
      ready: () => watched.readiness(),
      logger,
    });
  }

  /** The metrics of this process, for another one to put together with those of others. */
  metrics(): Promise<MetricFamily[]> {
    return this.#parts.metrics?.json() ?? Promise.resolve([]);
  }

  /** Goes on in new files, after a rotation. */
  async reopen(): Promise<void> {
    await Promise.all([this.logger?.reopen(), this.#parts.audit?.reopen()]);
  }

  /** Writes and exports what is waiting, and lets go. The admin port goes last: it tells of the stop. */
  async close(): Promise<void> {
    const { access, audit, metrics, tracing } = this.#parts;
    await tracing?.flush(FLUSH_MS);
    await audit?.close();
    await access?.flush();
    await this.admin?.close();
    metrics?.stop();
    await this.logger?.close();
  }
}

interface SightParts {
  readonly logger: OperatorLogger | undefined;
  readonly access: (CallObserver & HttpObserver & { flush(): Promise<void> }) | undefined;
  readonly audit: AuditTrail | undefined;
  readonly metrics: CallMetrics | undefined;
  readonly tracing: CallTracing | undefined;
  readonly observer: (CallObserver & HttpObserver) | undefined;
}

/** That it is answered says that the event loop turns; the rest is of use. */
function health(): HealthReport {
  return { ok: true, version: version(), pid: process.pid, uptime_seconds: Math.round(process.uptime()) };
}

/** One observer of several. What nobody wants to hear is not there, so that requests pay nothing for it. */
function composeHttp(observers: readonly HttpObserver[]): HttpObserver | undefined {
  if (observers.length <= 1) return observers[0];
  const arriving = observers.filter(({ arrived }) => arrived !== undefined);
  const refusing = observers.filter(({ refused }) => refused !== undefined);
  return {
    ...(arriving.length > 0 && { arrived: () => nested(arriving.map(observer => observer.arrived!())) }),
    ...(refusing.length > 0 && {
      refused: (request: RefusedRequest) => {
        for (const observer of refusing) observer.refused!(request);
      },
    }),
    opened: (kind, facts) => {
      for (const observer of observers) observer.opened?.(kind, facts);
    },
  };
}

/** Each inside of the one before; undefined where none of them has a context to keep. */
function nested(given: readonly (Resume | undefined)[]): Resume | undefined {
  const resumes = given.filter(resume => resume !== undefined);
  if (resumes.length <= 1) return resumes[0];
  return run => resumes.reduceRight<typeof run>((inner, resume) => () => resume(inner), run)();
}

/**
 * Makes what watches. What is not switched on is not loaded.
 *
 * @param key names subjects and sessions in logs; of the deployment, so that restarts keep the names
 * @throws SlipwayError `SLIP_INVALID_OPTION`
 */
export async function openSight(options: SightOptions, key: KeyObject | undefined): Promise<Sight> {
  const { logLevel, logFormat, logFile, accessLog, auditFile, onAudit, auditArguments } = options;
  const { metrics = options.adminPort !== undefined || options.adminFd !== undefined, tracing = 'auto' } = options;
  const keyed = key !== undefined && { key };
  const logs = logLevel !== undefined || logFormat !== undefined || logFile !== undefined || accessLog === true;
  const logger = logs
    ? (await import('./sight/production-logger.ts')).productionLogger({
        ...(logLevel !== undefined && { level: logLevel }),
        ...(logFormat !== undefined && { format: logFormat }),
        ...(logFile !== undefined && { destination: logFile }),
      })
    : undefined;
  const access =
    accessLog === true && logger !== undefined
      ? (await import('./sight/access-log.ts')).accessLog({ logger, ...keyed })
      : undefined;
  const audits = auditFile !== undefined || onAudit !== undefined;
  const audit = audits
    ? (await import('./sight/audit-trail.ts')).auditTrail({
        ...(auditFile !== undefined && { file: auditFile }),
        ...(onAudit !== undefined && { onAudit }),
        ...(auditArguments !== undefined && { arguments: auditArguments }),
        logger: logger ?? stderrLogger(),
        ...keyed,
      })
    : undefined;
  const counts = metrics ? (await import('./sight/call-metrics.ts')).callMetrics({ version: version() }) : undefined;
  const traces = await tracingOf(tracing);
  return new Sight({ logger, access, audit, metrics: counts, tracing: traces, observer: options.observer });
}

const OPENTELEMETRY = Symbol.for('opentelemetry.js.api.1');

/** Not even our own part is loaded where no SDK has been started. */
async function tracingOf(tracing: 'auto' | 'on' | 'off'): Promise<CallTracing | undefined> {
  if (tracing === 'off' || (tracing === 'auto' && !(OPENTELEMETRY in globalThis))) return undefined;
  return (await import('./sight/call-tracing.ts')).callTracing({ tracing, version: version() });
}
