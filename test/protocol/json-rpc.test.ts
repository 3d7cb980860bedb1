import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@modelcontextprotocol/server';
import { isInitializeRequest } from '../../src/protocol/initialize.ts';
import { isInputRequiredResult } from '../../src/protocol/input-required.ts';
import {
  isJSONRPCErrorResponse,
  isJSONRPCMessage,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  isJSONRPCResultResponse,
  isPlainObject,
} from '../../src/protocol/json-rpc.ts';
import { isCallToolResult } from '../../src/protocol/tool.ts';

const request = { jsonrpc: '2.0', id: 1, method: 'ping' };
const notification = { jsonrpc: '2.0', method: 'notifications/initialized' };
const result = { jsonrpc: '2.0', id: 'a', result: {} };
const error = { jsonrpc: '2.0', id: 1, error: { code: -32600, message: 'no' } };

/** What each value is; null for none of the four. */
const cases: readonly (readonly [unknown, 'request' | 'notification' | 'result' | 'error' | null])[] = [
  [request, 'request'],
  [{ ...request, id: 'x' }, 'request'],
  [{ ...request, id: '' }, 'request'],
  [{ ...request, id: 0 }, 'request'],
  [{ ...request, id: -1 }, 'request'],
  [{ ...request, params: {} }, 'request'],
  [{ ...request, params: { _meta: {} } }, 'request'],
  [{ ...request, params: { _meta: { progressToken: 7 }, more: [1] } }, 'request'],
  [{ ...request, id: null }, null],
  [{ ...request, id: 1.5 }, null],
  [{ ...request, id: Number.NaN }, null],
  [{ ...request, id: 2 ** 53 }, null],
  [{ ...request, id: true }, null],
  [{ ...request, id: {} }, null],
  [{ ...request, jsonrpc: '1.0' }, null],
  [{ ...request, jsonrpc: 2 }, null],
  [{ id: 1, method: 'ping' }, null],
  [{ ...request, method: 7 }, null],
  [{ ...request, params: [] }, null],
  [{ ...request, params: null }, null],
  [{ ...request, params: 'x' }, null],
  [{ ...request, params: { _meta: 'x' } }, null],
  [{ ...request, params: { _meta: { progressToken: null } } }, null],
  [{ ...request, params: { _meta: { progressToken: 1.5 } } }, null],
  [{ ...request, result: {} }, null],
  [{ ...request, error: {} }, null],
  [notification, 'notification'],
  [{ ...notification, params: { reason: 'x' } }, 'notification'],
  [{ ...notification, params: [] }, null],
  [result, 'result'],
  [{ ...result, result: { _meta: {}, more: 1 } }, 'result'],
  [{ ...result, id: undefined }, null],
  [{ ...result, id: null }, null],
  [{ ...result, result: null }, null],
  [{ ...result, result: [] }, null],
  [{ ...result, result: 'x' }, null],
  [{ ...result, result: { _meta: 1 } }, null],
  [{ ...result, error: error.error }, null],
  [error, 'error'],
  [{ jsonrpc: '2.0', error: error.error }, 'error'],
  [{ ...error, error: { ...error.error, data: null } }, 'error'],
  [{ ...error, id: null }, null],
  [{ ...error, error: { code: 1.5, message: 'x' } }, null],
  [{ ...error, error: { code: '1', message: 'x' } }, null],
  [{ ...error, error: { code: 1 } }, null],
  [{ ...error, error: null }, null],
  [null, null],
  [undefined, null],
  [[], null],
  [[request], null],
  ['ping', null],
  [1, null],
  [{}, null],
];

test('each guard accepts exactly its own kind of message', () => {
  for (const [value, kind] of cases) {
    const text = JSON.stringify(value);
    assert.equal(isJSONRPCRequest(value), kind === 'request', `request: ${text}`);
    assert.equal(isJSONRPCNotification(value), kind === 'notification', `notification: ${text}`);
    assert.equal(isJSONRPCResultResponse(value), kind === 'result', `result: ${text}`);
    assert.equal(isJSONRPCErrorResponse(value), kind === 'error', `error: ${text}`);
    assert.equal(isJSONRPCResponse(value), kind === 'result' || kind === 'error', `response: ${text}`);
    assert.equal(isJSONRPCMessage(value), kind !== null, `message: ${text}`);
  }
});

test('the guards agree with the official SDK', () => {
  for (const [value] of cases) {
    const text = JSON.stringify(value);
    assert.equal(isJSONRPCRequest(value), sdk.isJSONRPCRequest(value), `request: ${text}`);
    assert.equal(isJSONRPCNotification(value), sdk.isJSONRPCNotification(value), `notification: ${text}`);
    assert.equal(isJSONRPCResultResponse(value), sdk.isJSONRPCResultResponse(value), `result: ${text}`);
    assert.equal(isJSONRPCErrorResponse(value), sdk.isJSONRPCErrorResponse(value), `error: ${text}`);
  }
});

test('a plain object is no array and not null', () => {
  assert.equal(isPlainObject({}), true);
  assert.equal(isPlainObject(Object.create(null)), true);
  for (const value of [null, undefined, [], 'x', 1, true, () => {}]) assert.equal(isPlainObject(value), false);
});

test('isInitializeRequest and isCallToolResult agree with the official SDK', () => {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'a', version: '1' } };
  const text = { type: 'text', text: 'x' };
  const initializes = [
    { method: 'initialize', params },
    { jsonrpc: '2.0', id: 1, method: 'initialize', params },
    { method: 'ping', params },
    { method: 'initialize' },
    { method: 'initialize', params: { ...params, protocolVersion: 1 } },
    { method: 'initialize', params: { ...params, capabilities: undefined } },
    { method: 'initialize', params: { ...params, clientInfo: { name: 'a' } } },
    null,
  ];
  for (const value of initializes)
    assert.equal(isInitializeRequest(value), sdk.isInitializeRequest(value), JSON.stringify(value));
  const results = [
    { content: [] },
    { content: [text], isError: true, structuredContent: [1] },
    { content: [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }] },
    { content: [{ type: 'image', data: 'AAAA' }] },
    { content: [{ type: 'resource', resource: { uri: 'a:b', text: '' } }] },
    { content: [{ type: 'resource', resource: { uri: 'a:b' } }] },
    { content: [{ type: 'resource_link', uri: 'a:b', name: 'b' }] },
    { content: [{ type: 'resource_link', uri: 'a:b' }] },
    { content: [{ type: 'tool_use', id: '1', name: 'x', input: {} }] },
    { content: [text, null] },
    { content: text },
    { content: [text], isError: 'yes' },
    { content: [text], _meta: 1 },
    {},
    { structuredContent: {} },
    null,
    [],
  ];
  for (const value of results)
    assert.equal(isCallToolResult(value), sdk.isCallToolResult(value), JSON.stringify(value));
});

test('isInputRequiredResult looks at resultType only', () => {
  assert.equal(isInputRequiredResult({ resultType: 'input_required' }), true);
  for (const value of [{ resultType: 'complete' }, {}, null, [], 'input_required'])
    assert.equal(isInputRequiredResult(value), false);
});
