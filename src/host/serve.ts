/** `serve`: a server on a port. */
import { type Hook, LifecycleHooks, type ReadinessCheck } from '../server/lifecycle-hooks.ts';
import type { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { ConnectionSource } from '../transport/http/connection-source.ts';
import type { ReadinessReport } from '../transport/http/health.ts';
import { type Closing, type Listening, listen } from '../transport/http/listener.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { type CreateMcpHandlerOptions, deploymentKeyring, endpointOf } from './mcp-handler.ts';
import { startHooks, stopHooks } from './run-hooks.ts';
import { openSight, type Sight, type SightOptions } from './sight.ts';

export type { ResponseMode, SessionMode } from '../transport/http/endpoint-options.ts';

export interface ServeOptions extends CreateMcpHandlerOptions, SightOptions {
  /** Default 8087; 0 picks a free one. */
  port?: number;
  /** The address to listen on; default 127.0.0.1. */
  host?: string;
  /** A descriptor that is listened on already, in place of port and host (socket activation). */
  fd?: number;
  /** Connections that another process accepts, in place of all of these; what `--workers` is made of. */
  connections?: ConnectionSource;
  /** Milliseconds that calls in flight have when the server is closed; default 30,000. */
  drainGraceMs?: number;
  /**
   * Milliseconds before that in which calls are still answered, each with the end of its connection, so that clients take
   * the next one elsewhere; less where nobody connects. Default 0; `slipway start`: 5,000.
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
  /** Milliseconds that the stop hooks may take in all. */
  readonly stopHooksMs: number;
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
/** Between looks at whether the state store works, for the log. */
const LOOK_MS = 1_000;

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
  const { onStart, onStop, ready, connections, ...endpointOptions } = rest;
  const own = new LifecycleHooks();
  if (onStart !== undefined) own.add('onStart', onStart);
  if (onStop !== undefined) own.add('onStop', onStop);
  if (ready !== undefined) own.add('ready', ready);
  const keyring = deploymentKeyring(options);
  const sight = await openSight(options, keyring?.currentKey('log-identity').signing);
  const logger = options.logger ?? sight.logger;
  const { endpoint, lifecycle, readiness, state, release } = endpointOf(
    source,
    { ...endpointOptions, ...(logger !== undefined && { logger }) },
    { sessions: 'optional', keyring, calls: sight.calls, http: sight.http, ready: own.ready },
  );
  const looking = setInterval(() => readiness.look(), LOOK_MS).unref();
  const letGo = async (): Promise<void> => {
    clearInterval(looking);
    await stopHooks([...own.onStop, ...lifecycle.onStop].reverse(), endpoint.logger);
    await release();
    await sight.close();
  };
  let listening: Listening;
  try {
    await startHooks([...own.onStart, ...lifecycle.onStart], endpoint.logger);
    listening = await listen(endpoint, { port, host, fd, connections });
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
  const name = address.address.includes(':') ? `[${address.address}]` : address.address;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${name}:${address.port}/mcp`,
    port: address.port,
    host: address.address,
    sight,
    get stopHooksMs() {
      return [...own.onStop, ...lifecycle.onStop].reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
    },
    readiness: () => endpoint.readiness(),
    close: (given = {}) =>
      (closing ??= listening.close({ graceMs: drainGraceMs, lameDuckMs, keepAccepting: true, ...given }).then(letGo)),
  };
}
