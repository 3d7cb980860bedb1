import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostGuard } from '../../src/transport/http/host-guard.ts';
import { OriginGuard } from '../../src/transport/http/origin-guard.ts';

const PUBLIC = '203.0.113.7';
const LOOPBACK = '127.0.0.1';

test('the pages of Claude are allowed everywhere, with or without a list', () => {
  for (const guard of [new OriginGuard(undefined), new OriginGuard([]), new OriginGuard(['https://app.example'])]) {
    for (const address of [PUBLIC, LOOPBACK, undefined]) {
      for (const origin of ['https://claude.ai', 'https://claude.com', 'https://claude.ai:443', 'https://CLAUDE.ai']) {
        assert.equal(guard.allows(origin, 'mcp.example', address), true, origin);
      }
    }
  }
});

test('look-alikes of an allowed page are refused', () => {
  const guard = new OriginGuard(['https://app.example']);
  for (const origin of [
    'http://claude.ai',
    'https://claude.ai.evil.example',
    'https://evil-claude.ai',
    'https://claude.ai:8443',
    'https://claude.ai/',
    'https://claude.ai@evil.example',
    'https://app.example.evil.example',
    'claude.ai',
    'null',
    '',
    'https://',
    '*',
  ]) {
    assert.equal(guard.allows(origin, 'mcp.example', PUBLIC), false, origin);
    assert.equal(guard.allows(origin, 'mcp.example', LOOPBACK), false, origin);
  }
});

test('pages of the machine itself are allowed on a loopback address only', () => {
  const guard = new OriginGuard(undefined);
  for (const origin of ['http://localhost:6274', 'https://localhost', 'http://127.0.0.1:3000', 'http://[::1]:1']) {
    assert.equal(guard.allows(origin, '127.0.0.1:8087', LOOPBACK), true, origin);
    assert.equal(guard.allows(origin, 'mcp.example', PUBLIC), false, origin);
  }
  assert.equal(guard.allows('http://evil.localhost', '127.0.0.1:8087', LOOPBACK), false);
  assert.equal(guard.allows('ftp://localhost', '127.0.0.1:8087', LOOPBACK), false);
});

test('an allowance on a loopback address is not remembered for another one', () => {
  const guard = new OriginGuard(undefined);
  assert.equal(guard.allows('http://localhost:1', undefined, LOOPBACK), true);
  assert.equal(guard.allows('http://localhost:1', undefined, PUBLIC), false);
});

test('listed origins are allowed: exact, by host name, by host name and port', () => {
  const guard = new OriginGuard(['https://app.example/', 'http://dev.example:3000', 'any.example', 'port.example:81']);
  const answers = {
    'https://app.example': true,
    'https://app.example:443': true,
    'http://app.example': false,
    'https://app.example:444': false,
    'http://dev.example:3000': true,
    'http://dev.example': false,
    'http://any.example:1234': true,
    'https://any.example': true,
    'https://sub.any.example': false,
    'http://port.example:81': true,
    'http://port.example': false,
  };
  for (const [origin, allowed] of Object.entries(answers)) {
    assert.equal(guard.allows(origin, undefined, PUBLIC), allowed, origin);
  }
});

test('origins of editors are allowed when they are listed', () => {
  const guard = new OriginGuard(['vscode-webview://panel']);
  assert.equal(guard.allows('vscode-webview://panel', undefined, PUBLIC), true);
  assert.equal(guard.allows('vscode-webview://other', undefined, PUBLIC), false);
});

test('null is allowed only when it is listed', () => {
  assert.equal(new OriginGuard(undefined).allows('null', 'null', LOOPBACK), false);
  assert.equal(new OriginGuard(['null']).allows('null', undefined, PUBLIC), true);
});

test('a star allows everything', () => {
  assert.equal(new OriginGuard(['*']).allows('https://evil.example', undefined, PUBLIC), true);
});

test('a page that this server delivered is allowed', () => {
  const guard = new OriginGuard(undefined);
  assert.equal(guard.allows('https://mcp.example', 'mcp.example', PUBLIC), true);
  assert.equal(guard.allows('https://MCP.example', 'mcp.example:443', PUBLIC), true);
  assert.equal(guard.allows('http://mcp.example:8087', 'mcp.example:8087', PUBLIC), true);
  assert.equal(guard.allows('http://mcp.example:8088', 'mcp.example:8087', PUBLIC), false);
  assert.equal(guard.allows('https://evil.example', 'mcp.example', PUBLIC), false);
  assert.equal(guard.allows('https://mcp.example', undefined, PUBLIC), false);
});

test('a Host that nobody proved makes no same origin: that is what a rebinding page sends', () => {
  const unproven = new OriginGuard(undefined, new HostGuard(undefined));
  assert.equal(unproven.allows('http://evil.example', 'evil.example', PUBLIC), false);
  const proven = new OriginGuard(undefined, new HostGuard(['mcp.example']));
  assert.equal(proven.allows('https://mcp.example', 'mcp.example', PUBLIC), true);
});

test('an answer by the Host is not remembered for another Host', () => {
  const guard = new OriginGuard(undefined);
  assert.equal(guard.allows('https://mcp.example', 'mcp.example', PUBLIC), true);
  assert.equal(guard.allows('https://mcp.example', 'other.example', PUBLIC), false);
});

test('thousands of allowed origins change no answer', () => {
  const guard = new OriginGuard(undefined);
  for (let port = 1; port <= 5000; port++) {
    assert.equal(guard.allows(`http://localhost:${port}`, undefined, LOOPBACK), true);
  }
  assert.equal(guard.allows('http://evil.example', undefined, LOOPBACK), false);
});

test('an entry that is no origin is refused when the guard is made', () => {
  for (const entry of ['https://app.example/path', '', 'https://', 'a b']) {
    assert.throws(() => new OriginGuard([entry]), { code: 'SLIP_INVALID_OPTION' }, entry);
  }
});
