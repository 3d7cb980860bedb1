import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestStateCodec as createSdkCodec } from '@modelcontextprotocol/server';
import { SlipwayError, type SlipwayErrorCode } from '../../src/protocol/coded-error.ts';
import { Keyring } from '../../src/sealing/keyring.ts';
import { seal } from '../../src/sealing/seal.ts';
import type { ServerContext } from '../../src/server/context.ts';
import { argumentsDigest, openRequestState, sealRequestState } from '../../src/server/request-state.ts';
import { createRequestStateCodec } from '../../src/server/request-state-codec.ts';

const SECRET = 'a secret of the tests, 32 bytes or more';
const keyring = Keyring.from([SECRET]);
const binding = {
  principal: 'alice',
  method: 'tools/call',
  argumentsDigest: argumentsDigest({ name: 'deploy', arguments: { env: 'prod' } }),
};
const minting = { ttlMs: 60_000, now: 1_000_000, maxBytes: 1_000 };
const opening = { now: 1_000_000, maxBytes: 1_000 };

const hasCode = (code: SlipwayErrorCode) => (error: unknown) => error instanceof SlipwayError && error.code === code;

test('the built-in sealing gives back the state as it was', () => {
  for (const state of ['', '{"step":2}', 'ünïcode ✓ 🎉', 'x'.repeat(1_000), '\ud800 alone \udc00', '\0\n']) {
    const sealed = sealRequestState(keyring, state, binding, minting);
    assert.match(sealed, /^[A-Za-z0-9_-]+$/);
    assert.equal(openRequestState(keyring, sealed, binding, opening), state);
  }
});

test('the state of another caller, method or request is refused', () => {
  const sealed = sealRequestState(keyring, 's', binding, minting);
  const others = [
    { ...binding, principal: 'bob' },
    { ...binding, principal: undefined },
    { ...binding, principal: '' },
    { ...binding, method: 'prompts/get' },
    { ...binding, argumentsDigest: argumentsDigest({ name: 'deploy', arguments: { env: 'test' } }) },
  ];
  for (const other of others) {
    assert.throws(() => openRequestState(keyring, sealed, other, opening), hasCode('SLIP_SEAL_INVALID'));
  }
  assert.equal(openRequestState(keyring, sealed, { ...binding }, opening), 's');
});

test('the parts of a binding do not run into each other', () => {
  const one = { principal: 'a","b', method: 'm', argumentsDigest: 'd' };
  const sealed = sealRequestState(keyring, 's', one, minting);
  const other = { principal: 'a', method: 'b","m', argumentsDigest: 'd' };
  assert.throws(() => openRequestState(keyring, sealed, other, opening), hasCode('SLIP_SEAL_INVALID'));
  assert.equal(openRequestState(keyring, sealed, one, opening), 's');
});

test('no caller is not the caller with an odd name', () => {
  const sealed = sealRequestState(keyring, 's', { ...binding, principal: undefined }, minting);
  for (const principal of ['', 'null', 'undefined']) {
    assert.throws(
      () => openRequestState(keyring, sealed, { ...binding, principal }, opening),
      hasCode('SLIP_SEAL_INVALID'),
    );
  }
  const { principal: _, ...anonymous } = binding;
  assert.equal(openRequestState(keyring, sealed, anonymous, opening), 's');
});

test('a state lives until its expiry and not a millisecond longer', () => {
  const sealed = sealRequestState(keyring, 's', binding, minting);
  assert.equal(openRequestState(keyring, sealed, binding, { ...opening, now: 1_059_999 }), 's');
  for (const now of [1_060_000, 1_060_001, 9e15, Number.NaN]) {
    assert.throws(() => openRequestState(keyring, sealed, binding, { ...opening, now }), hasCode('SLIP_SEAL_EXPIRED'));
  }
  for (const ttlMs of [0, -1, Number.NaN]) {
    const mint = (): string => sealRequestState(keyring, 's', binding, { ...minting, ttlMs });
    assert.throws(mint, hasCode('SLIP_INVALID_OPTION'));
  }
});

