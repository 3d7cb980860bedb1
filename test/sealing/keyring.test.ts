import assert from 'node:assert/strict';
import { createHmac, hkdfSync } from 'node:crypto';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { Keyring } from '../../src/sealing/keyring.ts';
import { sign, verify } from '../../src/sealing/sign.ts';

const secret = (letter: string): string => letter.repeat(32);

const isInvalidOption = (error: unknown): boolean =>
  error instanceof SlipwayError && error.code === 'SLIP_INVALID_OPTION' && !error.message.includes('aaaa');

test('a keyring needs at least one secret, and 32 bytes in each', () => {
  assert.throws(() => Keyring.from([]), isInvalidOption);
  assert.throws(() => Keyring.from(['a'.repeat(31)]), isInvalidOption);
  assert.throws(() => Keyring.from([secret('b'), 'a'.repeat(31)]), isInvalidOption);
  assert.throws(() => Keyring.from([new Uint8Array(31)]), isInvalidOption);
  assert.throws(() => Keyring.from([undefined as unknown as string]), isInvalidOption);
  assert.doesNotThrow(() => Keyring.from([new Uint8Array(32), secret('a'), 'ä'.repeat(16)]));
});

test('the error names the option that held the secrets', () => {
  assert.throws(() => Keyring.from([], 'requestState.keys'), {
    details: { option: 'requestState.keys', why: 'it has no secret' },
  });
});

test('keys are derived with HKDF-SHA-256 under slipway/v1/<purpose>', () => {
  const derived = Buffer.from(hkdfSync('sha256', secret('a'), '', 'slipway/v1/cursor', 64));
  const { encryption, signing } = Keyring.from([secret('a')]).currentKey('cursor');
  assert.deepEqual(Buffer.concat([encryption.export(), signing.export()]), derived);
  const tag = createHmac('sha256', derived.subarray(32)).update('page 2').digest().subarray(0, 16);
  assert.equal(sign(Keyring.from([secret('a')]), 'cursor', 'page 2'), tag.toString('base64url'));
});

test('each purpose has a key of its own, derived once', () => {
  const keyring = Keyring.from([secret('a'), secret('b')]);
  const purposes = ['cursor', 'request-state', 'session-id', 'event-id', 'something-else'];
  const keys = purposes.flatMap(purpose =>
    keyring.keysFor(purpose).flatMap(key => [key.encryption.export(), key.signing.export()]),
  );
  assert.equal(new Set(keys.map(key => key.toString('hex'))).size, 4 * purposes.length);
  assert.equal(keyring.keysFor('cursor'), keyring.keysFor('cursor'));
});

test('wiping the bytes of a secret afterwards does not change the keys', () => {
  const bytes = new Uint8Array(32).fill(7);
  const keyring = Keyring.from([bytes]);
  bytes.fill(0);
  assert.ok(verify(Keyring.from([new Uint8Array(32).fill(7)]), 'cursor', 'x', sign(keyring, 'cursor', 'x')));
});

test('a random keyring is its own: another one knows nothing of it', () => {
  const keyring = Keyring.random();
  const tag = sign(keyring, 'cursor', 'x');
  assert.equal(verify(keyring, 'cursor', 'x', tag), true);
  assert.equal(verify(Keyring.random(), 'cursor', 'x', tag), false);
});

test('printing a keyring shows no secret', () => {
  const keyring = Keyring.from([secret('a')]);
  keyring.keysFor('cursor');
  const printed = inspect(keyring, { depth: 10, showHidden: true }) + JSON.stringify(keyring);
  assert.ok(!printed.includes('aaaa') && !printed.includes('61 61'));
});
