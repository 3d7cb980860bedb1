import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { Keyring } from '../../src/sealing/keyring.ts';
import { open, seal, sealedLength } from '../../src/sealing/seal.ts';
import { hostile, seeded } from './random.ts';

const OLD = 'old secret '.repeat(4);
const NEW = 'new secret '.repeat(4);
const keyring = Keyring.from([NEW]);
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const isInvalid = (error: unknown): boolean => error instanceof SlipwayError && error.code === 'SLIP_SEAL_INVALID';
const refused = (sealed: unknown, context?: string, purpose = 'request-state'): void =>
  assert.throws(() => open(keyring, purpose, sealed as string, context), isInvalid);

test('opens what was sealed: text, bytes, nothing, with and without context', () => {
  for (const plaintext of ['', 'a', 'ünïcode ✓', 'x'.repeat(10_000)]) {
    for (const context of [undefined, '', 'tools/call deploy']) {
      const sealed = seal(keyring, 'request-state', plaintext, context);
      assert.match(sealed, /^[A-Za-z0-9_-]+$/);
      assert.equal(sealed.length, sealedLength(Buffer.byteLength(plaintext)));
      assert.equal(text(open(keyring, 'request-state', sealed, context)), plaintext);
    }
  }
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  assert.deepEqual(new Uint8Array(open(keyring, 'event-id', seal(keyring, 'event-id', bytes))), bytes);
});

test('the plaintext and the context do not appear, and no two sealed values are alike', () => {
  const sealed = new Set<string>();
  for (let round = 0; round < 1_000; round += 1) sealed.add(seal(keyring, 'cursor', 'secret plan', 'alice'));
  assert.equal(sealed.size, 1_000);
  for (const value of sealed)
    assert.doesNotMatch(Buffer.from(value, 'base64url').toString('latin1'), /secret|plan|alice/);
});

test('every altered bit is refused', () => {
  const sealed = Buffer.from(seal(keyring, 'request-state', 'transfer 10 to alice', 'ctx'), 'base64url');
  assert.equal(text(open(keyring, 'request-state', sealed.toString('base64url'), 'ctx')), 'transfer 10 to alice');
  for (let bit = 0; bit < sealed.length * 8; bit += 1) {
    const altered = Buffer.from(sealed);
    altered[bit >> 3]! ^= 1 << (bit & 7);
    refused(altered.toString('base64url'), 'ctx');
  }
});

test('every cut, extended and re-spelled value is refused', () => {
  for (const plaintext of ['a', 'ab', 'abc']) {
    const sealed = seal(keyring, 'request-state', plaintext);
    for (let length = 0; length < sealed.length; length += 1) refused(sealed.slice(0, length));
    for (const extra of ['A', '=', '==', ' ', '\n', '\0', '.', 'é', sealed]) {
      refused(sealed + extra);
      refused(extra + sealed);
    }
    refused(Buffer.from(sealed, 'base64url').toString('base64').replace(/=*$/, '=='));
    // All other spellings of the last character: those that decode to the same bytes too.
    for (const last of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      const respelled = sealed.slice(0, -1) + last;
      if (respelled !== sealed) refused(respelled);
    }
  }
});

test('another purpose and another context are refused', () => {
  const sealed = seal(keyring, 'request-state', 'x', 'alice');
  for (const purpose of ['cursor', 'session-id', 'event-id', 'request-state ', 'constructor', ''])
    refused(sealed, 'alice', purpose);
  for (const context of [undefined, '', 'bob', 'alice ', 'Alice', 'alic']) refused(sealed, context);
  assert.equal(text(open(keyring, 'request-state', sealed, 'alice')), 'x');
});

test('another keyring is refused', () => {
  const sealed = seal(Keyring.random(), 'request-state', 'x');
  refused(sealed);
});

test('rotation: the old key opens while it is in the ring, the new one seals', () => {
  const before = Keyring.from([OLD]);
  const overlap = Keyring.from([NEW, OLD]);
  const after = Keyring.from([NEW]);
  const early = seal(before, 'request-state', 'early', 'c');
  const late = seal(overlap, 'request-state', 'late', 'c');
  assert.equal(text(open(overlap, 'request-state', early, 'c')), 'early');
  assert.equal(text(open(overlap, 'request-state', late, 'c')), 'late');
  assert.equal(text(open(after, 'request-state', late, 'c')), 'late');
  assert.throws(() => open(after, 'request-state', early, 'c'), isInvalid);
  assert.throws(() => open(before, 'request-state', late, 'c'), isInvalid);
});

test('a value longer than the limit is refused unread', () => {
  const sealed = seal(keyring, 'request-state', 'x'.repeat(100));
  assert.equal(text(open(keyring, 'request-state', sealed, '', sealed.length)), 'x'.repeat(100));
  assert.throws(() => open(keyring, 'request-state', sealed, '', sealed.length - 1), /too long/);
  assert.throws(() => open(keyring, 'request-state', 'A'.repeat(50_000_000)), /too long/);
});

test('2,000 hostile values: never opened, never another error', () => {
  const random = seeded(20_260_728);
  const genuine = seal(keyring, 'request-state', 'the genuine one', 'ctx');
  for (let round = 0; round < 2_000; round += 1) refused(hostile(random, genuine), 'ctx');
  assert.equal(text(open(keyring, 'request-state', genuine, 'ctx')), 'the genuine one');
});
