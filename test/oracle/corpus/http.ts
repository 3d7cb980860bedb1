import type { Exchange } from '../exchange.ts';
import { headerPairs, JSON_HEADERS, legacy, MODERN, modern, raw } from './message.ts';

const BAD = 'bad-http' as const;
const STREAM = headerPairs({ Accept: 'text/event-stream' });

/** Methods, media types and paths (basic/transports of every revision; RFC 9110). */
export const http: readonly Exchange[] = [
  raw('GET for a stream', 'http', 'none', BAD, { method: 'GET', headers: STREAM }),
  raw('GET of 2025-11-25 for a stream', 'http', '2025-11-25', BAD, {
    method: 'GET',
    headers: headerPairs({ Accept: 'text/event-stream', 'MCP-Protocol-Version': '2025-11-25' }),
  }),
  raw('GET under a modern header', 'http', MODERN, BAD, {
    method: 'GET',
    headers: headerPairs({ Accept: 'text/event-stream', 'MCP-Protocol-Version': MODERN }),
  }),
  raw('GET to resume a stream', 'http', '2025-11-25', BAD, {
    method: 'GET',
    headers: headerPairs({ Accept: 'text/event-stream', 'Last-Event-ID': '3' }),
  }),
  raw('GET without Accept', 'http', 'none', BAD, { method: 'GET', headers: [] }),
  raw(
    'GET at a modern-only server',
    'http',
    MODERN,
    BAD,
    { method: 'GET', headers: STREAM },
    { server: 'modern-only' },
  ),
  raw('HEAD', 'http', 'none', BAD, { method: 'HEAD', headers: [] }),
  raw('DELETE', 'http', 'none', BAD, { method: 'DELETE', headers: [] }),
  raw('DELETE of a session', 'http', '2025-11-25', BAD, {
    method: 'DELETE',
    headers: headerPairs({ 'Mcp-Session-Id': 'none-such' }),
  }),
  raw(
    'DELETE at a modern-only server',
    'http',
    MODERN,
    BAD,
    { method: 'DELETE', headers: [] },
    { server: 'modern-only' },
  ),
  raw('PUT', 'http', 'none', BAD, { method: 'PUT', headers: headerPairs(JSON_HEADERS), body: '{}' }),
  raw('PATCH', 'http', 'none', BAD, { method: 'PATCH', headers: headerPairs(JSON_HEADERS), body: '{}' }),
  raw('OPTIONS without an origin', 'http', 'none', BAD, { method: 'OPTIONS', headers: [] }),
  modern(
    'a body of text/plain',
    'tools/list',
    {},
    { family: 'http', class: BAD, headers: { 'Content-Type': 'text/plain' } },
  ),
  modern(
    'a body of a form',
    'tools/list',
    {},
    {
      family: 'http',
      class: BAD,
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    },
  ),
  modern(
    'a body without a content type',
    'tools/list',
    {},
    { family: 'http', class: BAD, headers: { 'Content-Type': null } },
  ),
  modern(
    'a content type that only contains the right one',
    'tools/list',
    {},
    {
      family: 'http',
      class: BAD,
      headers: { 'Content-Type': 'text/plain; x=application/json' },
    },
  ),
  modern(
    'a content type with a charset',
    'tools/list',
    {},
    {
      family: 'http',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
    },
  ),
  modern(
    'a content type in capitals',
    'tools/list',
    {},
    { family: 'http', headers: { 'Content-Type': 'APPLICATION/JSON' } },
  ),
  modern(
    'a content type with a suffix',
    'tools/list',
    {},
    {
      family: 'http',
      class: 'odd',
      headers: { 'Content-Type': 'application/vnd.acme+json' },
    },
  ),
  modern('no Accept', 'prompts/list', {}, { family: 'http', class: 'odd', headers: { Accept: null } }),
  modern('Accept of anything', 'prompts/list', {}, { family: 'http', class: 'odd', headers: { Accept: '*/*' } }),
  modern(
    'Accept of JSON only',
    'prompts/list',
    {},
    { family: 'http', class: 'odd', headers: { Accept: 'application/json' } },
  ),
  modern(
    'Accept of streams only',
    'prompts/list',
    {},
    { family: 'http', class: 'odd', headers: { Accept: 'text/event-stream' } },
  ),
  modern('Accept of HTML only', 'prompts/list', {}, { family: 'http', class: 'odd', headers: { Accept: 'text/html' } }),
  legacy(
    'legacy body of text/plain',
    'ping',
    {},
    { family: 'http', class: BAD, headers: { 'Content-Type': 'text/plain' } },
  ),
  legacy('legacy without Accept', 'ping', {}, { family: 'http', class: 'odd', headers: { Accept: null } }),
  legacy('legacy Accept of anything', 'ping', {}, { family: 'http', class: 'odd', headers: { Accept: '*/*' } }),
  legacy(
    'legacy Accept of JSON only',
    'ping',
    {},
    { family: 'http', class: 'odd', headers: { Accept: 'application/json' } },
  ),
  legacy(
    'legacy Accept of streams only',
    'ping',
    {},
    { family: 'http', class: 'odd', headers: { Accept: 'text/event-stream' } },
  ),
  legacy('legacy Accept of HTML only', 'ping', {}, { family: 'http', class: 'odd', headers: { Accept: 'text/html' } }),
  modern('a call on the mcp path with a query', 'prompts/list', {}, { family: 'http', path: '/mcp?x=1', class: 'odd' }),
  modern('a call on the mcp path with a slash', 'prompts/list', {}, { family: 'http', path: '/mcp/', class: 'odd' }),
  legacy('a legacy call on the mcp path', 'ping', {}, { family: 'http', path: '/mcp' }),
  raw('the metadata of a server without sign-in', 'http', 'none', 'odd', {
    method: 'GET',
    path: '/.well-known/oauth-protected-resource',
    headers: [],
  }),
];
