import type { Exchange } from '../exchange.ts';
import type { Exemption } from '../exemption.ts';
import { isEmptyResult, memberOf } from './answer-part.ts';

function contentType({ request }: Exchange): string | undefined {
  return request.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
}

/** HTTP: methods, media types and paths. */
export const http: readonly Exemption[] = [
  {
    name: 'any Accept is served',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.family === 'http' &&
      /^legacy (without )?Accept/.test(exchange.name) &&
      sdk.status === 406 &&
      slipway.status === 200 &&
      isEmptyResult(slipway.messages[0]),
    reason: "The duty to list both types is the client's; 406 makes real clients give up, and both types are at hand.",
    spec: '2025-11-25, basic/transports, Sending Messages to the Server, items 2 and 5; RFC 9110, section 12.5.1',
  },
  {
    name: 'a body without a media type, or with one of JSON, is read as JSON',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.family === 'http' &&
      [undefined, 'application/vnd.acme+json'].includes(contentType(exchange)) &&
      sdk.status === 415 &&
      slipway.status === 200 &&
      Array.isArray(memberOf(slipway.messages[0], 'result', 'tools')),
    reason: 'No revision names the media type of a request; without one the body may be examined, and +json is JSON.',
    spec: 'RFC 9110, section 8.3; RFC 6839, section 3.1; 2026-07-28, basic/transports/streamable-http, Sending Messages',
  },
  {
    name: 'Allow lists OPTIONS',
    covers: (difference, exchange, { sdk, slipway }) =>
      difference.field === 'headers.allow' &&
      exchange.family === 'http' &&
      difference.sdk === 'POST' &&
      difference.slipway === 'OPTIONS, POST' &&
      (slipway.status === sdk.status || exchange.request.method === 'OPTIONS'),
    reason: 'The endpoint answers it, so the list of its methods has it.',
    spec: 'RFC 9110, section 10.2.1',
  },
  {
    name: 'OPTIONS is answered',
    covers: (difference, exchange, { sdk, slipway }) =>
      exchange.request.method === 'OPTIONS' &&
      ['status', 'framing', 'messages.0'].includes(difference.field) &&
      sdk.status === 405 &&
      slipway.status === 204 &&
      slipway.framing === 'empty',
    reason: 'Pages need it for their preflight; without an origin it tells the methods and nothing else.',
    spec: 'RFC 9110, section 9.3.7; Fetch, CORS protocol',
  },
  {
    name: 'a reserved path is not the MCP endpoint',
    covers: (_difference, exchange, { sdk, slipway }) =>
      exchange.request.path.startsWith('/.well-known/') && sdk.status === 405 && slipway.status === 404,
    reason: 'A server without sign-in has no such metadata, and clients take anything but 404 as a sign of it.',
    spec: 'RFC 9728, section 3; RFC 8615; 2026-07-28, basic/authorization, Protected Resource Metadata discovery',
  },
];
