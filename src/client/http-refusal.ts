/** What a response that is no answer means, and what to do about it. */
import type { IncomingMessage } from 'node:http';
import { SlipwayError } from '../protocol/coded-error.ts';
import { isPlainObject, type RequestId } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { shownAddress } from './server-address.ts';

const SHOWN_CHARACTERS = 120;

/** Where a redirect leads, without what may be secret in it. */
function targetOf(location: string | undefined, url: URL): string {
  try {
    return shownAddress(new URL(location ?? '', url));
  } catch {
    return 'nowhere';
  }
}

/** The challenge without the scheme's secrets: which scheme, which error, where the metadata is. */
function challengeOf(header: string | undefined): string {
  if (header === undefined) return 'it does not say how';
  const scheme = /^\s*([\w-]+)/.exec(header)?.[1] ?? 'unknown';
  const parameter = (name: string) => new RegExp(`[\\s,]${name}="([^"]{1,300})"`).exec(header)?.[1];
  const said = ['error', 'error_description', 'scope', 'resource_metadata']
    .map(name => [name, parameter(name)] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`);
  return [scheme, ...said].join(', ');
}

/** The beginning of a body for people, on one line; pages of HTML say it in their title. */
function shownBody(body: string, contentType: string): string {
  const text = contentType.includes('html') ? (/<title[^>]*>([^<]*)/i.exec(body)?.[1] ?? '') : body;
  // Control characters could play tricks on a terminal.
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}...` : line;
}

/** A JSON-RPC error in a body: that of this request, or of one whose id the server could not read. */
function errorIn(body: string, id: RequestId | undefined): ProtocolError | undefined {
  let message: unknown;
  try {
    message = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isPlainObject(message) || !isPlainObject(message['error'])) return undefined;
  const theirs = message['id'];
  if (theirs !== undefined && theirs !== null && theirs !== id) return undefined;
  const { code, message: text, data } = message['error'];
  if (typeof code !== 'number' || typeof text !== 'string') return undefined;
  return ProtocolError.fromError(code, text, data);
}

/**
 * The error for a response with a status that is not 2xx.
 *
 * @param id of the request that it answers, if any
 * @param inSession whether the request named a session
 */
export function refusal(
  response: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  body: string,
  url: URL,
  id: RequestId | undefined,
  inSession: boolean,
): Error {
  const { statusCode: status = 0, headers } = response;
  const address = shownAddress(url);
  const contentType = headers['content-type'] ?? '';
  if (status >= 300 && status < 400) {
    return new SlipwayError('SLIP_SERVER_REDIRECT', { url: address, status, target: targetOf(headers.location, url) });
  }
  const told = errorIn(body, id);
  const shown = told?.message ?? shownBody(body, contentType);
  const why = shown === '' ? '' : `: ${shown}`;
  if (status === 401) {
    return new SlipwayError('SLIP_SERVER_UNAUTHORIZED', {
      url: address,
      why: challengeOf(headers['www-authenticate']),
    });
  }
  if (status === 403) {
    const challenge = headers['www-authenticate'];
    const text = challenge === undefined ? why : `: ${challengeOf(challenge)}`;
    return new SlipwayError('SLIP_SERVER_FORBIDDEN', { url: address, why: text });
  }
  if (status === 404 && inSession) return new SlipwayError('SLIP_SERVER_SESSION', { url: address });
  if (told !== undefined) return told;
  return new SlipwayError('SLIP_SERVER_STATUS', { url: address, status, why });
}
