import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyring } from '../../src/sealing/keyring.ts';
import { openToken, sign, signToken, verify } from '../../src/sealing/sign.ts';
import { hostile, seeded } from './random.ts';

const OLD = 'old secret '.repeat(4);
const NEW = 'new secret '.repeat(4);
const keyring = Keyring.from([NEW]);

test('a tag fits its payload, purpose and keyring only', () => {
  const tag = sign(keyring, 'session-id', 'abc');
  assert.match(tag, /^[A-Za-z0-9_-]{22}$/);
  assert.equal(verify(keyring, 'session-id', 'abc', tag), true);
  assert.equal(verify(keyring, 'session-id', 'abd', tag), false);
  assert.equal(verify(keyring, 'session-id', '', tag), false);
  assert.equal(verify(keyring, 'event-id', 'abc', tag), false);
  assert.equal(verify(Keyring.random(), 'session-id', 'abc', tag), false);
});

test('no other tag is taken: other bits, other spellings, other lengths', () => {
  const tag = sign(keyring, 'session-id', 'abc');
  const bytes = Buffer.from(tag, 'base64url');
  for (let bit = 0; bit < bytes.length * 8; bit += 1) {
    const altered = Buffer.from(bytes);
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(verify(keyring, 'session-id', 'abc', altered.toString('base64url')), false);
  }
  // 22 characters carry 132 bits, the tag 128: fifteen other last characters decode to the same bytes.
  let respelled = 0;
  for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
    const other = tag.slice(0, -1) + last;
    if (other === tag) continue;
    if (Buffer.from(other, 'base64url').equals(bytes)) respelled += 1;
    assert.equal(verify(keyring, 'session-id', 'abc', other), false);
  }
  assert.equal(respelled, 15);
  for (const other of ['', tag.slice(1), `${tag}A`, `${tag}==`, ` ${tag}`]) {
    assert.equal(verify(keyring, 'session-id', 'abc', other), false);
  }
  for (const other of [undefined, null, 7, {}, []]) {
    assert.equal(verify(keyring, 'session-id', 'abc', other as unknown as string), false);
  }
});

test('a token gives its payload back, to its purpose only', () => {
  for (const payload of ['', '0', '{"after":"tool-17"}', 'ünïcode ✓', 'x'.repeat(3_000)]) {
    const token = signToken(keyring, 'cursor', payload);
    assert.match(token, /^[A-Za-z0-9_-]+$/);
    assert.equal(openToken(keyring, 'cursor', token), payload);
    assert.equal(openToken(keyring, 'event-id', token), undefined);
    assert.equal(openToken(Keyring.random(), 'cursor', token), undefined);
  }
});

test('every altered bit of a token is refused', () => {
  const token = Buffer.from(signToken(keyring, 'cursor', 'after tool-17'), 'base64url');
  for (let bit = 0; bit < token.length * 8; bit += 1) {
    const altered = Buffer.from(token);
    altered[bit >> 3]! ^= 1 << (bit & 7);
    assert.equal(openToken(keyring, 'cursor', altered.toString('base64url')), undefined);
  }
});

test('rotation: tags and tokens of the old key are good while it is in the ring', () => {
  const before = Keyring.from([OLD]);
  const overlap = Keyring.from([NEW, OLD]);
  const tag = sign(before, 'session-id', 'abc');
  const token = signToken(before, 'cursor', 'abc');
  assert.equal(verify(overlap, 'session-id', 'abc', tag), true);
  assert.equal(openToken(overlap, 'cursor', token), 'abc');
  assert.equal(verify(keyring, 'session-id', 'abc', tag), false);
  assert.equal(openToken(keyring, 'cursor', token), undefined);
  assert.equal(sign(overlap, 'session-id', 'abc'), sign(keyring, 'session-id', 'abc'));
});

test('a token longer than the limit is refused', () => {
  const token = signToken(keyring, 'cursor', 'x'.repeat(100));
  assert.equal(openToken(keyring, 'cursor', token, token.length), 'x'.repeat(100));
  assert.equal(openToken(keyring, 'cursor', token, token.length - 1), undefined);
});

test('2,000 hostile tokens: none opens, none throws', () => {
  const random = seeded(17);
  const genuine = signToken(keyring, 'cursor', '{"after":"tool-17"}');
  for (let round = 0; round < 2_000; round += 1) {
    assert.equal(openToken(keyring, 'cursor', hostile(random, genuine) as string), undefined);
  }
  assert.equal(openToken(keyring, 'cursor', genuine), '{"after":"tool-17"}');
});
