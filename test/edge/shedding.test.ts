// What is beyond what one process answers at the same time, of all or of one caller, is shed at once.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ServeOptions } from 'slipway';
import { answerIn, type Prepared, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { eventually } from '../support/serving.ts';
import { freshId, SessionClient } from '../support/session-client.ts';
import { SseClient } from '../support/sse-client.ts';
import {
  batch,
  call,
  type EdgeServing,
  edgeMounted,
  edgeServing,
  legacyCall,
  refusalIn,
  refused,
  statusOf,
} from './edge-server.ts';

const OVERLOADED = { status: 503, rpcCode: -32603, code: 'SLIP_OVERLOADED', retryAfter: 1 };
const BUSY = { status: 429, rpcCode: -32600, code: 'SLIP_CALLER_BUSY', retryAfter: 1 };

async function assertRefused(url: string, prepared: Prepared, expected: object, id: unknown = null): Promise<void> {
  const { data: _, ...refusal } = await refused(url, prepared);
  assert.deepEqual(refusal, { id, ...expected });
}

/** Calls that stay until `edge.release()`. */
async function occupied({ edge, url }: EdgeServing, ...calls: readonly Prepared[]): Promise<Promise<Response>[]> {
  const sent = [];
  for (const prepared of calls) {
    const before = edge.waiting;
    sent.push(send(url, prepared));
    await eventually(() => edge.waiting > before, 'another call');
  }
  return sent;
}

/** Heads of requests whose bodies do not come. */
async function reading(t: TestContext, port: number, prepared: Prepared): Promise<RawConnection> {
  const connection = await RawConnection.open(port);
  t.after(() => connection.close());
  const { headers, body } = prepared;
  // That it is asked for its body says that it has its place.
  connection.write(postBytes({ headers: { ...headers, expect: '100-continue' }, body }).slice(0, -body.length));
  return connection;
}

test('one call too many is 503 with Retry-After, before its body is sent; then there is room again', async t => {
  const serving = await edgeServing(t, { maxConcurrentRequests: 2 });
  const { edge, url, port } = serving;
  const sent = await occupied(serving, call('wait'), legacyCall('wait'));
  await assertRefused(url, call('plain'), OVERLOADED);
  const connection = await reading(t, port, call('plain'));
  assert.equal((await connection.answer()).status, 503);
  // Who probes is told that the process lives and is ready: it works.
  assert.equal((await fetch(new URL('/readyz', url))).status, 200);
  edge.release();
  for (const response of sent) assert.equal((await answerIn(await response)).result.content[0].text, 'released');
  assert.equal(await statusOf(url, call('plain')), 200);
  assert.deepEqual(edge.called, ['plain']);
});

test('bodies on their way in have their places too, and give them back', async t => {
  const { url, port } = await edgeServing(t, { maxConcurrentRequests: 1 });
  const connection = await reading(t, port, call('plain'));
  assert.equal((await connection.answer()).status, 100);
  await assertRefused(url, call('plain'), OVERLOADED);
  connection.write(call('plain').body);
  assert.equal((await connection.answer()).status, 200);
  const leaving = await reading(t, port, call('plain'));
  assert.equal((await leaving.answer()).status, 100);
  leaving.close();
  for (let tries = 0; tries < 100 && (await statusOf(url, call('plain'))) === 503; tries++);
  assert.equal(await statusOf(url, call('plain')), 200);
});

test('a batch needs room for all of its calls', async t => {
  const serving = await edgeServing(t, { maxConcurrentRequests: 3 });
  const { edge, url } = serving;
  const sent = await occupied(serving, call('wait'));
  await assertRefused(url, batch([1, 2, 3].map(id => legacyCall('plain', {}, id))), OVERLOADED);
  assert.equal(await statusOf(url, batch([1, 2].map(id => legacyCall('plain', {}, id)))), 200);
  assert.deepEqual(edge.called, ['plain', 'plain']);
  edge.release();
  await Promise.all(sent);
});

test('what it costs to get as far as a call is no call: with room for one, one is served', async t => {
  const stateDir = await mkdtemp(join(tmpdir(), 'slipway-shedding-'));
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  // A limit in a store that is asked, and sessions.
  const options = { maxConcurrentRequests: 1, maxConcurrentPerCaller: 1, rateLimitPerAddress: '100/1h', stateDir };
  const { url } = await edgeServing(t, options);
  assert.equal(await statusOf(url, call('plain')), 200);
  assert.equal(await statusOf(url, batch([legacyCall('plain')])), 200);
  const client = await SessionClient.begin(url);
  assert.equal((await client.call('plain')).result.content[0].text, 'plain');
});

test('a caller has its share of the room, and others have the rest', async t => {
  const serving = await edgeMounted(t, { maxConcurrentPerCaller: 2, trustedProxies: ['loopback'] });
  const { edge, url } = serving;
  const ann = { 'x-user': 'ann' };
  const sent = await occupied(serving, call('wait', ann), legacyCall('wait', ann));
  await assertRefused(url, call('plain', ann), BUSY);
  await assertRefused(url, batch([legacyCall('plain', {}, 1)], ann), BUSY);
  assert.equal(await statusOf(url, call('plain', { 'x-user': 'bea' })), 200);
  for (const address of ['192.0.2.1', '192.0.2.2']) {
    const from = { 'x-forwarded-for': address };
    assert.equal(
      await statusOf(
        url,
        batch(
          [1, 2].map(id => legacyCall('plain', {}, id)),
          from,
        ),
      ),
      200,
    );
    await assertRefused(
      url,
      batch(
        [1, 2, 3].map(id => legacyCall('plain', {}, id)),
        from,
      ),
      BUSY,
    );
  }
  edge.release();
  await Promise.all(sent);
  assert.equal(await statusOf(url, call('plain', ann)), 200);
});

test('a caller does not get more by having its bodies read at the same time', async t => {
  const { edge, url, port } = await edgeServing(t, { maxConcurrentPerCaller: 2 });
  const connections = [];
  for (let count = 0; count < 2; count++) connections.push(await reading(t, port, call('wait')));
  for (const connection of connections) assert.equal((await connection.answer()).status, 100);
  await assertRefused(url, call('plain'), BUSY);
  for (const connection of connections) connection.write(call('wait').body);
  await eventually(() => edge.waiting === 2, 'both calls');
  await assertRefused(url, call('plain'), BUSY);
  edge.release();
  for (const connection of connections) assert.equal((await connection.answer()).status, 200);
  assert.equal(await statusOf(url, call('plain')), 200);
});

for (const [what, options, refusal] of [
  ['all room is taken', { maxConcurrentRequests: 1 }, OVERLOADED],
  ['its caller has as many as may be', { maxConcurrentPerCaller: 1 }, BUSY],
] satisfies [string, ServeOptions, object][]) {
  test(`where ${what}, the answer that a call waits for is let in, other calls are not`, async t => {
    const { edge, url } = await edgeServing(t, options);
    const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
    const stream = await client.stream('ask');
    const question = await stream.message();
    assert.equal(question.method, 'elicitation/create');
    const {
      data: _,
      id,
      ...rest
    } = await refusalIn(await client.send('tools/call', { name: 'plain' }, { id: 'other' }));
    assert.deepEqual([id, rest], ['other', refusal]);
    await assertRefused(url, call('plain'), refusal);
    assert.equal(await client.answer(question.id, { action: 'accept', content: { word: 'ahoy' } }), 202);
    assert.equal((await stream.message()).result.content[0].text, 'ahoy');
    assert.deepEqual(edge.called, []);
    assert.equal((await client.call('plain')).result.content[0].text, 'plain');
  });

  test(`where ${what}, a call can be cancelled`, async t => {
    const { edge, url } = await edgeServing(t, options);
    const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
    const requestId = freshId();
    const stream = await client.stream('ask', {}, { id: requestId });
    await stream.message();
    assert.equal(await client.tell('notifications/cancelled', { requestId }), 202);
    await stream.rest();
    for (let tries = 0; tries < 100 && (await statusOf(url, call('plain'))) !== 200; tries++);
    assert.equal(await statusOf(url, call('plain')), 200);
    assert.equal(edge.waiting, 0);
  });

  test(`where ${what}, large bodies are not let in because they name a session`, async t => {
    const serving = await edgeServing(t, options);
    const { edge, url, port } = serving;
    const client = await SessionClient.begin(url);
    const sent = await occupied(serving, call('wait'));
    const headers = { 'mcp-session-id': client.sessionId, 'x-pad': 'none' };
    const small = legacyCall('plain', headers);
    const large = {
      headers: small.headers,
      body: small.body.replace('{}', JSON.stringify({ pad: 'x'.repeat(300_000) })),
    };
    const waiting = await reading(t, port, large);
    assert.equal((await waiting.answer()).status, refusal.status);
    const read = await reading(t, port, small);
    assert.equal((await read.answer()).status, 100);
    // As much room again, and no more.
    assert.equal((await (await reading(t, port, small)).answer()).status, refusal.status);
    edge.release();
    await Promise.all(sent);
    assert.deepEqual(edge.called, []);
  });

  test(`where ${what}, calls of HTTP+SSE are refused by their POST`, async t => {
    const { edge, url } = await edgeServing(t, { ...options, httpSse: true });
    const client = await SseClient.open(new URL('/sse', url).href);
    t.after(() => client.leave());
    await client.initialize({ elicitation: {} });
    const post = (id: string, name: string) =>
      client.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} } });
    assert.equal((await post('first', 'ask')).status, 202);
    const question = await client.nextWhere(({ method }) => method === 'elicitation/create');
    const { data: _, ...rest } = await refusalIn(await post('second', 'plain'));
    assert.deepEqual(rest, { id: 'second', ...refusal });
    const answer = { jsonrpc: '2.0', id: question.id, result: { action: 'accept', content: { word: 'ahoy' } } };
    assert.equal((await client.post(answer)).status, 202);
    assert.equal((await client.nextWhere(({ id }) => id === 'first')).result.content[0].text, 'ahoy');
    assert.equal((await post('third', 'plain')).status, 202);
    await client.nextWhere(({ id }) => id === 'third');
    assert.deepEqual(edge.called, ['plain']);
  });
}
