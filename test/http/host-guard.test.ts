import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostGuard } from '../../src/transport/http/host-guard.ts';

const LOOPBACK = ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'];
const ELSEWHERE = ['192.168.1.5', '0.0.0.0', '2001:db8::1', '::ffff:10.0.0.1', undefined];
const OWN_NAMES = ['localhost', 'localhost:8087', 'LOCALHOST:1', '127.0.0.1', '127.0.0.1:8087', '[::1]', '[::1]:8087'];
const FOREIGN_NAMES = [
  'evil.example',
  'evil.example:8087',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.localhost.example',
  'localhost:8087@evil.example',
  'evil.example/localhost',
  '[::2]',
  '::1',
  '127.0.0.2',
  '0.0.0.0',
  'localhost:',
  'localhost:x',
  'localhost,evil.example',
  ' localhost',
  '',
];

test('without a list, a loopback address answers to the names of the machine only', () => {
  const guard = new HostGuard(undefined);
  for (const address of LOOPBACK) {
    for (const host of [...OWN_NAMES, 'app.localhost:3000']) assert.equal(guard.refusal(host, address), false, host);
    for (const host of FOREIGN_NAMES) assert.equal(guard.refusal(host, address), true, host);
    assert.equal(guard.refusal(undefined, address), true);
  }
});

test('without a list, other addresses are not guarded', () => {
  const guard = new HostGuard(undefined);
  for (const address of ELSEWHERE) {
    assert.equal(guard.guards(address), false);
    for (const host of [...FOREIGN_NAMES, undefined]) assert.equal(guard.refusal(host, address), false);
  }
});

test('with a list, every address is guarded', () => {
  const guard = new HostGuard(['mcp.example', 'Other.Example:8443', '[2001:db8::1]']);
  for (const address of [...LOOPBACK, ...ELSEWHERE]) {
    assert.equal(guard.guards(address), true);
    for (const host of ['mcp.example', 'MCP.example:1234', 'other.example:8443', '[2001:db8::1]:80']) {
      assert.equal(guard.refusal(host, address), false, host);
    }
    for (const host of ['other.example', 'other.example:8444', 'sub.mcp.example', 'evil.example', undefined]) {
      assert.equal(guard.refusal(host, address), true, String(host));
    }
  }
});

test('with a list, the names of the machine pass on a loopback address and nowhere else', () => {
  const guard = new HostGuard(['mcp.example']);
  for (const host of OWN_NAMES) {
    assert.equal(guard.refusal(host, '127.0.0.1'), false, host);
    assert.equal(guard.refusal(host, '10.0.0.1'), true, host);
  }
});

test('an empty list allows nothing but the machine itself', () => {
  const guard = new HostGuard([]);
  assert.equal(guard.refusal('example.com', '10.0.0.1'), true);
  assert.equal(guard.refusal('localhost', '127.0.0.1'), false);
});

test('a star allows everything', () => {
  const guard = new HostGuard(['*']);
  for (const host of [...FOREIGN_NAMES, undefined]) assert.equal(guard.refusal(host, '127.0.0.1'), false);
  assert.equal(guard.guards('127.0.0.1'), false);
});

test('what was refused once is refused again, also after thousands of accepted ones', () => {
  const guard = new HostGuard(undefined);
  for (let port = 1; port <= 5000; port++) assert.equal(guard.refusal(`localhost:${port}`, '127.0.0.1'), false);
  for (let again = 0; again < 2; again++) {
    assert.equal(guard.refusal('evil.example', '127.0.0.1'), true);
    assert.equal(guard.refusal('localhost:4999', '127.0.0.1'), false);
  }
});

test('an entry that is no host name is refused when the guard is made', () => {
  for (const entry of ['http://example.com', 'example.com/path', '', 'a b', 'example.com:port']) {
    assert.throws(() => new HostGuard([entry]), { code: 'SLIP_INVALID_OPTION' }, entry);
  }
});
