// What is kept of calls that end otherwise than with a result.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { McpServer, SlipwayError, silentLogger, ToolError, UrlElicitationRequiredError } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import type { State } from '../../src/state/state.ts';
import { callTool } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';
import { call, freshKey, LOST, legacyCall, MISMATCH, REPLAY, told, UNAVAILABLE } from './keyed-calls.ts';

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function made(): McpServer {
  return new McpServer({ name: 'ends', version: '1.0.0' }, { logger: silentLogger });
}

/** A tool that waits until it is released, and says how often it was called. */
function gated(server: McpServer, config: { timeout?: number } = {}) {
  let calls = 0;
  const gate = Promise.withResolvers<string>();
  server.registerTool('wait', config, () => {
    calls++;
    return gate.promise;
  });
  return { calls: () => calls, release: gate.resolve, fail: gate.reject };
}

async function until(condition: () => boolean): Promise<void> {
  for (let n = 0; n < 200 && !condition(); n++) await pause(10);
  assert.ok(condition());
}

test('repetitions of a call that runs wait for it', async t => {
  const server = made();
  const tool = gated(server);
  const { url } = await serving(t, server);
  const key = freshKey();
  const all = Array.from({ length: 5 }, () => call(url, 'wait', key));
  await until(() => tool.calls() === 1);
  assert.deepEqual(told(await call(url, 'wait', key, { other: true })), MISMATCH, 'at once');
  await pause(50);
  tool.release('done');
  const answers = (await Promise.all(all)).map(told);
  assert.ok(answers.every(([text]) => text === 'done'));
  assert.equal(answers.filter(([, replay]) => replay === true).length, 4);
  assert.equal(tool.calls(), 1);
});

test('who waits for a call may leave, and the call goes on', async t => {
  const server = made();
  const tool = gated(server);
  const { url } = await serving(t, server);
  const key = freshKey();
  const first = call(url, 'wait', key);
  await until(() => tool.calls() === 1);
  const leaving = new AbortController();
  const left = call(url, 'wait', key, {}, { signal: leaving.signal });
  await pause(50);
  leaving.abort();
  await assert.rejects(left, { name: 'AbortError' });
  await pause(50);
  tool.release('done');
  assert.deepEqual(told(await first), ['done', false]);
});

test('a client that left comes back for the result of a handler that went on', async t => {
  const server = made();
  const tool = gated(server);
  const { url } = await serving(t, server);
  const key = freshKey();
  const leaving = new AbortController();
  const left = call(url, 'wait', key, {}, { signal: leaving.signal });
  await until(() => tool.calls() === 1);
  leaving.abort();
  await assert.rejects(left);
  await pause(50);
  const back = call(url, 'wait', key);
  await pause(50);
  tool.release('done');
  assert.deepEqual(told(await back), ['done', true]);
  assert.deepEqual(told(await call(url, 'wait', key)), ['done', true]);
  assert.equal(tool.calls(), 1);
});

test('what a handler that stopped when its client left has done is not known', async t => {
  const server = made();
  let calls = 0;
  server.registerTool('stops', {}, async ctx => {
    calls++;
    await once(ctx.mcpReq.signal, 'abort');
    throw ctx.mcpReq.signal.reason;
  });
  const { url } = await serving(t, server);
  const key = freshKey();
  const leaving = new AbortController();
  const left = call(url, 'stops', key, {}, { signal: leaving.signal });
  await until(() => calls === 1);
  leaving.abort();
  await assert.rejects(left);
  await pause(50);
  const answer = await call(url, 'stops', key);
  assert.deepEqual(told(answer), LOST);
  assert.match(answer.error!.message, /may have been done/);
  assert.equal(calls, 1);
});

test('what a tool that took too long has done is not known', async t => {
  const server = made();
  const tool = gated(server, { timeout: 40 });
  const { url } = await serving(t, server);
  const key = freshKey();
  const first = await call(url, 'wait', key);
  assert.equal(first.result.isError, true);
  assert.match(first.result.content[0].text, /40 ms/);
  assert.equal(first.result._meta[REPLAY], undefined, 'it is not kept');
  assert.deepEqual(told(await call(url, 'wait', key)), LOST);
  tool.release('late');
  await pause(20);
  assert.deepEqual(told(await call(url, 'wait', key)), LOST);
  assert.equal(tool.calls(), 1);
});

