/** The endpoint on a port of its own. */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorDetails, SlipwayErrorCode } from '../../protocol/coded-error.ts';
import { plainAddress } from './caller-address.ts';
import { type ListenedAddress, type ListenPlace, takeConnections } from './connection-source.ts';
import { Connections } from './connections.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import { nodeHandler } from './node-handler.ts';
import { errorHeaders } from './security-headers.ts';
import { WholeBodyRequest } from './whole-body-request.ts';

// An import would read every export of node:http, and one of them loads a whole HTTP client: 40 ms of a start.
const { createServer } = process.getBuiltinModule('node:http');

/** Longer than the keep-alive of the proxies in front (nginx: 65 s), so that they never reuse a connection just closed. */
const KEEP_ALIVE_MS = 75_000;

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
  readonly address: ListenedAddress;
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

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

/** What the parser stumbled over: the status, and the error with its details. */
function faultOf({ code }: NodeJS.ErrnoException, { limits }: HttpEndpoint): [number, SlipwayErrorCode, ErrorDetails] {
  if (code === 'HPE_HEADER_OVERFLOW') return [431, 'SLIP_HEADERS_TOO_LARGE', { limit: limits.maxHeaderBytes }];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return [408, 'SLIP_SLOW_SENDER', { ms: limits.bodyTimeoutMs }];
  return [400, 'SLIP_NOT_HTTP', {}];
}

/** Answers what the parser refuses: a line of JSON-RPC and the end of the connection. */
function refuse(endpoint: HttpEndpoint, error: NodeJS.ErrnoException, socket: Socket): void {
  endpoint.arrivals.hurry(socket);
  const { _httpMessage: answering } = socket as HttpSocket;
  if (error.code === 'ECONNRESET' || answering?.headersSent || !socket.writable) return void socket.destroy();
  const [status, code, details] = faultOf(error, endpoint);
  const body = codedBody(code, details);
  endpoint.watch.unreadable({
    status,
    code,
    method: '',
    url: '',
    remoteAddress: plainAddress(socket.remoteAddress),
    userAgent: undefined,
    requestId: undefined,
  });
  const headers = {
    ...endpoint.edge.headers.json(Buffer.byteLength(body)),
    ...errorHeaders(status),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n${body}`, () => socket.destroy());
}

/**
 * Listens.
 *
 * @throws the error of node:net when the address can not be had (EADDRINUSE, EACCES, ...)
 */
export async function listen(endpoint: HttpEndpoint, place: ListenPlace): Promise<Listening> {
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
    const body = codedBody('SLIP_EXPECTATION', {});
    const head = endpoint.edge.headers.json(Buffer.byteLength(body));
    response.writeHead(417, { ...head, ...errorHeaders(417), connection: 'close' });
    response.end(body);
  });
  server.on('connect', (_request, socket) => socket.destroy());
  const connections = new Connections(server);
  const intake = await takeConnections(server, place);
  server.on('error', error => endpoint.logger.error({ error }, 'listener failed'));
  return {
    address: intake.address,
    get connections() {
      return connections.size;
    },
    close: async ({ graceMs, lameDuckMs, keepAccepting }) => {
      if (!keepAccepting) await intake.stop();
      endpoint.drain(!keepAccepting);
      connections.closeAfterAnswer();
      if (lameDuckMs > 0) await connections.lameDuck(lameDuckMs, keepAccepting);
      await intake.stop();
      if (lameDuckMs > 0) await connections.heard();
      const deadline = performance.now() + graceMs;
      connections.closeIdle();
      await endpoint.stop(graceMs);
      // Answers that are written but not yet taken get the rest of the grace; then they are cut.
      const stopClosing = connections.closeWhenIdle();
      const left = Math.max(MIN_FLUSH_MS, deadline - performance.now());
      const cut = setTimeout(() => server.closeAllConnections(), left);
      await connections.emptied();
      stopClosing();
      clearTimeout(cut);
      // What is left of it are the timers of node:http.
      server.close(() => {});
    },
  };
}
