/** The endpoint as `(Request) => Promise<Response>`, for fetch hosts. */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import { parseErrorBody } from './admission.ts';
import { BodyBuffer } from './body-buffer.ts';
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
  readonly requestId = undefined;
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

/** A body that did not arrive in time. */
class SlowBody extends Error {}

/** The body as text; undefined when it is larger than allowed. */
async function readText(request: Request, maxBytes: number, maxMs: number): Promise<string | undefined> {
  if (request.body === null) return '';
  const reader = request.body.getReader();
  const body = new BodyBuffer(maxBytes);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    reader.cancel().catch(() => {});
  }, maxMs);
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      if (body.append(Buffer.from(chunk.value.buffer, chunk.value.byteOffset, chunk.value.byteLength))) continue;
      reader.cancel().catch(() => {});
      return undefined;
    }
  } finally {
    clearTimeout(timer);
  }
  if (late) throw new SlowBody();
  return body.toString();
}

/** Reads the body and answers. */
async function receive(endpoint: HttpEndpoint, incoming: FetchHttpRequest, responder: FetchResponder): Promise<void> {
  const { maxBodyBytes, bodyTimeoutMs } = endpoint.limits;
  let text: string | undefined;
  endpoint.reads(incoming);
  try {
    text = await readText(incoming.web, maxBodyBytes, bodyTimeoutMs);
  } catch (error) {
    endpoint.edge.limits.charge(incoming);
    if (error instanceof SlowBody) return responder.sendJson(408, codedBody('SLIP_SLOW_SENDER', { ms: bodyTimeoutMs }));
    // Something has read it before, or it broke off.
    endpoint.report(error);
    return responder.sendJson(400, parseErrorBody());
  } finally {
    endpoint.hasRead(incoming);
  }
  if (text !== undefined) return endpoint.serveText(incoming, responder, text);
  endpoint.edge.limits.charge(incoming);
  responder.sendJson(413, codedBody('SLIP_BODY_TOO_LARGE', { limit: maxBodyBytes }));
}

export function fetchHandler(endpoint: HttpEndpoint): FetchHandler {
  return async (request, options = {}) => {
    const { limits, edge, watch } = endpoint;
    const incoming = new FetchHttpRequest(request, options.authInfo);
    const responder = new FetchResponder(incoming, limits.maxBufferedBytes, request.signal, edge.headers, watch);
    if (!endpoint.admit(incoming, responder)) return responder.response;
    if (options.parsedBody !== undefined) endpoint.serve(incoming, responder, options.parsedBody);
    else await receive(endpoint, incoming, responder);
    return responder.response;
  };
}