test('the size limit counts bytes of UTF-8; the client can not exceed it either', () => {
  assert.throws(
    () => sealRequestState(keyring, 'ä'.repeat(501), binding, minting),
    (error: SlipwayError) => {
      assert.equal(error.code, 'SLIP_REQUEST_STATE_TOO_LARGE');
      assert.deepEqual(error.details, { size: 1_002, limit: 1_000 });
      return true;
    },
  );
  const largest = sealRequestState(keyring, 'ä'.repeat(500), binding, minting);
  assert.equal(openRequestState(keyring, largest, binding, opening), 'ä'.repeat(500));
  const smaller = { ...opening, maxBytes: 999 };
  assert.throws(() => openRequestState(keyring, largest, binding, smaller), hasCode('SLIP_SEAL_INVALID'));
  assert.throws(
    () => openRequestState(keyring, 'A'.repeat(10_000_000), binding, opening),
    hasCode('SLIP_SEAL_INVALID'),
  );
});

test('altered, foreign and misplaced values are refused', () => {
  const sealed = sealRequestState(keyring, 's', binding, minting);
  const context = JSON.stringify([binding.principal, binding.method, binding.argumentsDigest]);
  const others: unknown[] = [
    `${sealed}A`,
    sealed.slice(1),
    '',
    'state',
    undefined,
    { sealed },
    sealRequestState(Keyring.random(), 's', binding, minting),
    seal(keyring, 'cursor', 's'.repeat(20), context),
    seal(keyring, 'request-state', 'short', context),
  ];
  for (const other of others) {
    assert.throws(() => openRequestState(keyring, other as string, binding, opening), hasCode('SLIP_SEAL_INVALID'));
  }
});

test('a retry has the digest of its first round', () => {
  const first = { name: 'deploy', arguments: { env: 'prod', tags: ['a', 'b'], deep: { x: 1, y: null } } };
  const digest = argumentsDigest(first);
  assert.match(digest, /^[A-Za-z0-9_-]{43}$/);
  const same = [
    { ...first, inputResponses: { a: { action: 'accept' } }, requestState: 's', _meta: { progressToken: 1 } },
    { arguments: { deep: { y: null, x: 1 }, tags: ['a', 'b'], env: 'prod' }, name: 'deploy' },
  ];
  for (const params of same) assert.equal(argumentsDigest(params), digest);
  assert.equal(argumentsDigest({ name: 'now' }), argumentsDigest({ name: 'now', arguments: {} }));
});

test('another request has another digest', () => {
  const requests: unknown[] = [
    undefined,
    { name: 'a' },
    { name: 'b' },
    { uri: 'a' },
    { name: 'a', arguments: { x: 1 } },
    { name: 'a', arguments: { x: '1' } },
    { name: 'a', arguments: { x: [1] } },
    { name: 'a', arguments: { x: { 0: 1 } } },
    { name: 'a', arguments: { x: [1, 2] } },
    { name: 'a', arguments: { x: [2, 1] } },
    { name: 'a', arguments: { x: null } },
    { name: 'a', arguments: { x: {} } },
    { name: 'a', arguments: JSON.parse('{"__proto__":{}}') },
    { name: 'a', arguments: JSON.parse('{"__proto__":{"x":1}}') },
    { name: 'a', arguments: { 'x":1,"y': 2 } },
    { name: 'a', arguments: { x: 1, y: 2 } },
  ];
  assert.equal(new Set(requests.map(argumentsDigest)).size, requests.length);
});

/** The codec asks its `bind` only, which reads no more than this. */
function contextOf(method: string, clientId: string): ServerContext {
  return { mcpReq: { method }, http: { authInfo: { clientId } } } as ServerContext;
}
const alice = contextOf('tools/call', 'alice');
const bind = (ctx: ServerContext): string => `${ctx.mcpReq.method}\0${ctx.http?.authInfo?.clientId}`;

test('the codec gives back its payload', async () => {
  const codec = createRequestStateCodec<unknown>({ key: SECRET });
  for (const payload of [{ step: 2, names: ['ä', '✓'] }, 'text', 7, null, []]) {
    assert.deepEqual(await codec.verify(await codec.mint(payload), alice), payload);
  }
  const bytes = createRequestStateCodec({ key: new TextEncoder().encode(SECRET) });
  assert.deepEqual(await bytes.verify(await codec.mint('from the string key'), alice), 'from the string key');
});

