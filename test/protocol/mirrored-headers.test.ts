// What a client sends is what a server finds in order (MCP 2026-07-28, basic/transports/streamable-http, Value Encoding).
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeHeaderValue, encodeHeaderValue } from '../../src/protocol/header-value.ts';
import { checkParamHeaders, compileParamHeaders, paramHeaders } from '../../src/protocol/param-header.ts';
import { mirroredHeaders, standardHeaderFault } from '../../src/protocol/standard-headers.ts';

describe('values of mirrored headers', () => {
  const CASES: [text: string, value: string][] = [
    ['us-west1', 'us-west1'],
    ['with spaces inside', 'with spaces inside'],
    ['', ''],
    ['Hello, 世界', '=?base64?SGVsbG8sIOS4lueVjA==?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['line1\nline2', '=?base64?bGluZTEKbGluZTI=?='],
    ['=?base64?literal?=', '=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?='],
    ['=?base64?', '=?base64?'],
    ['🚢', '=?base64?8J+aog==?='],
  ];
  for (const [text, value] of CASES) {
    test(JSON.stringify(text), () => {
      assert.equal(encodeHeaderValue(text), value);
      assert.equal(decodeHeaderValue(value), text);
    });
  }
});

test('method and name of a request', () => {
  const message = { jsonrpc: '2.0' as const, id: 1, method: 'resources/read', params: { uri: 'note://ü' } };
  const headers = mirroredHeaders(message);
  const { 'mcp-method': mcpMethod, 'mcp-name': mcpName } = headers;
  assert.deepEqual(headers, { 'mcp-method': 'resources/read', 'mcp-name': encodeHeaderValue('note://ü') });
  assert.equal(standardHeaderFault(message, { protocolVersion: '2026-07-28', mcpMethod, mcpName }), undefined);
  assert.deepEqual(mirroredHeaders({ method: 'tools/list' }), { 'mcp-method': 'tools/list' });
  assert.deepEqual(mirroredHeaders({ method: 'tools/call', params: { name: 7 } }), { 'mcp-method': 'tools/call' });
});

test('arguments of a call: those that are there and not null', () => {
  const mirror = (type: string, name: string) => ({ type, 'x-mcp-header': name });
  const compiled = compileParamHeaders({
    type: 'object',
    properties: {
      region: mirror('string', 'Region'),
      count: mirror('integer', 'Count'),
      fast: mirror('boolean', 'Fast'),
      none: mirror('string', 'None'),
      absent: mirror('string', 'Absent'),
      place: { type: 'object', properties: { city: mirror('string', 'City') } },
    },
  });
  assert.ok('rules' in compiled);
  const args = { region: 'süd', count: -7, fast: false, none: null, place: { city: 'Lima' } };
  const headers = paramHeaders(compiled.rules, args);
  assert.deepEqual(headers, {
    'Mcp-Param-Region': encodeHeaderValue('süd'),
    'Mcp-Param-Count': '-7',
    'Mcp-Param-Fast': 'false',
    'Mcp-Param-City': 'Lima',
  });
  const byLowerCase = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  assert.equal(
    checkParamHeaders(compiled.rules, args, name => byLowerCase.get(name)),
    undefined,
  );
});
