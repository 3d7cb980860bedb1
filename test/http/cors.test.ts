import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corsHeaders, preflightHeaders } from '../../src/transport/http/cors.ts';

const ORIGIN = 'https://claude.ai';

function list(value: string | undefined): string[] {
  return (value ?? '').split(',').map(part => part.trim().toLowerCase());
}

test('a preflight allows the methods and the request headers of both eras', () => {
  const headers = preflightHeaders(ORIGIN, undefined);
  assert.equal(headers['Access-Control-Allow-Origin'], ORIGIN);
  assert.deepEqual(list(headers['Access-Control-Allow-Methods']).sort(), ['delete', 'get', 'options', 'post']);
  assert.deepEqual(list(headers['Access-Control-Allow-Headers']).sort(), [
    'accept',
    'authorization',
    'content-type',
    'last-event-id',
    'mcp-method',
    'mcp-name',
    'mcp-protocol-version',
    'mcp-session-id',
  ]);
  assert.equal(headers['Access-Control-Max-Age'], '86400');
});

test('a preflight allows the mirrored arguments that it asks for, and nothing else', () => {
  const asked = 'content-type, mcp-param-region,Mcp-Param-Tenant , x-evil, mcp-param-, mcp-param-a b, mcp-param-é';
  const allowed = list(preflightHeaders(ORIGIN, asked)['Access-Control-Allow-Headers']);
  assert.deepEqual(allowed.slice(8), ['mcp-param-region', 'mcp-param-tenant']);
});

test('a preflight can not make the answer grow without bound or break it', () => {
  const asked = Array.from({ length: 1000 }, (_, index) => `mcp-param-${index}`).join(',');
  assert.equal(list(preflightHeaders(ORIGIN, asked)['Access-Control-Allow-Headers']).length, 8 + 64);
  const long = preflightHeaders(ORIGIN, `mcp-param-${'a'.repeat(5000)}, mcp-param-a\r\nx: y`);
  assert.equal(list(long['Access-Control-Allow-Headers']).length, 8);
});

test('every answer exposes what a page must read and differs by Origin', () => {
  for (const headers of [corsHeaders(ORIGIN), preflightHeaders(ORIGIN, 'mcp-param-a')]) {
    assert.equal(headers['Access-Control-Allow-Origin'], ORIGIN);
    assert.deepEqual(list(headers['Access-Control-Expose-Headers']), [
      'www-authenticate',
      'mcp-session-id',
      'mcp-protocol-version',
      'retry-after',
    ]);
    assert.ok(list(headers['Vary']).includes('origin'));
    assert.equal(headers['Access-Control-Allow-Credentials'], undefined);
  }
});

test('the answers are headers that node and fetch take', () => {
  for (const headers of [corsHeaders(ORIGIN), preflightHeaders(ORIGIN, 'mcp-param-a')]) {
    assert.doesNotThrow(() => new Headers(headers));
  }
});
