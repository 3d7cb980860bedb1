/** `serve`: a server on a port. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { logInternal } from '../server/fault.ts';
import { type Hook, LifecycleHooks, type NamedHook, type ReadinessCheck, runHook } from '../server/lifecycle-hooks.ts';
import type { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { ReadinessReport } from '../transport/http/health.ts';
import { type Closing, type Listening, listen } from '../transport/http/listener.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { type CreateMcpHandlerOptions, deploymentKeyring, endpointOf } from './mcp-handler.ts';
import { openSight, type Sight, type SightOptions } from './sight.ts';

export type { ResponseMode, SessionMode } from '../transport/http/endpoint-options.ts';

export interface ServeOptions extends CreateMcpHandlerOptions, SightOptions {
  /** Default 8087; 0 picks a free one. */
  port?: number;
  /** The address to listen on; default 127.0.0.1. */
  host?: string;
  /** A descriptor that is listened on already, in place of port and host (socket activation). */
  fd?: number;
  /** Milliseconds that calls in flight have when the server is closed; default 30,000. */
  drainGraceMs?: number;
  /**
   * Milliseconds before that in which calls are still answered, each with the end of its connection, so that clients take
   * the next one elsewhere; less when no connection is left. Default 0; `slipway start`: 5,000.
   */
  lameDuckMs?: number;
  /** Runs before the server listens, before the hooks of the server itself. */
  onStart?: Hook;
  /** Runs when the last call has ended, after the hooks of the server itself. */
  onStop?: Hook;
  /** `/readyz` says 503 while it throws or returns `false`. */
  ready?: ReadinessCheck;
}

export interface RunningServer {
  /** Where clients reach it: `http://127.0.0.1:8087/mcp`. */
  readonly url: string;
  readonly port: number;
  readonly host: string;
  /** Whether it is ready for requests, and what of it is not. */
  readiness(): Promise<ReadinessReport>;
  /** What watches it: log, metrics, audit. */
  readonly sight: Sight;
  /**
   * Stops in order: not ready any more, connections end with their answers, streams end, calls in flight finish, hooks
   * run, what was logged and counted is flushed. A second call waits for the first.
   */
  close(options?: Partial<Closing>): Promise<void>;
}

export const DEFAULT_PORT = 8087;
export const DEFAULT_HOST = '127.0.0.1';
/** Milliseconds that calls in flight have when a server is closed. */
export const GRACE_MS = 30_000;

/**
 * Serves over HTTP at the root: `/`, `/mcp`, `/mcp/` and every path that is not reserved.
 *
 * @returns once it listens
 * @throws the error of node:net when the address can not be had; SlipwayError SLIP_INVALID_OPTION, SLIP_HOOK_FAILED
 * @example
 * const { url, close } = await serve(server, { port: 8087 });
 */
export async function serve(
  source: McpServer | Server | McpServerFactory,
  options: ServeOptions = {},
): Promise<RunningServer> {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, fd, drainGraceMs = GRACE_MS, lameDuckMs = 0, ...rest } = options;
  const { onStart, onStop, ready, ...endpointOptions } = rest;
  const own = new LifecycleHooks();
  if (onStart !== undefined) own.add('onStart', onStart);
  if (onStop !== undefined) own.add('onStop', onStop);
  if (ready !== undefined) own.add('ready', ready);
  const keyring = deploymentKeyring(options);
  const sight = await openSight(options, keyring?.currentKey('log-identity').signing);
  const logger = options.logger ?? sight.logger;
  const { endpoint, lifecycle, state, release } = endpointOf(
    source,
    { ...endpointOptions, ...(logger !== undefined && { logger }) },
    { sessions: 'optional', keyring, calls: sight.calls, http: sight.http, ready: own.ready },
  );
  const letGo = async (): Promise<void> => {
    await stopHooks([...own.onStop, ...lifecycle.onStop].reverse(), endpoint.logger);
    await release();
    await sight.close();
  };
  let listening: Listening;
  try {
    await startHooks([...own.onStart, ...lifecycle.onStart], endpoint.logger);
    listening = await listen(endpoint, { port, host, fd });
    const watched = {
      gauges: () => endpoint.gauges,
      connections: () => listening.connections,
      readiness: () => endpoint.readiness(),
      state,
    };
    await sight.watch(watched, options, endpoint.logger).catch(async error => {
      await listening.close({ graceMs: 0, lameDuckMs: 0, keepAccepting: false });
      throw error;
    });
  } catch (error) {
    await letGo();
    throw error;
  }
  const { address } = listening;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${name}:${address.port}/mcp`,
    port: address.port,
    host: address.address,
    sight,
    readiness: () => endpoint.readiness(),
    close: (given = {}) =>
      (closing ??= listening.close({ graceMs: drainGraceMs, lameDuckMs, keepAccepting: true, ...given }).then(letGo)),
  };
}

type Log = Parameters<typeof logInternal>[0];

/** @throws SlipwayError SLIP_HOOK_FAILED, SLIP_HOOK_TIMEOUT */
async function startHooks(hooks: readonly NamedHook[], logger: Log): Promise<void> {
  for (const hook of hooks) {
    try {
      await runHook(hook);
    } catch (error) {
      if (error instanceof SlipwayError && error.code === 'SLIP_HOOK_TIMEOUT') throw error;
      logger.error({ hook: hook.name, error }, 'a start hook failed');
      const why = error instanceof Error ? error.message : String(error);
      throw new SlipwayError('SLIP_HOOK_FAILED', { name: hook.name, why }, { cause: error });
    }
  }
}

/** Each gets its chance, whatever the others do. */
async function stopHooks(hooks: readonly NamedHook[], logger: Log): Promise<void> {
  for (const hook of hooks) {
    await runHook(hook).catch(error => logInternal(logger, error, { during: `stop hook ${hook.name}` }));
  }
}
