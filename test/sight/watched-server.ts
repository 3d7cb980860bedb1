/** A server with metrics and an admin listener, over real sockets, until the test ends. */
import type { TestContext } from 'node:test';
import { type McpServer, serve } from 'slipway';
import { type AdminListener, adminListener } from '../../src/host/sight/admin-listener.ts';
import { type CallMetrics, callMetrics } from '../../src/host/sight/call-metrics.ts';
import { openState } from '../../src/host/state.ts';
import type { EndpointGauges } from '../../src/transport/http/http-observer.ts';

export interface WatchedServer {
  readonly url: string;
  readonly metrics: CallMetrics;
  readonly admin: AdminListener;
  /** What `/metrics` says. */
  scrape(): Promise<string>;
}

const NOTHING: EndpointGauges = {
  inFlight: 0,
  reading: 0,
  listenStreams: 0,
  getStreams: 0,
  resumedStreams: 0,
  sseChannels: 0,
};

export async function watchedServer(
  t: TestContext,
  server: McpServer,
  { stateDir, allowedHosts }: { stateDir?: string; allowedHosts?: string[] } = {},
): Promise<WatchedServer> {
  const state = openState({ ...(stateDir !== undefined && { stateDir }) });
  const metrics = callMetrics({ version: '1.2.3' });
  const running = await serve(server, {
    port: 0,
    observer: metrics,
    state,
    ...(allowedHosts !== undefined && { allowedHosts }),
  });
  metrics.watch({
    gauges: () => NOTHING,
    connections: () => 1,
    linesLost: () => ({ log: 0, audit: 0 }),
    ready: async () => (await running.readiness()).ready,
    state,
  });
  const admin = await adminListener({
    port: 0,
    metrics: () => metrics.text(),
    health: () => ({ ok: true }),
    ready: () => running.readiness(),
  });
  t.after(async () => {
    await running.close({ graceMs: 0 });
    await admin.close();
    metrics.stop();
    await state.close();
  });
  const scrape = async (): Promise<string> => (await fetch(`${admin.url}/metrics`)).text();
  return { url: running.url, metrics, admin, scrape };
}

/** The lines of one metric, by their labels. */
export function samplesOf(text: string, name: string): Map<string, number> {
  const samples = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, found, labels = '', value] = /^([\w:]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    if (found === name) samples.set(labels, Number(value));
  }
  return samples;
}

/** Every metric name in a scrape. */
export function namesIn(text: string): Set<string> {
  return new Set(text.split('\n').flatMap(line => /^([a-zA-Z_:][\w:]*)[{ ]/.exec(line)?.slice(1, 2) ?? []));
}
