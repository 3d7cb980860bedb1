/** The endpoint on a port of its own. */
import { createServer, type Server as HttpServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { HttpEndpoint } from './endpoint.ts';
import { nodeHandler } from './node-handler.ts';
import { WholeBodyRequest } from './whole-body-request.ts';

/** Longer than the keep-alive of the proxies in front (nginx: 65 s), so that they never reuse a connection just closed. */
const KEEP_ALIVE_MS = 75_000;

export interface Listening {
  readonly address: AddressInfo;
  readonly server: HttpServer;
  /** Stops to accept, lets calls finish for up to `graceMs`, then closes what is left. */
  close(graceMs: number): Promise<void>;
}

/** Answers what the parser refuses: a line of JSON-RPC and the end of the connection. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'the headers are too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'the request did not arrive in time']
        : ['400 Bad Request', 'the bytes are not HTTP'];
  const body = `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Bad request: ${reason}"}}`;
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}

/**
 * Listens.
 *
 * @throws the error of node:net when the address can not be had (EADDRINUSE, EACCES, ...)
 */
export async function listen(endpoint: HttpEndpoint, port: number, host: string): Promise<Listening> {
  const { limits } = endpoint;
  const handler = nodeHandler(endpoint);
  const server = createServer(
    {
      IncomingMessage: WholeBodyRequest,
      maxHeaderSize: limits.maxHeaderBytes,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: Math.min(60_000, limits.bodyTimeoutMs),
      requestTimeout: limits.bodyTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, limits.bodyTimeoutMs),
    },
    (request, response) => handler(request, response),
  );
  server.on('clientError', refuse);
  // An expectation other than 100-continue; node:http answers 417 by itself only without a listener.
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    response.writeHead(417, { connection: 'close' });
    response.end();
  });
  server.on('connect', (_request, socket) => socket.destroy());
  server.on('upgrade', (_request, socket) => {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', error => endpoint.logger.error({ error }, 'listener failed'));
  return {
    address: server.address() as AddressInfo,
    server,
    close: async graceMs => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()));
      server.closeIdleConnections();
      await endpoint.stop(graceMs);
      await new Promise(resolve => setImmediate(resolve));
      server.closeIdleConnections();
      // Answers that are written but not yet taken get a moment; then the rest is cut.
      const cut = setTimeout(() => server.closeAllConnections(), 250);
      await closed;
      clearTimeout(cut);
    },
  };
}
