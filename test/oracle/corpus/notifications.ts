import type { Exchange, Json } from '../exchange.ts';
import { envelope, headerPairs, JSON_HEADERS, LEGACY, MODERN, raw } from './message.ts';

type HeaderMap = Readonly<Record<string, string | null>>;

function notification(method: string, params?: Json): Json {
  return { jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) };
}

function under(version: string, more: HeaderMap = {}): readonly (readonly [string, string])[] {
  return headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': version }, more);
}

const INITIALIZED = 'notifications/initialized';
const CANCELLED = 'notifications/cancelled';

/** Posted notifications and responses (2026-07-28 and 2025-11-25, basic/transports). */
export const notifications: readonly Exchange[] = [
  raw('initialized', INITIALIZED, LEGACY, 'good', { headers: under(LEGACY), body: notification(INITIALIZED) }),
  raw('initialized of 2025-03-26', INITIALIZED, '2025-03-26', 'good', {
    headers: under('2025-03-26'),
    body: notification(INITIALIZED, {}),
  }),
  raw('initialized without a version header', INITIALIZED, 'none', 'good', { body: notification(INITIALIZED) }),
  raw(
    'initialized at a modern-only server',
    INITIALIZED,
    LEGACY,
    'odd',
    { headers: under(LEGACY), body: notification(INITIALIZED) },
    {
      server: 'modern-only',
    },
  ),
  raw('initialized with a session id that nobody issued', INITIALIZED, LEGACY, 'odd', {
    headers: under(LEGACY, { 'Mcp-Session-Id': 'none-such' }),
    body: notification(INITIALIZED),
  }),
  raw('initialized under an unsupported version header', INITIALIZED, 'none', 'bad-version', {
    headers: under('1999-01-01'),
    body: notification(INITIALIZED),
  }),
  raw('a notification under a version header of the future', 'notifications/acme', MODERN, 'bad-version', {
    headers: under('2099-01-01'),
    body: notification('notifications/acme'),
  }),
  raw('a notification under a version header that is no date', 'notifications/acme', 'none', 'bad-version', {
    headers: under('latest'),
    body: notification('notifications/acme'),
  }),
  raw('a result under an unsupported version header', 'response', 'none', 'bad-version', {
    headers: under('1999-01-01'),
    body: { jsonrpc: '2.0', id: 4, result: {} },
  }),
  raw('cancelled', CANCELLED, LEGACY, 'good', {
    headers: under(LEGACY),
    body: notification(CANCELLED, { requestId: 5 }),
  }),
  raw('cancelled without a request id', CANCELLED, LEGACY, 'bad-params', {
    headers: under(LEGACY),
    body: notification(CANCELLED, {}),
  }),
  raw('roots changed', 'notifications/roots/list_changed', LEGACY, 'good', {
    headers: under(LEGACY),
    body: notification('notifications/roots/list_changed'),
  }),
  raw('a notification that nobody knows', 'notifications/acme', LEGACY, 'odd', {
    headers: under(LEGACY),
    body: notification('notifications/acme', { a: 1 }),
  }),
  raw('a notification with params that are an array', 'notifications/acme', LEGACY, 'bad-message', {
    headers: under(LEGACY),
    body: notification('notifications/acme', []),
  }),
  raw('enveloped cancelled', CANCELLED, MODERN, 'good', {
    headers: under(MODERN, { 'Mcp-Method': CANCELLED }),
    body: notification(CANCELLED, { requestId: 1, _meta: envelope() }),
  }),
  raw('cancelled under a modern header', CANCELLED, MODERN, 'good', {
    headers: under(MODERN, { 'Mcp-Method': CANCELLED }),
    body: notification(CANCELLED, { requestId: 1 }),
  }),
  raw('cancelled under a modern header without Mcp-Method', CANCELLED, MODERN, 'odd', {
    headers: under(MODERN),
    body: notification(CANCELLED, { requestId: 1 }),
  }),
  raw('cancelled under a modern header with another Mcp-Method', CANCELLED, MODERN, 'bad-header', {
    headers: under(MODERN, { 'Mcp-Method': 'notifications/progress' }),
    body: notification(CANCELLED, { requestId: 1 }),
  }),
  raw('enveloped cancelled under an older header', CANCELLED, MODERN, 'bad-header', {
    headers: under(LEGACY, { 'Mcp-Method': CANCELLED }),
    body: notification(CANCELLED, { requestId: 1, _meta: envelope() }),
  }),
  raw('enveloped cancelled with a version that is a number', CANCELLED, MODERN, 'bad-envelope', {
    headers: under(MODERN, { 'Mcp-Method': CANCELLED }),
    body: notification(CANCELLED, {
      requestId: 1,
      _meta: { ...envelope(), 'io.modelcontextprotocol/protocolVersion': 1 },
    }),
  }),
  raw('enveloped notification of a future version', 'notifications/acme', MODERN, 'bad-version', {
    headers: under('2099-01-01', { 'Mcp-Method': 'notifications/acme' }),
    body: notification('notifications/acme', { _meta: envelope({ version: '2099-01-01' }) }),
  }),
  raw('a result', 'response', LEGACY, 'good', { headers: under(LEGACY), body: { jsonrpc: '2.0', id: 4, result: {} } }),
  raw('an error response', 'response', LEGACY, 'good', {
    headers: under(LEGACY),
    body: { jsonrpc: '2.0', id: 4, error: { code: -1, message: 'no' } },
  }),
  raw('a result under a modern header', 'response', MODERN, 'bad-message', {
    headers: under(MODERN),
    body: { jsonrpc: '2.0', id: 4, result: {} },
  }),
  raw(
    'a result at a modern-only server',
    'response',
    MODERN,
    'bad-message',
    { headers: under(MODERN), body: { jsonrpc: '2.0', id: 4, result: {} } },
    {
      server: 'modern-only',
    },
  ),
];
