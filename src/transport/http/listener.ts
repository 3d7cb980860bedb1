/** The endpoint on a port of its own. */
import type { Server as HttpServer, ServerResponse } from 'node:http';
import { type AddressInfo, Server as NetServer, type Socket } from 'node:net';
import { Connections } from './connections.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { nodeHandler } from './node-handler.ts';
import { WholeBodyRequest } from './whole-body-request.ts';

// An import would read every export of node:http, and one of them loads a whole HTTP client: 40 ms of a start.
const { createServer } = process.getBuiltinModule('node:http');

/** Longer than the keep-alive of the proxies in front (nginx: 65 s), so that they never reuse a connection just closed. */
const KEEP_ALIVE_MS = 75_000;

/** Where to listen: an address, or a descriptor that somebody else listens on already (socket activation). */
export interface ListenAddress {
  readonly port: number;
  readonly host: string;
  readonly fd?: number | undefined;
}

/** How a listener is closed. Times in ms. */
export interface Closing {
  /** What calls in flight have. */
  readonly graceMs: number;
  /** How long connections stay open before that, for their clients to learn that they end. */
  readonly lameDuckMs: number;
  /** Whether new connections are still taken meanwhile: nobody else serves this port. */
  readonly keepAccepting: boolean;
}

export interface Listening {
  readonly address: AddressInfo;
  readonly server: HttpServer;
  /** How many connections are open. */
  readonly connections: number;
  /**
   * Stops in order: not ready; calls are answered and their connections ended with the answer (`lameDuckMs`, less when
   * none is left); streams end; calls in flight may finish (`graceMs`); what is left is closed.
   */
  close(closing: Closing): Promise<void>;
}

/** What an answer gets to leave even if nothing is left of the grace. */
const MIN_FLUSH_MS = 250;

type HttpSocket = Socket & { _httpMessage?: ServerResponse | null };

/** Answers what the parser refuses: a line of JSON-RPC and the end of the connection. */
function refuse(endpoint: HttpEndpoint, error: NodeJS.ErrnoException, socket: Socket): void {
  const { _httpMessage: answering } = socket as HttpSocket;
  if (error.code === 'ECONNRESET' || answering?.headersSent || !socket.writable) return void socket.destroy();
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'the headers are too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'the request did not arrive in time']
        : ['400 Bad Request', 'the bytes are not HTTP'];
  const body = `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Bad request: ${reason}"}}`;
  endpoint.observe(observer =>
    observer.refused?.({
      status: Number.parseInt(status, 10),
      code: undefined,
      method: '',
      url: '',
      remoteAddress: socket.remoteAddress,
      userAgent: undefined,
      requestId: undefined,
    }),
  );
  const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  socket.end(`${head}\r\n\r\n${body}`, () => socket.destroy());
}

/**
 * Listens.
 *
 * @throws the error of node:net when the address can not be had (EADDRINUSE, EACCES, ...)
 */
export async function listen(endpoint: HttpEndpoint, { port, host, fd }: ListenAddress): Promise<Listening> {
  const { limits } = endpoint;
  const handler = nodeHandler(endpoint);
  const server = createServer(
    {
      IncomingMessage: WholeBodyRequest,
      // A header that came twice is seen as such: of two Host headers, the guard would otherwise see one.
      joinDuplicateHeaders: true,
      requireHostHeader: false,
      maxHeaderSize: limits.maxHeaderBytes,
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: Math.min(60_000, limits.bodyTimeoutMs),
      requestTimeout: limits.bodyTimeoutMs,
      connectionsCheckingInterval: Math.min(5_000, limits.bodyTimeoutMs),
    },
    (request, response) => handler(request, response),
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(endpoint, error, socket as Socket));
  // Whether the body is wanted is for the endpoint to say, before the client sends it.
  server.on('checkContinue', (request, response) => handler(request, response));
  server.on('checkExpectation', (_request, response: ServerResponse) => {
    const body =
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"The Expect header asks for something else than 100-continue"}}';
    response.writeHead(417, { connection: 'close', 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
  server.on('connect', (_request, socket) => socket.destroy());
  const connections = new Connections(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const listening = () => {
      server.off('error', reject);
      resolve();
    };
    if (fd === undefined) server.listen(port, host, listening);
    else server.listen({ fd }, listening);
  });
  server.on('error', error => endpoint.logger.error({ error }, 'listener failed'));
  return {
    address: server.address() as AddressInfo,
    server,
    get connections() {
      return connections.size;
    },
    close: async ({ graceMs, lameDuckMs, keepAccepting }) => {
      // The close of node:http begins with its closeIdleConnections(); see Connections.
      const stopAccepting = () => new Promise<void>(resolve => NetServer.prototype.close.call(server, () => resolve()));
      let closed = keepAccepting ? undefined : stopAccepting();
      endpoint.drain(!keepAccepting);
      connections.closeAfterAnswer();
      if (lameDuckMs > 0) await connections.emptied(lameDuckMs);
      closed ??= stopAccepting();
      const deadline = performance.now() + graceMs;
      connections.closeIdle();
      await endpoint.stop(graceMs);
      // Answers that are written but not yet taken get the rest of the grace; then they are cut.
      const stopClosing = connections.closeWhenIdle();
      const left = Math.max(MIN_FLUSH_MS, deadline - performance.now());
      const cut = setTimeout(() => server.closeAllConnections(), left);
      await closed;
      stopClosing();
      clearTimeout(cut);
      server.close(() => {});
    },
  };
}