test('the codec refuses every altered character', async () => {
  const codec = createRequestStateCodec({ key: SECRET, bind });
  const state = await codec.mint({ amount: 10 }, alice);
  assert.deepEqual(await codec.verify(state, alice), { amount: 10 });
  for (let at = 0; at < state.length; at += 1) {
    for (const character of ['A', 'B', '.', '=']) {
      const altered = state.slice(0, at) + character + state.slice(at + 1);
      if (altered !== state) await assert.rejects(codec.verify(altered, alice), /^Error: (malformed|mac)$/);
    }
  }
  for (const other of ['', '.', 'v1.', 'v1..', 'v2.a.b', state.slice(3), `${state}=`, ` ${state}`, undefined, 7, {}]) {
    await assert.rejects(codec.verify(other as string, alice), /^Error: (malformed|mac)$/);
  }
  const foreign = createRequestStateCodec({ key: `${SECRET}!`, bind });
  await assert.rejects(foreign.verify(state, alice), /^Error: mac$/);
});

test('the codec refuses an expired state', async context => {
  context.mock.timers.enable({ apis: ['Date'], now: 1_000_000_000_000 });
  const codec = createRequestStateCodec({ key: SECRET, ttlSeconds: 30 });
  const lasting = createRequestStateCodec({ key: SECRET });
  const state = await codec.mint('s');
  const longer = await lasting.mint('s');
  context.mock.timers.tick(30_000);
  assert.equal(await codec.verify(state, alice), 's');
  context.mock.timers.tick(1_000);
  await assert.rejects(codec.verify(state, alice), /^Error: expired$/);
  assert.equal(await lasting.verify(longer, alice), 's');
  context.mock.timers.tick(570_000);
  await assert.rejects(lasting.verify(longer, alice), /^Error: expired$/);
});

test('the codec refuses a state under another binding, or when binding was dropped or added', async () => {
  const bound = createRequestStateCodec({ key: SECRET, bind });
  const free = createRequestStateCodec({ key: SECRET });
  const state = await bound.mint('s', alice);
  assert.equal(await bound.verify(state, contextOf('tools/call', 'alice')), 's');
  for (const other of [contextOf('tools/call', 'bob'), contextOf('prompts/get', 'alice')]) {
    await assert.rejects(bound.verify(state, other), /^Error: bind$/);
  }
  await assert.rejects(free.verify(state, alice), /^Error: bind$/);
  await assert.rejects(bound.verify(await free.mint('s'), alice), /^Error: bind$/);
  await assert.rejects(bound.mint('s'), TypeError);
  assert.ok(!Buffer.from(state.split('.')[1]!, 'base64url').toString().includes('alice'));
});

test('the codec wants a key of 32 bytes, copies it, and a finite lifetime', async () => {
  assert.throws(() => createRequestStateCodec({ key: 'x'.repeat(31) }), RangeError);
  for (const ttlSeconds of [Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => createRequestStateCodec({ key: SECRET, ttlSeconds }), RangeError);
  }
  const key = new Uint8Array(32).fill(7);
  const codec = createRequestStateCodec({ key });
  const state = await codec.mint('s');
  key.fill(0);
  assert.equal(await codec.verify(state, alice), 's');
  assert.equal(await createRequestStateCodec({ key: new Uint8Array(32).fill(7) }).verify(state, alice), 's');
});

test('states of the official SDK pass here and ours there, with and without a binding', async () => {
  for (const options of [{ key: SECRET }, { key: SECRET, bind: () => 'alice' }]) {
    const ours = createRequestStateCodec(options);
    const theirs = createSdkCodec(options);
    const theirContext = {} as Parameters<typeof theirs.verify>[1];
    assert.deepEqual(await ours.verify(await theirs.mint({ step: 1 }, theirContext), alice), { step: 1 });
    assert.deepEqual(await theirs.verify(await ours.mint({ step: 2 }, alice), theirContext), { step: 2 });
  }
});
