/** What a small server of the tests is asked, and what it answers. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';

export interface FixtureRequest {
  readonly method: string;
  /** Absolute: scheme and host as the client wrote them. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The body as JSON; undefined where it is none. */
  readonly message:
    | { readonly id?: unknown; readonly method?: string; readonly params?: Readonly<Record<string, unknown>> }
    | undefined;
  /** Of the connection, counted from 1. */
  readonly connection: number;
}

export interface FixtureAnswer {
  status?: number;
  /** A list is sent as several headers of one name. */
  headers?: Record<string, string | readonly string[]>;
  /** An object is sent as JSON; pieces are sent as they come, without a length. */
  body?: object | string | Buffer | AsyncIterable<string | Buffer>;
}

/**
 * What is wrong. Undefined: nothing, this request is answered as a healthy server does.
 *
 * @param healthy what a healthy server answers, to be changed
 */
export type Fault = (
  request: FixtureRequest,
  healthy: () => Promise<FixtureAnswer>,
) => FixtureAnswer | Promise<FixtureAnswer> | undefined;

/** For what no answer can express: takes request and response, and says whether it did. */
export type RawFault = (request: IncomingMessage, response: ServerResponse) => boolean;

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): FixtureRequest['message'] {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function readRequest(
  request: IncomingMessage,
  scheme: 'http' | 'https',
  connection: number,
): Promise<FixtureRequest> {
  const body = await readBody(request);
  return {
    method: request.method ?? '',
    url: new URL(request.url ?? '/', `${scheme}://${request.headers.host ?? 'localhost'}`),
    headers: request.headers,
    body,
    message: parsed(body),
    connection,
  };
}

export async function writeAnswer(response: ServerResponse, answer: FixtureAnswer): Promise<void> {
  const { status = 200, headers = {}, body } = answer;
  const isPlain = typeof body === 'object' && !Buffer.isBuffer(body) && !(Symbol.asyncIterator in body);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (isPlain && !response.hasHeader('content-type')) response.setHeader('Content-Type', 'application/json');
  response.statusCode = status;
  if (body === undefined) response.end();
  else if (isPlain) response.end(JSON.stringify(body));
  else if (typeof body === 'string' || Buffer.isBuffer(body)) response.end(body);
  else {
    response.flushHeaders();
    for await (const piece of body as AsyncIterable<string | Buffer>) {
      if (response.destroyed) return;
      response.write(piece);
    }
    response.end();
  }
}
