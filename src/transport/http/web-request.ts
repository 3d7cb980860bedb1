/** From a node:http request, or what a framework made of one, to a web `Request`. */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import { RequestBodyTooLargeError, resolveMaxRequestBodySize } from './request-body.ts';

/** As much of a node:http `IncomingMessage` as the conversion reads; the `req` of Express and Fastify fits. */
export interface NodeIncomingMessageLike extends AsyncIterable<unknown> {
  method?: string;
  url?: string;
  headers: Record<string, string | string[] | undefined>;
  /** Who is asking, set by a middleware that validated an access token. */
  auth?: AuthInfo;
}

export interface ToWebRequestOptions {
  /** Becomes the signal of the `Request`. */
  signal?: AbortSignal;
  /** Bytes of the body; default 4 MiB. */
  maxRequestBodySize?: number;
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function headersOf(request: NodeIncomingMessageLike): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    // HTTP/2 pseudo-headers are not header fields.
    if (value === undefined || name.startsWith(':')) continue;
    for (const item of Array.isArray(value) ? value : [value]) headers.append(name, item);
  }
  return headers;
}

async function readText(request: NodeIncomingMessageLike, maxBytes: number): Promise<string> {
  if (Number(first(request.headers['content-length'])) > maxBytes) throw new RequestBodyTooLargeError(maxBytes);
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of request) {
    const isText = typeof chunk === 'string';
    bytes += isText ? Buffer.byteLength(chunk) : (chunk as Uint8Array).byteLength;
    if (bytes > maxBytes) throw new RequestBodyTooLargeError(maxBytes);
    text += isText ? chunk : decoder.decode(chunk as Uint8Array, { stream: true });
  }
  return text + decoder.decode();
}

/** Writes a body that was parsed already as JSON again, and makes the headers describe that text. */
function serializeParsed(parsedBody: unknown, headers: Headers): string | undefined {
  headers.delete('content-encoding');
  headers.delete('transfer-encoding');
  const text: string | undefined = JSON.stringify(parsedBody);
  if (text === undefined) headers.delete('content-length');
  else headers.set('content-length', String(Buffer.byteLength(text)));
  return text;
}

/**
 * The web form of a node:http request.
 *
 * @param parsedBody - what a body parser made of the body; without it the request is read to its end
 * @throws RequestBodyTooLargeError (`status` 413) when the body has more bytes than allowed
 * @throws RangeError for a `maxRequestBodySize` that is no positive, finite number
 * @throws TypeError when host and path make no URL
 */
export async function toWebRequest(
  request: NodeIncomingMessageLike,
  parsedBody?: unknown,
  options?: ToWebRequestOptions,
): Promise<Request> {
  const maxBytes = resolveMaxRequestBodySize(options?.maxRequestBodySize);
  const method = (request.method ?? 'GET').toUpperCase();
  const host = first(request.headers['host']) ?? first(request.headers[':authority']) ?? 'localhost';
  const headers = headersOf(request);
  let body: string | undefined;
  if (method !== 'GET' && method !== 'HEAD') {
    body = parsedBody === undefined ? await readText(request, maxBytes) : serializeParsed(parsedBody, headers);
  }
  return new Request(`http://${host}${request.url ?? '/'}`, {
    method,
    headers,
    ...(options?.signal !== undefined && { signal: options.signal }),
    ...(body !== undefined && body !== '' && { body }),
  });
}
