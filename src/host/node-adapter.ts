/** `toNodeHandler` and the SDK's other bridges between node:http and fetch-shaped handlers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuthInfo } from '../protocol/auth-info.ts';
import type { FetchOptions } from '../transport/http/fetch-handler.ts';
import { toWebRequest } from '../transport/http/web-request.ts';
import { nodeFaceOf } from './mcp-handler.ts';

export interface FetchLikeMcpHandler {
  fetch: (request: Request, options?: FetchOptions) => Promise<Response>;
}

export interface ToNodeHandlerOptions {
  onerror?: (error: Error) => void;
  /** Bytes of a request body; default 4 MiB. */
  maxRequestBodySize?: number;
}

type NodeIncoming = IncomingMessage & { auth?: AuthInfo };
export type NodeMcpRequestHandler = (
  request: NodeIncoming,
  response: ServerResponse,
  parsedBody?: unknown,
) => Promise<void>;

/**
 * A handler as `(req, res, parsedBody?)`. One made by `createMcpHandler` is served natively, without web objects; any
 * other object with a `fetch` is bridged.
 */
export function toNodeHandler(handler: FetchLikeMcpHandler, options: ToNodeHandlerOptions = {}): NodeMcpRequestHandler {
  const native = nodeFaceOf(handler)?.(options);
  if (native !== undefined) {
    return async (request, response, parsedBody) => native(request, response, parsedBody);
  }
  return async (request, response, given) => {
    const parsedBody = typeof given === 'function' ? undefined : given;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      const web = await toWebRequest(request, parsedBody, { signal: gone.signal, ...options });
      const answer = await handler.fetch(web, {
        ...(request.auth && { authInfo: request.auth }),
        ...(parsedBody !== undefined && { parsedBody }),
      });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      if (answer.body === null) response.end();
      else await pipeline(Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0]), response);
    } catch (error) {
      options.onerror?.(error instanceof Error ? error : new Error(String(error)));
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    }
  };
}
