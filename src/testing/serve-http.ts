import { type ServeOptions, serve } from '../host/serve.ts';
import type { McpServer } from '../server/mcp-server.ts';
import type { Server } from '../server/server.ts';
import type { McpServerFactory } from '../transport/http/served.ts';
import { type ConnectOptions, connect } from './connect.ts';
import type { TestClient } from './test-client.ts';

/** Those of `serve()`; the port is a free one unless it is given. */
export type ServeHttpOptions = ServeOptions;

export interface TestServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT/mcp` */
  readonly url: string;
  readonly port: number;
  /** A client of it; closed with the server, unless it has been before. */
  connect(options?: ConnectOptions): Promise<TestClient>;
  /** Ends its clients and stops at once: calls in flight are cut off. */
  close(): Promise<void>;
}

/**
 * Serves over HTTP on a free port of 127.0.0.1, for tests of what only HTTP has: headers, sessions, authorization.
 *
 * @throws what `serve()` throws
 * @example
 * await using served = await serveHttp(server);
 * const client = await served.connect();
 */
export async function serveHttp(
  source: McpServer | Server | McpServerFactory,
  options: ServeHttpOptions = {},
): Promise<TestServer> {
  const running = await serve(source, { port: 0, ...options });
  const clients = new Set<TestClient>();
  let closing: Promise<void> | undefined;
  const close = async () => {
    await Promise.allSettled([...clients].map(client => client.close()));
    await running.close({ graceMs: 0, lameDuckMs: 0 });
  };
  return {
    url: running.url,
    port: running.port,
    connect: async connectOptions => {
      const client = await connect(running.url, connectOptions);
      clients.add(client);
      return client;
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}
