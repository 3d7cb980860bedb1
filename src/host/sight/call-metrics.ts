/** Metrics of a server: what its calls took, what was refused, what it holds, how its store does. */
import type { CallObserver } from '../../server/call-observer.ts';
import type { RequestContext } from '../../server/context.ts';
import type { EndpointGauges, HttpObserver } from '../../transport/http/http-observer.ts';
import { CallSeries, OTHER } from './call-series.ts';
import { DurationHistogram, histogram } from './duration-histogram.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import { counter, gauge, type MetricFamily, type MetricValue } from './metric-family.ts';
import { aggregateMetrics } from './metrics-aggregation.ts';
import { processMetrics } from './process-metrics.ts';
import { type MeasuredState, type StateMetrics, stateMetrics } from './state-metrics.ts';

/** Seconds: from a tool that only computes to one that waits for a person. */
export const DURATION_BOUNDS: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300,
];

/** How many kinds of refusals are told apart; statuses and codes are ours, so this is never reached. */
const MAX_REFUSAL_KINDS = 200;

/** What is looked at when somebody asks. */
export interface MetricSources {
  /** What the endpoint holds at this moment. */
  gauges?(): EndpointGauges;
  /** How many connections are open. */
  connections?(): number;
  /** How many lines of the log and of the audit stream could not be written, since the start. */
  linesLost?(): { readonly log: number; readonly audit: number };
  /** Whether the server is ready. */
  ready?(): Promise<boolean>;
  readonly state?: MeasuredState;
}

export interface CallMetricsOptions {
  /** Of this package. */
  readonly version: string;
}

export interface CallMetrics extends CallObserver, HttpObserver {
  /** How late the event loop is. */
  readonly delay: EventLoopDelay;
  /** Tells what to look at, once it exists; called again, it adds. Until then those metrics are absent. */
  watch(sources: MetricSources): void;
  /** The Prometheus text format, version 0.0.4, of this process alone. */
  text(): Promise<string>;
  /** For `aggregateMetrics` or `WorkerMetrics` in another process. */
  json(): Promise<MetricFamily[]>;
  stop(): void;
}

/** Starts to measure. An observation takes well under half a microsecond. */
export function callMetrics(options: CallMetricsOptions): CallMetrics {
  const calls = new CallSeries(toolOf, () => new DurationHistogram(DURATION_BOUNDS));
  const refusals = new Map<string, { readonly status: number; readonly code: string; count: number }>();
  const opened = { listen: 0, get: 0, sse: 0 };
  const delay = new EventLoopDelay();
  const ofProcess = processMetrics(delay);
  let sources: MetricSources = {};
  let ofState: StateMetrics | undefined;

  const json = async (): Promise<MetricFamily[]> => [
    histogram(
      'mcp_server_operation_duration_seconds',
      'Duration of MCP requests, from dispatch to outcome.',
      [...calls].map(([{ method, component, errorType }, durations]) => [
        { mcp_method_name: method, gen_ai_tool_name: component, error_type: errorType },
        durations,
      ]),
    ),
    counter(
      'slipway_http_refused_total',
      'HTTP requests answered with a status of 400 or more before they became a call.',
      [...refusals.values()].map(({ status, code, count }) => ({ labels: { status, code }, value: count })),
    ),
    counter('slipway_streams_opened_total', 'Event streams opened, by kind.', byKind(opened)),
    ...held(sources),
    ...(await readiness(sources)),
    ...(ofState?.families() ?? []),
    ...ofProcess.families(),
    gauge(
      'slipway_build_info',
      'The release that runs, and the Node under it.',
      [{ labels: { version: options.version, node: process.versions.node }, value: 1 }],
      'first',
    ),
  ];

  return {
    delay,
    ended: call => calls.of(call).observe(call.durationMs / 1000),
    refused: ({ status, code = '' }) => {
      const key = `${status} ${code}`;
      const known = refusals.get(key);
      if (known !== undefined) known.count++;
      else if (refusals.size < MAX_REFUSAL_KINDS) refusals.set(key, { status, code, count: 1 });
    },
    opened: kind => {
      opened[kind]++;
    },
    watch: given => {
      sources = { ...sources, ...given };
      if (given.state === undefined) return;
      ofState?.stop();
      ofState = stateMetrics(given.state);
    },
    json,
    text: async () => aggregateMetrics([await json()]),
    stop: () => {
      ofProcess.stop();
      ofState?.stop();
      delay.stop();
    },
  };
}

function toolOf({ call, component }: RequestContext): string {
  return call.method === 'tools/call' ? (component ?? OTHER) : '';
}

function byKind(counts: Readonly<Record<string, number>>): MetricValue[] {
  return Object.entries(counts).map(([kind, value]) => ({ labels: { kind }, value }));
}

function held({ gauges, connections, linesLost }: MetricSources): MetricFamily[] {
  const families: MetricFamily[] = [];
  if (gauges !== undefined) {
    const { inFlight, reading, listenStreams, getStreams, resumedStreams, sseChannels } = gauges();
    const streams = { listen: listenStreams, get: getStreams, resumed: resumedStreams, sse: sseChannels };
    families.push(
      gauge('slipway_requests_in_flight', 'Requests being answered.', inFlight),
      gauge('slipway_requests_reading', 'Requests whose bodies are still arriving.', reading),
      gauge('slipway_streams_open', 'Open event streams, by kind.', byKind(streams)),
    );
  }
  if (connections !== undefined) families.push(gauge('slipway_connections_open', 'Open connections.', connections()));
  if (linesLost !== undefined) {
    const values = Object.entries(linesLost()).map(([stream, value]) => ({ labels: { stream }, value }));
    const help = 'Lines of the log and the audit stream that could not be written.';
    families.push(counter('slipway_lines_lost_total', help, values));
  }
  return families;
}

async function readiness({ ready }: MetricSources): Promise<MetricFamily[]> {
  if (ready === undefined) return [];
  const help = 'Whether the server is ready (1) or not (0); of several processes, whether all are.';
  return [gauge('slipway_ready', help, (await ready()) ? 1 : 0, 'min')];
}
