/** One HTTP request and the head of its response, over node:http or node:https. */
import type { Agent, IncomingMessage, RequestOptions } from 'node:http';
import { SlipwayError } from '../protocol/coded-error.ts';
import { connectionFault } from './connection-fault.ts';
import { shownAddress } from './server-address.ts';

export interface HttpSending {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly agent: Agent;
  readonly signal: AbortSignal | undefined;
}

/** The module for a protocol; loaded only when it is needed. */
export async function httpModule(url: URL): Promise<typeof import('node:http') | typeof import('node:https')> {
  return url.protocol === 'https:' ? import('node:https') : import('node:http');
}

/**
 * Sends a request and resolves with the head of its response. Redirects are not followed.
 *
 * @throws SlipwayError `SLIP_SERVER_UNREACHABLE`, `SLIP_SERVER_TLS`, `SLIP_INVALID_OPTION` for a header that can not be
 * sent; the reason of an abort
 */
export async function exchange({ method, url, headers, body, agent, signal }: HttpSending): Promise<IncomingMessage> {
  const { request } = await httpModule(url);
  signal?.throwIfAborted();
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const options: RequestOptions = {
    method,
    agent,
    headers: { ...headers, ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) },
    ...(signal && { signal }),
  };
  try {
    const sent = request(url, options, resolve);
    // An answer may come before all of the body is sent; what happens to the rest of it is no matter then.
    sent.on('error', error => reject(signal?.aborted ? signal.reason : connectionFault(error, url)));
    sent.end(body);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'headers', why }, { cause: error });
  }
  return promise;
}

/**
 * The text of a body.
 *
 * @throws SlipwayError `SLIP_SERVER_ANSWER` when it has more bytes than allowed, or breaks off; the reason of an abort
 */
export async function bodyText(response: IncomingMessage, maxBytes: number, url: URL): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        response.destroy();
        throw new SlipwayError('SLIP_SERVER_ANSWER', { why: `the answer has more than ${maxBytes} bytes` });
      }
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    const why = `the answer of ${shownAddress(url)} broke off`;
    throw new SlipwayError('SLIP_SERVER_CLOSED', { why }, { cause: error });
  }
  return Buffer.concat(chunks).toString('utf8');
}
