import type { Era, Exchange, ExchangeClass, Json } from '../exchange.ts';
import { type Changes, envelope, headerPairs, JSON_HEADERS, LEGACY, MODERN, raw } from './message.ts';

const PING: Json = { jsonrpc: '2.0', id: 1, method: 'ping' };
const LIST: Json = { jsonrpc: '2.0', id: 'two', method: 'prompts/list', params: {} };
const NOTE: Json = { jsonrpc: '2.0', method: 'notifications/initialized' };
const RESULT: Json = { jsonrpc: '2.0', id: 9, result: {} };
const MODERN_LIST: Json = { jsonrpc: '2.0', id: 3, method: 'tools/list', params: { _meta: envelope() } };
const INITIALIZE: Json = {
  jsonrpc: '2.0',
  id: 0,
  method: 'initialize',
  params: { protocolVersion: '2025-03-26', capabilities: {}, clientInfo: { name: 'oracle', version: '1' } },
};

function batch(name: string, version: Era, kind: ExchangeClass, body: Json, changes: Changes = {}): Exchange {
  const headers = headerPairs(JSON_HEADERS, version === 'none' ? {} : { 'MCP-Protocol-Version': version });
  return raw(name, 'batch', version, kind, { headers, body }, changes);
}

/** JSON-RPC batches (2025-03-26, basic/transports; removed in 2025-06-18). */
export const batches: readonly Exchange[] = [
  batch('a batch of two requests', '2025-03-26', 'good', [PING, LIST]),
  batch('a batch of two requests without a version header', 'none', 'good', [PING, LIST]),
  batch('a batch of one request', '2025-03-26', 'good', [PING]),
  batch('a batch of a request and a notification', '2025-03-26', 'good', [NOTE, PING]),
  batch('a batch of notifications', '2025-03-26', 'good', [NOTE, NOTE]),
  batch('a batch of responses', '2025-03-26', 'good', [RESULT]),
  batch('a batch with an unknown method', '2025-03-26', 'bad-method', [
    PING,
    { jsonrpc: '2.0', id: 2, method: 'acme/none' },
  ]),
  batch('a batch with initialize alone', '2025-03-26', 'odd', [INITIALIZE]),
  batch('a batch with initialize and another', '2025-03-26', 'bad-message', [INITIALIZE, PING]),
  batch('an empty batch', '2025-03-26', 'bad-message', []),
  batch('a batch with an invalid element', '2025-03-26', 'bad-message', [PING, 5]),
  batch('a batch with an element without a version', '2025-03-26', 'bad-message', [{ id: 1, method: 'ping' }]),
  batch('a batch with an enveloped request', '2025-03-26', 'bad-message', [PING, MODERN_LIST]),
  batch('a batch of enveloped requests', MODERN, 'bad-message', [MODERN_LIST]),
  batch('a batch at a modern-only server', '2025-03-26', 'bad-message', [PING], { server: 'modern-only' }),
  batch('a batch of a later revision', LEGACY, 'odd', [PING, LIST]),
  batch('a batch of 2025-06-18', '2025-06-18', 'odd', [PING]),
  batch('a batch of bare requests under a modern header', MODERN, 'bad-message', [PING]),
];
