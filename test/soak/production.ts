/** A server as it runs in production: state on disk, everything that watches and limits it on. */
import { join } from 'node:path';
import type { McpServer } from 'slipway';
import { endpointOf } from '../../src/host/mcp-handler.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { DEFAULT_TIMING } from '../../src/state/sqlite/timing.ts';
import { listen } from '../../src/transport/http/listener.ts';
import type { ServerOrder } from './server-messages.ts';

export interface Production {
  readonly port: number;
  gauges(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const GRACE_MS = 5_000;

export async function startProduction(server: McpServer, { directory, keepMs }: ServerOrder): Promise<Production> {
  const state = sqliteState(
    { directory: join(directory, 'state'), eventTtlMs: keepMs, busTtlMs: keepMs },
    { ...DEFAULT_TIMING, pruneMs: Math.min(DEFAULT_TIMING.pruneMs, keepMs) },
  );
  const stateDir = join(directory, 'state');
  const { endpoint, release } = endpointOf(server, {
    state,
    stateDir,
    httpSse: true,
    sessionTtlMs: Math.max(keepMs, 30_000),
  });
  const listening = await listen(endpoint, { port: 0, host: '127.0.0.1' });
  return {
    port: listening.address.port,
    gauges: async () => ({ ...endpoint.gauges }),
    close: async () => {
      await listening.close({ graceMs: GRACE_MS, lameDuckMs: 0, keepAccepting: true });
      await release();
      await state.close();
    },
  };
}
