import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isReservedPath } from '../../src/transport/http/reserved-path.ts';

test('discovery, OAuth and operator paths are reserved, with what is below them', () => {
  for (const path of [
    '/.well-known/oauth-protected-resource',
    '/.well-known/oauth-protected-resource/mcp',
    '/.well-known',
    '/authorize',
    '/token',
    '/token/',
    '/register',
    '/healthz',
    '/readyz',
    '/metrics',
    '/sse',
    '/sse/',
    '/messages',
    '/messages/1',
    '/favicon.ico',
    '/robots.txt',
  ]) {
    assert.equal(isReservedPath(path), true, path);
    assert.equal(isReservedPath(`${path}?a=/mcp`), true, path);
  }
});

test('a discovery document below another path is reserved as well', () => {
  assert.equal(isReservedPath('/mcp/.well-known/openid-configuration'), true);
});

test('every other path answers as MCP', () => {
  for (const path of [
    '/',
    '/mcp',
    '/mcp/',
    '/mcp?token=/sse',
    '/?x=/.well-known/',
    '/any/other/path',
    '/mcp/sse',
    '/tokens',
    '/Token',
    '/SSE',
    '/authorized',
    '/well-known/x',
    '/.well-known-not/x',
    '',
    '*',
    '/%',
    '/%zz/token',
    '/mcp/../mcp',
  ]) {
    assert.equal(isReservedPath(path), false, path);
  }
});

test('a reserved path is recognised in every spelling', () => {
  for (const path of [
    'http://host/authorize',
    'HTTPS://host:8443/.well-known/x?y',
    'http://user@host/token#f',
    '//authorize',
    '///token//',
    '/./token',
    '/mcp/../token',
    '/%2ewell-known/x',
    '/%2Ewell%2Dknown/x',
    '/to%6ben',
    '/x%2f..%2ftoken',
    '\\token',
    '/mcp/%2e%2e/sse',
  ]) {
    assert.equal(isReservedPath(path), true, path);
  }
});

test('an absolute URL of the endpoint itself is not reserved, whatever its host is called', () => {
  for (const url of ['http://host', 'http://host/', 'http://host/mcp', 'http://token/mcp', 'http://sse']) {
    assert.equal(isReservedPath(url), false, url);
  }
});