test('errors that the tool answers with are kept, internal ones with their reference', async t => {
  const server = made();
  let calls = 0;
  server.registerTool('refuses', {}, () => {
    throw new ToolError(`refused ${++calls}`);
  });
  server.registerTool('breaks', {}, () => {
    calls++;
    throw new Error('secret');
  });
  const { url } = await serving(t, server);
  for (const name of ['refuses', 'breaks']) {
    const key = freshKey();
    const first = await call(url, name, key);
    const second = await call(url, name, key);
    assert.equal(first.result.isError, true);
    assert.deepEqual(second.result.content, first.result.content, 'the same reference too');
    assert.deepEqual([second.result.isError, second.result._meta[REPLAY]], [true, true]);
  }
  assert.equal(calls, 2);
});

test('an error that says what is missing gives the key back', async t => {
  const server = made();
  let signedIn = false;
  server.registerTool('pay', {}, () => {
    if (signedIn) return 'paid';
    const visit = { mode: 'url' as const, url: 'https://example.com/', message: 'Sign in', elicitationId: 'e' };
    throw new UrlElicitationRequiredError([visit]);
  });
  const { url } = await serving(t, server);
  const key = freshKey();
  assert.equal((await legacyCall(url, 'pay', key)).error?.code, -32042);
  signedIn = true;
  assert.deepEqual(told(await legacyCall(url, 'pay', key)), ['paid', false]);
  assert.deepEqual(told(await legacyCall(url, 'pay', key)), ['paid', true]);
});

test('a result that is too large to be kept is sent once', async t => {
  const server = made();
  server.registerTool('large', {}, () => 'x'.repeat(1_100_000));
  const { url } = await serving(t, server);
  const key = freshKey();
  const first = await call(url, 'large', key);
  assert.equal(first.result.content[0].text.length, 1_100_000);
  assert.deepEqual(told(await call(url, 'large', key)), LOST);
});

test('a tool that set the result wrong is the same as without a key', async t => {
  const server = made();
  server.registerTool('odd', {}, () => ({ content: [{ type: 'text', text: 'x', n: 1n }] }) as never);
  const { url } = await serving(t, server);
  const key = freshKey();
  assert.equal((await call(url, 'odd', key)).error?.code, -32603);
  assert.deepEqual(told(await call(url, 'odd', key)), LOST);
});

/** A server on a state whose keys fail on demand. */
async function failing(t: TestContext) {
  const state = memoryState();
  const broken = new Set<string>();
  const logger = recordedLog();
  let calls = 0;
  const idempotency = new Proxy(state.idempotency, {
    get(target, name) {
      const method = Reflect.get(target, name, target) as (...args: unknown[]) => unknown;
      return async (...args: unknown[]) => {
        if (broken.has(String(name))) throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'the disk is full' });
        return method.apply(target, args);
      };
    },
  });
  const server = new McpServer({ name: 'failing', version: '1.0.0' }, { logger });
  server.registerTool('count', {}, () => `${++calls}`);
  const { url } = await serving(t, server, { state: { ...state, idempotency } satisfies State });
  return { url, broken, logger, calls: () => calls };
}

test('while no key can be taken, calls that carry one are refused, the others are not', async t => {
  const { url, broken, logger, calls } = await failing(t);
  broken.add('begin');
  const key = freshKey();
  const refused = await call(url, 'count', key);
  assert.deepEqual(told(refused), UNAVAILABLE);
  assert.doesNotMatch(JSON.stringify(refused), /disk/, 'the reason is for the log');
  assert.ok(logger.entries.some(({ level, fields }) => level === 'error' && /disk/.test(fields.error.message)));
  assert.deepEqual(told(await callTool(url, 'count')), ['1', undefined]);
  broken.clear();
  assert.deepEqual(told(await call(url, 'count', key)), ['2', false]);
  assert.equal(calls(), 2);
});

test('a result that can not be kept is answered all the same, and the call is not done again', async t => {
  const { url, broken, logger, calls } = await failing(t);
  broken.add('finish');
  const key = freshKey();
  assert.deepEqual(told(await call(url, 'count', key)), ['1', false]);
  assert.ok(logger.entries.some(({ level }) => level === 'error'));
  assert.notDeepEqual(told(await call(url, 'count', key)), ['2', false]);
  assert.equal(calls(), 1);
});
