/** A server as it runs in production: state in a directory, everything that watches and limits it on. */
import { join } from 'node:path';
import { type McpServer, serve } from 'slipway';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { DEFAULT_TIMING } from '../../src/state/sqlite/timing.ts';
import { AUDIT_LOG, SERVER_LOG, type ServerOrder } from './server-messages.ts';

export interface Production {
  readonly port: number;
  /** `/metrics` is there. */
  readonly adminUrl: string;
  /** Goes on in new files of the logs. */
  reopen(): Promise<void>;
  /** In good order: everything that was open is closed. */
  close(): Promise<void>;
}

const GRACE_MS = 2_000;
/** A visit may take this long where others use the machine too, and needs its session. */
const LEAST_SESSION_MS = 20_000;
/** Counted for every call, and never reached: refusals would not be what the clients expect. */
const RATE = '100000000/1m';

export async function startProduction(server: McpServer, { directory, keepMs }: ServerOrder): Promise<Production> {
  const stateDir = join(directory, 'state');
  const state = sqliteState(
    { directory: stateDir, eventTtlMs: keepMs, busTtlMs: keepMs },
    { ...DEFAULT_TIMING, pruneMs: Math.min(DEFAULT_TIMING.pruneMs, keepMs) },
  );
  const running = await serve(server, {
    port: 0,
    state,
    stateDir,
    httpSse: true,
    sessionTtlMs: Math.max(keepMs, LEAST_SESSION_MS),
    idempotencyTtlMs: keepMs,
    rateLimitPerPrincipal: RATE,
    rateLimitPerAddress: RATE,
    rateLimitPerTool: RATE,
    maxConcurrentPerCaller: 10_000,
    trustedProxies: ['10.0.0.0/8'],
    adminPort: 0,
    accessLog: true,
    logFile: join(directory, SERVER_LOG),
    auditFile: join(directory, AUDIT_LOG),
    auditArguments: 'redacted',
  });
  const { admin } = running.sight;
  if (admin === undefined) throw new Error('there is no admin port');
  return {
    port: running.port,
    adminUrl: admin.url,
    reopen: () => running.sight.reopen(),
    close: async () => {
      await running.close({ graceMs: GRACE_MS });
      await state.close();
    },
  };
}
