/** `serve`: a server on a port. */
import type { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import { listen } from '../transport/http/listener.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { type CreateMcpHandlerOptions, endpointOf } from './mcp-handler.ts';

export type { ResponseMode, SessionMode } from '../transport/http/endpoint-options.ts';

export interface ServeOptions extends CreateMcpHandlerOptions {
  /** Default 8087; 0 picks a free one. */
  port?: number;
  /** The address to listen on; default 127.0.0.1. */
  host?: string;
}

export interface RunningServer {
  /** Where clients reach it: `http://127.0.0.1:8087/mcp`. */
  readonly url: string;
  readonly port: number;
  readonly host: string;
  /** Stops: nothing new is accepted, listeners are completed, calls may finish for up to `graceMs` (default 10,000). */
  close(options?: { graceMs?: number }): Promise<void>;
}

export const DEFAULT_PORT = 8087;
export const DEFAULT_HOST = '127.0.0.1';
/** Milliseconds that calls in flight have when a server is closed. */
export const GRACE_MS = 10_000;

/**
 * Serves over HTTP at the root: `/`, `/mcp`, `/mcp/` and every path that is not reserved.
 *
 * @returns once it listens
 * @throws the error of node:net when the address can not be had; SlipwayError SLIP_INVALID_OPTION
 * @example
 * const { url, close } = await serve(server, { port: 8087 });
 */
export async function serve(
  source: McpServer | Server | McpServerFactory,
  options: ServeOptions = {},
): Promise<RunningServer> {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, ...rest } = options;
  const { endpoint, release } = endpointOf(source, rest, 'optional');
  const listening = await listen(endpoint, port, host).catch(async error => {
    await release();
    throw error;
  });
  const { address } = listening;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${name}:${address.port}/mcp`,
    port: address.port,
    host: address.address,
    close: ({ graceMs = GRACE_MS } = {}) => (closing ??= listening.close(graceMs).then(release)),
  };
}
