import type { Exchange, Json } from '../exchange.ts';
import { type Changes, headerPairs, JSON_HEADERS, LEGACY, legacy, MODERN, modern, raw } from './message.ts';

const BAD = { class: 'bad-params' } as const;

function hello(version: Json): { readonly [key: string]: Json } {
  return { protocolVersion: version, capabilities: {}, clientInfo: { name: 'oracle', version: '1.0.0' } };
}

function initialize(name: string, version: string, changes: Changes = {}): Exchange {
  return legacy(name, 'initialize', hello(version), { version, ...changes });
}

/** The handshake and `ping` of the older revisions (2025-11-25, basic/lifecycle). */
export const lifecycle: readonly Exchange[] = [
  initialize('initialize 2025-11-25', LEGACY),
  initialize('initialize 2025-06-18', '2025-06-18'),
  initialize('initialize 2025-03-26', '2025-03-26'),
  initialize('initialize 2024-11-05', '2024-11-05'),
  initialize('initialize of a server with one tool', LEGACY, { server: 'bare' }),
  initialize('initialize of a future version', '2099-01-01', { class: 'bad-version' }),
  initialize('initialize of the version without a handshake', MODERN, { class: 'bad-version' }),
  initialize('initialize with a matching header', LEGACY, { headers: { 'MCP-Protocol-Version': LEGACY } }),
  initialize('initialize under a modern header', LEGACY, {
    headers: { 'MCP-Protocol-Version': MODERN },
    class: 'bad-header',
  }),
  initialize('initialize under a header of another version', LEGACY, {
    headers: { 'MCP-Protocol-Version': '2025-06-18' },
    class: 'odd',
  }),
  initialize('initialize with a session id', LEGACY, { headers: { 'Mcp-Session-Id': 'old' }, class: 'odd' }),
  initialize('initialize at a modern-only server', LEGACY, { server: 'modern-only', class: 'bad-version' }),
  legacy('initialize without params', 'initialize', undefined, BAD),
  legacy(
    'initialize without a version',
    'initialize',
    { capabilities: {}, clientInfo: { name: 'o', version: '1' } },
    BAD,
  ),
  legacy('initialize with a version that is a number', 'initialize', hello(2025), BAD),
  legacy('initialize without client info', 'initialize', { protocolVersion: LEGACY, capabilities: {} }, BAD),
  legacy(
    'initialize with unknown capabilities',
    'initialize',
    { ...hello(LEGACY), capabilities: { acme: { x: 1 } } },
    {
      class: 'odd',
    },
  ),
  modern('enveloped initialize', 'initialize', hello(MODERN), { class: 'bad-method' }),
  modern('enveloped ping', 'ping', {}, { class: 'bad-method' }),
  legacy('ping', 'ping'),
  legacy('ping with params', 'ping', {}),
  legacy('ping of 2025-06-18', 'ping', {}, { version: '2025-06-18' }),
  legacy('ping of 2025-03-26', 'ping', {}, { version: '2025-03-26' }),
  legacy('ping without a version header', 'ping', {}, { headers: { 'MCP-Protocol-Version': null } }),
  legacy(
    'ping with a session id that nobody issued',
    'ping',
    {},
    {
      headers: { 'Mcp-Session-Id': 'none-such' },
      class: 'odd',
    },
  ),
  legacy('ping at a modern-only server', 'ping', {}, { server: 'modern-only', class: 'bad-version' }),
  raw('ping under an unsupported version header', 'ping', 'none', 'bad-version', {
    headers: headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': '1999-01-01' }),
    body: { jsonrpc: '2.0', id: 1, method: 'ping' },
  }),
  raw('ping under a version header of the future', 'ping', 'none', 'bad-version', {
    headers: headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': '2099-01-01' }),
    body: { jsonrpc: '2.0', id: 1, method: 'ping' },
  }),
  raw('ping under a version header that is no date', 'ping', 'none', 'bad-version', {
    headers: headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': 'latest' }),
    body: { jsonrpc: '2.0', id: 1, method: 'ping' },
  }),
  legacy('legacy server/discover', 'server/discover', {}, { class: 'bad-method' }),
];
