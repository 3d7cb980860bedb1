import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type AuthInfo, createMcpHandler, fromJsonSchema, InMemoryTransport, McpServer, silentLogger } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import { answerIn, callTool, legacy, modern } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';
import { call, ERAS, freshKey, KEY, keyed, legacyCall, MISMATCH, REFUSED, REPLAY, told } from './keyed-calls.ts';

const ANY = fromJsonSchema<Record<string, unknown>>({ type: 'object', properties: { city: { type: 'string' } } });

/** A server whose tool counts its calls. */
function counting(): { server: McpServer; calls: () => number } {
  let calls = 0;
  const server = new McpServer({ name: 'once', version: '1.0.0' }, { logger: silentLogger });
  server.registerTool('count', { inputSchema: ANY }, () => `${++calls}`);
  server.registerTool('other', { inputSchema: ANY }, () => `${++calls}`);
  server.registerTool('data', {}, () => ({ structuredContent: { n: ++calls }, _meta: { 'example.com/own': true } }));
  return { server, calls: () => calls };
}

async function counted(t: TestContext): Promise<{ url: string; calls: () => number }> {
  const { server, calls } = counting();
  return { url: (await serving(t, server)).url, calls };
}

for (const [era, ask] of Object.entries(ERAS)) {
  onEachDriver(`a call is done once, however often it is sent (${era})`, async (_t, place) => {
    const { server, calls } = counting();
    const { url } = await place.serve(server);
    const key = freshKey();
    assert.deepEqual(told(await ask(url, 'count', key, { city: 'Kiel' })), ['1', false]);
    for (let n = 0; n < 3; n++) assert.deepEqual(told(await ask(url, 'count', key, { city: 'Kiel' })), ['1', true]);
    assert.equal(calls(), 1);
    assert.deepEqual(told(await ask(url, 'count', freshKey(), { city: 'Kiel' })), ['2', false], 'another key');
    assert.deepEqual(told(await ask(url, 'other', key, { city: 'Kiel' })), ['3', false], 'another tool');
  });

  test(`a repetition gets all of the result, whatever its id (${era})`, async t => {
    const { url, calls } = await counted(t);
    const key = freshKey();
    const first = await ask(url, 'data', key);
    const second = await ask(url, 'data', key);
    assert.equal(calls(), 1);
    assert.equal(first.result._meta['example.com/own'], true);
    const { [REPLAY]: mark, ...meta } = second.result._meta;
    assert.equal(mark, true);
    assert.deepEqual({ ...second.result, _meta: { ...meta, [REPLAY]: false } }, first.result);
    assert.deepEqual(second.result.structuredContent, { n: 1 });
  });

  test(`other arguments under the same key are refused (${era})`, async t => {
    const { url, calls } = await counted(t);
    const key = freshKey();
    await ask(url, 'count', key, { city: 'Kiel', size: { a: 1, b: 2 } });
    assert.deepEqual(told(await ask(url, 'count', key, { city: 'Bonn', size: { a: 1, b: 2 } })), MISMATCH);
    assert.deepEqual(told(await ask(url, 'count', key)), MISMATCH);
    const reordered = await ask(url, 'count', key, { size: { b: 2, a: 1 }, city: 'Kiel' });
    assert.deepEqual(told(reordered), ['1', true], 'the order of members does not matter');
    assert.equal(calls(), 1);
  });
}

test('a key of one era is refused in the other', async t => {
  const { url, calls } = await counted(t);
  const key = freshKey();
  await call(url, 'count', key);
  assert.deepEqual(told(await legacyCall(url, 'count', key)), MISMATCH);
  assert.equal(calls(), 1);
});

test('a key is 1 to 128 visible ASCII characters, without authorization 20 or more', async t => {
  const { url, calls } = await counted(t);
  for (const key of ['', 'x'.repeat(129), `${freshKey()} `, 'ü'.repeat(30), `${freshKey()}\n`, 1e30, null, {}]) {
    assert.deepEqual(told(await call(url, 'count', key)), REFUSED, JSON.stringify(key));
  }
  assert.deepEqual(told(await call(url, 'count', 'x'.repeat(19))), REFUSED);
  assert.equal(calls(), 0);
  assert.deepEqual(told(await call(url, 'count', 'x'.repeat(20))), ['1', false]);
  assert.deepEqual(told(await call(url, 'count', '~!'.repeat(64))), ['2', false]);
});

test('calls without a key are done each time, and so are other methods with one', async t => {
  const { url, calls } = await counted(t);
  for (let n = 0; n < 2; n++) assert.deepEqual(told(await callTool(url, 'count')), [`${n + 1}`, undefined]);
  const list = await answerIn(await fetch(url, { method: 'POST', ...modern('tools/list', {}, keyed('short')) }));
  assert.equal(list.result.tools.length, 3);
  assert.equal(calls(), 2);
});

test('a key that was not used for a call is free: the tool is unknown, the arguments do not fit', async t => {
  const { url, calls } = await counted(t);
  const key = freshKey();
  for (let n = 0; n < 2; n++) {
    const { result } = await call(url, 'count', key, { city: n });
    assert.match(result.content[0].text, /Invalid arguments/);
    assert.deepEqual(told(await call(url, 'nothing', key)), [-32602, undefined]);
  }
  assert.equal(calls(), 0);
  assert.deepEqual(told(await call(url, 'count', key, { city: 'Kiel' })), ['1', false]);
});

