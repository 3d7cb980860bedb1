import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring } from '../../src/sealing/keyring.ts';
import { type Letter, openLetter, sealLetter } from '../../src/transport/http/sse-letter.ts';

const keyring = Keyring.random();
const authInfo = {
  token: 'a-token-that-nobody-may-read',
  clientId: 'app',
  scopes: ['read'],
  resource: new URL('https://mcp.example/'),
  extra: { sub: 'ada' },
};
const letter: Letter = {
  message: { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'secret-tool', arguments: { text: 'ü' } } },
  extra: {
    authInfo,
    request: new Request('http://localhost/messages?sessionId=x', { method: 'POST', headers: { 'x-trace': 'abc' } }),
  },
};

test('a letter carries the message, the caller and the request', () => {
  const opened = openLetter(keyring, 'key', sealLetter(keyring, 'key', letter));
  assert.deepEqual(opened?.message, letter.message);
  assert.deepEqual(opened?.extra.authInfo, authInfo);
  assert.equal(opened?.extra.request?.url, 'http://localhost/messages?sessionId=x');
  assert.equal(opened?.extra.request?.method, 'POST');
  assert.equal(opened?.extra.request?.headers.get('x-trace'), 'abc');

  const bare = openLetter(keyring, 'key', sealLetter(keyring, 'key', { message: letter.message, extra: {} }));
  assert.deepEqual(bare, { message: letter.message, extra: {} });
});

test('what lies in the store shows neither token nor message', () => {
  const sealed = sealLetter(keyring, 'key', letter);
  for (const text of [sealed, Buffer.from(sealed, 'base64url').toString('latin1')]) {
    assert.doesNotMatch(text, /a-token|secret-tool/);
  }
});

test('a letter opens for its own stream and with its own keys only, and not when a bit of it has changed', () => {
  const sealed = sealLetter(keyring, 'key', letter);
  assert.equal(openLetter(keyring, 'another', sealed), undefined);
  assert.equal(openLetter(Keyring.random(), 'key', sealed), undefined);
  for (const text of ['', 'x', JSON.stringify(letter.message), sealed.slice(1), `${sealed}AAAA`]) {
    assert.equal(openLetter(keyring, 'key', text), undefined);
  }
});

test('a letter may be as large as a body', () => {
  const large = { ...letter.message, params: { text: 'x'.repeat(4_000_000) } };
  const opened = openLetter(keyring, 'key', sealLetter(keyring, 'key', { message: large, extra: {} }));
  assert.deepEqual(opened?.message, large);
});
