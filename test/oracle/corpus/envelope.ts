import type { Exchange, Json } from '../exchange.ts';
import { envelope, headerPairs, JSON_HEADERS, MODERN, raw } from './message.ts';

const MODERN_HEADERS = headerPairs(JSON_HEADERS, { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'tools/list' });
const VERSION = 'io.modelcontextprotocol/protocolVersion';
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
const CLIENT = 'io.modelcontextprotocol/clientInfo';

function withMeta(
  name: string,
  meta: Json | undefined,
  kind: 'bad-envelope' | 'good' | 'odd' = 'bad-envelope',
): Exchange {
  const params: Json = meta === undefined ? {} : { _meta: meta };
  return raw(name, 'tools/list', MODERN, kind, {
    headers: MODERN_HEADERS,
    body: { jsonrpc: '2.0', id: 7, method: 'tools/list', params },
  });
}

function without(key: string): Json {
  return Object.fromEntries(Object.entries(envelope()).filter(([name]) => name !== key));
}

/** The per-request `_meta` (2026-07-28, basic/index). */
export const envelopes: readonly Exchange[] = [
  withMeta('no _meta under a modern header', undefined),
  withMeta('empty _meta under a modern header', {}),
  withMeta('_meta is null', null),
  withMeta('_meta is an array', []),
  withMeta('_meta is a string', 'x'),
  withMeta('no version in _meta', without(VERSION)),
  withMeta('no client capabilities', without(CAPABILITIES)),
  withMeta('no client info', without(CLIENT), 'good'),
  withMeta('version is a number', { ...envelope(), [VERSION]: 20260728 }),
  withMeta('version is null', { ...envelope(), [VERSION]: null }),
  withMeta('capabilities are null', { ...envelope(), [CAPABILITIES]: null }),
  withMeta('capabilities are an array', { ...envelope(), [CAPABILITIES]: [] }),
  withMeta('capabilities are a string', { ...envelope(), [CAPABILITIES]: 'all' }),
  withMeta('client info is a string', { ...envelope(), [CLIENT]: 'oracle' }),
  withMeta('client info has no name', { ...envelope(), [CLIENT]: { version: '1' } }),
  withMeta('unknown log level in the envelope', { ...envelope(), 'io.modelcontextprotocol/logLevel': 'loud' }),
  withMeta('unknown capabilities', { ...envelope(), [CAPABILITIES]: { acme: { deep: [1] }, extensions: {} } }, 'odd'),
  withMeta('foreign keys in _meta', { ...envelope(), 'acme.example/trace': { a: 1 }, traceparent: '00-0-0-00' }, 'odd'),
  raw('no params under a modern header', 'tools/list', MODERN, 'bad-envelope', {
    headers: MODERN_HEADERS,
    body: { jsonrpc: '2.0', id: 7, method: 'tools/list' },
  }),
  raw('params are an array under a modern header', 'tools/list', MODERN, 'bad-envelope', {
    headers: MODERN_HEADERS,
    body: { jsonrpc: '2.0', id: 7, method: 'tools/list', params: [] },
  }),
  raw('params are null under a modern header', 'tools/list', MODERN, 'bad-envelope', {
    headers: MODERN_HEADERS,
    body: { jsonrpc: '2.0', id: 7, method: 'tools/list', params: null },
  }),
  raw('params are a string under a modern header', 'tools/list', MODERN, 'bad-envelope', {
    headers: MODERN_HEADERS,
    body: { jsonrpc: '2.0', id: 7, method: 'tools/list', params: 'x' },
  }),
];
