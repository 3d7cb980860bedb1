/** `serveStdio`: a server for the client that started this process. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { type Logger, stderrLogger } from '../server/logger.ts';
import { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { Transport } from '../server/transport.ts';
import { DEFAULT_LIMITS } from '../transport/http/limits.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { DEFAULT_STDIO_LIMITS, type StdioLimits } from '../transport/stdio/limits.ts';
import { settledWithin } from '../transport/stdio/patience.ts';
import { takeStandardOutput } from '../transport/stdio/standard-output.ts';
import { StdioServerTransport } from '../transport/stdio/stdio-server-transport.ts';
import { startHooks, stopHooks } from './run-hooks.ts';
import { StdioConnection } from './stdio-connection.ts';

export interface ServeStdioOptions extends Partial<StdioLimits> {
  /** Whether clients of the 2025 era are served, or refused with the revisions that are; default `serve`. */
  legacy?: 'serve' | 'reject';
  /** In place of the standard streams; the limits are its own then. */
  transport?: Transport;
  /** Called for what goes wrong beside the answers. */
  onerror?: (error: Error) => void;
  /** Where what goes wrong without a server is written; default: one JSON line each on standard error. */
  logger?: Logger;
  /** Open `subscriptions/listen` streams; default 1,024. */
  maxSubscriptions?: number;
  /** Requests that are answered at the same time; more wait for a free place. Default 1,000. */
  maxConcurrentRequests?: number;
}

export interface StdioServerHandle {
  /**
   * Ends the connection: new requests are refused, calls in flight may finish for up to `graceMs` (default: that of the
   * options, which is 5,000), listeners are completed. A second call may shorten the wait.
   */
  close(options?: { graceMs?: number }): Promise<void>;
  /**
   * Resolves when the connection has ended (by `close()`, by the end of the input, or because the client has left) and the
   * stop hooks have run.
   */
  readonly closed: Promise<void>;
  /** Milliseconds that the stop hooks may take in all. */
  readonly stopHooksMs: number;
}

/**
 * Serves one client over standard input and output, in both eras. Whatever else this process prints goes to standard
 * error meanwhile. It ends when the input does, once calls in flight are answered; signals are left to the program. The
 * hooks of a server run before the first message is read and after the end; what fails in them is told to `onerror`, and
 * a start hook that fails ends the connection. MCP 2026-07-28, basic/transports/stdio.
 *
 * @param source a server, or a factory: called when the first message arrives, with `{ era }`
 * @throws SlipwayError SLIP_INVALID_OPTION
 * @example
 * const { closed } = serveStdio(server);
 * await closed;
 */
export function serveStdio(
  source: McpServer | Server | McpServerFactory,
  options: ServeStdioOptions = {},
): StdioServerHandle {
  const { legacy = 'serve', transport, onerror, logger, maxSubscriptions, ...rest } = options;
  const { maxConcurrentRequests = DEFAULT_LIMITS.maxConcurrentRequests, ...limits } = rest;
  if (!Number.isSafeInteger(maxConcurrentRequests) || maxConcurrentRequests < 1) {
    const why = `${String(maxConcurrentRequests)} is not a positive integer`;
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'maxConcurrentRequests', why });
  }
  const wire = transport ?? new StdioServerTransport(undefined, undefined, limits);
  const ended = Promise.withResolvers<void>();
  const server = typeof source === 'function' ? undefined : source instanceof McpServer ? source.core : source;
  const { onStart = [], onStop = [] } = server?.lifecycle ?? {};
  const log = logger ?? server?.logger ?? stderrLogger();
  // What hooks print must not reach the client either.
  const output = transport === undefined && onStart.length + onStop.length > 0 ? takeStandardOutput() : undefined;
  let hasEnded = false;
  const end = async () => {
    if (hasEnded) return;
    hasEnded = true;
    await stopHooks(onStop.toReversed(), log);
    output?.release();
    ended.resolve();
  };
  const { onclose } = wire;
  wire.onclose = () => {
    onclose?.call(wire);
    // Handlers that were cut off learn of it before whoever waits for the end, and may end the process.
    setImmediate(() => void end());
  };
  const connection = new StdioConnection(wire, source, {
    modernOnly: legacy === 'reject',
    maxConcurrentRequests,
    ...(onerror && { onerror }),
    ...(logger && { logger }),
    ...(maxSubscriptions !== undefined && { maxSubscriptions }),
  });
  const start = onStart.length === 0 ? connection.start() : startHooks(onStart, log).then(() => connection.start());
  const started = start.catch(error => {
    onerror?.(error as Error);
    void end();
  });
  return {
    closed: ended.promise,
    get stopHooksMs() {
      return onStop.reduce((sum, { timeoutMs }) => sum + timeoutMs, 0);
    },
    close: async ({ graceMs = limits.graceMs ?? DEFAULT_STDIO_LIMITS.graceMs } = {}) => {
      await started;
      await settledWithin(graceMs, connection.finish());
      await wire.close();
      await ended.promise;
    },
  };
}