test('a caller has its own keys: nobody else sees its results', async t => {
  const { server, calls } = counting();
  const handler = createMcpHandler(server, { sessions: 'optional' });
  t.after(() => handler.close());
  const as = async (sub: string | undefined, key: string, era = modern) => {
    const { headers, body } = era('tools/call', { name: 'count', arguments: {} }, keyed(key));
    const authInfo: AuthInfo = { token: `token of ${sub}`, clientId: 'app', scopes: [], extra: { sub } };
    const request = new Request('http://localhost/mcp', { method: 'POST', headers, body });
    return told(await answerIn(await handler.fetch(request, sub === undefined ? undefined : { authInfo })));
  };
  assert.deepEqual(await as('alice', 'order-1'), ['1', false], 'short keys will do');
  assert.deepEqual(await as('bob', 'order-1'), ['2', false]);
  assert.deepEqual(await as('alice', 'order-1'), ['1', true]);
  const key = freshKey();
  assert.deepEqual(await as('alice', key), ['3', false]);
  assert.deepEqual(await as(undefined, key), ['4', false]);
  assert.deepEqual(await as('bob', key, legacy), ['5', false]);
  assert.equal(calls(), 5);
});

test('a client that lost its session repeats its call in the next one', async t => {
  const { server, calls } = counting();
  const { url } = await serving(t, server, { sessions: 'optional' });
  const key = freshKey();
  const [one, other] = [await SessionClient.begin(url), await SessionClient.begin(url)];
  assert.deepEqual(told(await one.call('count', {}, { meta: { [KEY]: key } })), ['1', false]);
  assert.deepEqual(told(await other.call('count', {}, { meta: { [KEY]: key } })), ['1', true]);
  assert.equal(calls(), 1);
});

test('over a transport with one client any key will do', async t => {
  const { server, calls } = counting();
  server.server.useIdempotency({ store: memoryState().idempotency });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const answers: { id: number; result: { _meta: object; content: { text: string }[] } }[] = [];
  clientSide.onmessage = message => void answers.push(message as unknown as (typeof answers)[number]);
  await clientSide.start();
  await server.connect(serverSide);
  t.after(() => server.close());
  for (let id = 1; id <= 2; id++) {
    const { method, params } = JSON.parse(modern('tools/call', { name: 'count', arguments: {} }, keyed('1')).body);
    await clientSide.send({ jsonrpc: '2.0', id, method, params });
  }
  for (let turn = 0; turn < 100 && answers.length < 2; turn++) await new Promise(resolve => setTimeout(resolve, 5));
  assert.deepEqual(
    answers.map(({ result }) => [result.content[0]?.text, (result._meta as Record<string, unknown>)[REPLAY]]),
    [
      ['1', false],
      ['1', true],
    ],
  );
  assert.equal(calls(), 1);
});

test('servers that are made for each request share what they know', async t => {
  let calls = 0;
  let release = (): void => {};
  const gate = new Promise<void>(resolve => (release = resolve));
  const { url } = await serving(t, () => {
    const server = new McpServer({ name: 'made', version: '1.0.0' }, { logger: silentLogger });
    server.registerTool('wait', {}, async () => {
      calls++;
      await gate;
      return 'done';
    });
    return server;
  });
  const key = freshKey();
  const both = [call(url, 'wait', key), call(url, 'wait', key)];
  await new Promise(resolve => setTimeout(resolve, 100));
  release();
  assert.deepEqual((await Promise.all(both)).map(told), [
    ['done', false],
    ['done', true],
  ]);
  assert.equal(calls, 1);
});

test('a time of 0 turns keys off, and answers say nothing of them', async t => {
  const { server, calls } = counting();
  const handler = createMcpHandler(server, { idempotencyTtlMs: 0 });
  t.after(() => handler.close());
  const ask = async () => {
    const { headers, body } = modern('tools/call', { name: 'count', arguments: {} }, keyed('short'));
    return told(
      await answerIn(await handler.fetch(new Request('http://localhost/mcp', { method: 'POST', headers, body }))),
    );
  };
  assert.deepEqual(
    [await ask(), await ask()],
    [
      ['1', undefined],
      ['2', undefined],
    ],
  );
  assert.equal(calls(), 2);
  assert.throws(() => server.server.useIdempotency({ store: memoryState().idempotency, ttlMs: -1 }), {
    code: 'SLIP_INVALID_OPTION',
  });
});

onEachDriver('a result is forgotten after its time', async (_t, place) => {
  const { server } = counting();
  const { url } = await place.serve(server, { idempotencyTtlMs: 100 });
  const key = freshKey();
  assert.deepEqual(told(await call(url, 'count', key)), ['1', false]);
  let again: unknown[] = [];
  for (let n = 0; n < 40 && again[1] !== false; n++) {
    await new Promise(resolve => setTimeout(resolve, 50));
    again = told(await call(url, 'count', key));
  }
  assert.deepEqual(again, ['2', false]);
});
