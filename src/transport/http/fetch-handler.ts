/** The endpoint as `(Request) => Promise<Response>`, for fetch hosts. */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import { parseErrorBody } from './admission.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import { FetchResponder } from './fetch-responder.ts';
import type { HttpRequest } from './http-request.ts';

export interface FetchOptions {
  /** A validated token; never derived from headers here. */
  authInfo?: AuthInfo;
  /** The parsed body, where something has read it already. */
  parsedBody?: unknown;
}

export type FetchHandler = (request: Request, options?: FetchOptions) => Promise<Response>;

class FetchHttpRequest implements HttpRequest {
  readonly web: Request;
  readonly authInfo: AuthInfo | undefined;
  readonly remoteAddress = undefined;
  readonly localAddress = undefined;
  readonly url: string;

  constructor(request: Request, authInfo: AuthInfo | undefined) {
    this.web = request;
    this.authInfo = authInfo;
    const { pathname, search } = new URL(request.url);
    this.url = pathname + search;
  }

  get source(): object {
    return this.web;
  }

  get method(): string {
    return this.web.method;
  }

  header(name: string): string | undefined {
    return this.web.headers.get(name) ?? (name === 'host' ? new URL(this.web.url).host : undefined);
  }
}

/** The body as text; undefined when it is larger than allowed. */
async function readText(request: Request, maxBytes: number): Promise<string | undefined> {
  if (request.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads the body and answers; how long that may take is the host's to say. */
async function receive(endpoint: HttpEndpoint, incoming: FetchHttpRequest, responder: FetchResponder): Promise<void> {
  const { maxBodyBytes } = endpoint.limits;
  let text: string | undefined;
  endpoint.reading++;
  try {
    text = await readText(incoming.web, maxBodyBytes);
  } catch (error) {
    // Something has read it before, or it broke off.
    endpoint.report(error);
    return responder.sendJson(400, parseErrorBody());
  } finally {
    endpoint.bodySettled();
  }
  if (text === undefined) responder.sendJson(413, codedBody('SLIP_BODY_TOO_LARGE', { limit: maxBodyBytes }));
  else endpoint.serveText(incoming, responder, text);
}

export function fetchHandler(endpoint: HttpEndpoint): FetchHandler {
  return async (request, options = {}) => {
    const responder = new FetchResponder(endpoint.limits.maxBufferedBytes, request.signal);
    const incoming = new FetchHttpRequest(request, options.authInfo);
    if (!endpoint.admit(incoming, responder)) return responder.response;
    if (options.parsedBody !== undefined) endpoint.serve(incoming, responder, options.parsedBody);
    else await receive(endpoint, incoming, responder);
    return responder.response;
  };
}
