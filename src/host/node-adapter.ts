/** `toNodeHandler`: the bridge between node:http and fetch-shaped handlers, with the official SDK's name. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { codedBody } from '../transport/http/error-body.ts';
import type { FetchOptions } from '../transport/http/fetch-handler.ts';
import { RequestBodyTooLargeError, resolveMaxRequestBodySize } from '../transport/http/request-body.ts';
import { type NodeIncomingMessageLike, toWebRequest } from '../transport/http/web-request.ts';
import { nodeFaceOf } from './mcp-handler.ts';

export interface FetchLikeMcpHandler {
  fetch: (request: Request, options?: FetchOptions) => Promise<Response>;
}

export interface ToNodeHandlerOptions {
  /** Hears of what went wrong outside of the handler, such as a closed one. */
  onerror?: (error: Error) => void;
  /** Bytes of a request body; default: the handler's own limit, 4 MiB for one that is not made by Slipway. */
  maxRequestBodySize?: number;
}

/** As much of a node:http `ServerResponse` as a bridged answer needs; the `res` of Express and Fastify fits. */
export interface NodeServerResponseLike {
  writeHead(statusCode: number, headers?: Record<string, string>): unknown;
  write(chunk: string | Uint8Array): unknown;
  end(chunk?: string | Uint8Array): unknown;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  destroyed?: boolean;
}

export type NodeMcpRequestHandler = (
  request: NodeIncomingMessageLike,
  response: NodeServerResponseLike,
  parsedBody?: unknown,
) => Promise<void>;

/**
 * A handler as `(req, res, parsedBody?)`; a third argument that is a function (`next` of a middleware) is ignored. One
 * made by `createMcpHandler` is served natively, without web objects; any other object with a `fetch` is bridged.
 *
 * @throws RangeError for a `maxRequestBodySize` that is no positive, finite number
 */
export function toNodeHandler(handler: FetchLikeMcpHandler, options: ToNodeHandlerOptions = {}): NodeMcpRequestHandler {
  const maxBytes = resolveMaxRequestBodySize(options.maxRequestBodySize);
  const native = nodeFaceOf(handler, options.maxRequestBodySize === undefined ? undefined : maxBytes);
  return async (request, response, given) => {
    const parsedBody = typeof given === 'function' ? undefined : given;
    if (native !== undefined && 'setHeader' in response) {
      native(request as unknown as IncomingMessage, response as unknown as ServerResponse, parsedBody);
      return;
    }
    await bridge(handler, request, response, parsedBody, { ...options, maxRequestBodySize: maxBytes });
  };
}

async function bridge(
  handler: FetchLikeMcpHandler,
  request: NodeIncomingMessageLike,
  response: NodeServerResponseLike,
  parsedBody: unknown,
  options: ToNodeHandlerOptions & { maxRequestBodySize: number },
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  let begun = false;
  try {
    const web = await toWebRequest(request, parsedBody, { ...options, signal: gone.signal });
    const { status, headers, body } = await handler.fetch(web, {
      ...(request.auth && { authInfo: request.auth }),
      ...(parsedBody !== undefined && { parsedBody }),
    });
    begun = true;
    response.writeHead(status, Object.fromEntries(headers));
    if (body !== null) await pump(body, response, gone.signal);
    response.end();
  } catch (error) {
    if (error instanceof RequestBodyTooLargeError) return refuse(response, options.maxRequestBodySize);
    options.onerror?.(error instanceof Error ? error : new Error(String(error)));
    if (!begun) response.writeHead(500);
    response.end();
  }
}

/** The rest of the body makes the connection useless, so it is closed. */
function refuse(response: NodeServerResponseLike, limit: number): void {
  response.writeHead(413, { 'content-type': 'application/json', connection: 'close' });
  response.end(codedBody('SLIP_BODY_TOO_LARGE', { limit }));
}

/** Writes a body as fast as its reader takes it; ends early when the reader is gone. */
async function pump(
  body: ReadableStream<Uint8Array>,
  response: NodeServerResponseLike,
  gone: AbortSignal,
): Promise<void> {
  const reader = body.getReader();
  let drained = () => {};
  response.on('drain', () => drained());
  gone.addEventListener('abort', () => {
    drained();
    reader.cancel(gone.reason).catch(() => {});
  });
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    if (gone.aborted || response.destroyed) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    drained = resolve;
    if (response.write(chunk.value) === false) await promise;
  }
}
