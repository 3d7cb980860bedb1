import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { McpServer, type ServeOptions } from 'slipway';
import { callTool, legacy, modern, type Prepared, send } from '../support/mcp-post.ts';
import { eventually, serving } from '../support/serving.ts';

interface Work {
  begun: number;
  cancelled: number;
  finished: number;
  finish: () => void;
  reason?: unknown;
}

async function working(t: TestContext, options: ServeOptions = {}): Promise<{ url: string; work: Work }> {
  const work: Work = { begun: 0, cancelled: 0, finished: 0, finish: () => {} };
  const finished = new Promise<void>(resolve => {
    work.finish = resolve;
  });
  t.after(() => work.finish());
  const server = new McpServer({ name: 'leaving', version: '1.0.0' }, { capabilities: { logging: {} } });
  const wait = async (signal: AbortSignal) => {
    work.begun++;
    await Promise.race([finished, once(signal, 'abort')]);
    if (signal.aborted) {
      work.cancelled++;
      work.reason = signal.reason;
    } else work.finished++;
    return 'done';
  };
  server.registerTool('wait', {}, ctx => wait(ctx.mcpReq.signal));
  server.registerTool('tell-and-wait', {}, async ctx => {
    await ctx.mcpReq.log('info', 'begun');
    return wait(ctx.mcpReq.signal);
  });
  server.registerTool('with-deadline', { timeout: 5000 }, ctx => wait(ctx.mcpReq.signal));
  const { url } = await serving(t, server, options);
  return { url, work };
}

/** Sends a call and leaves while it works. */
async function leave(url: string, message: Prepared, work: Work): Promise<void> {
  const leaving = new AbortController();
  const response = send(url, message, leaving.signal);
  const read = response.then(answer => answer.text());
  const begun = work.begun;
  await eventually(() => work.begun === begun + 1);
  leaving.abort();
  await assert.rejects(read, { name: 'AbortError' });
}

const meta = { 'io.modelcontextprotocol/logLevel': 'debug' };

test('2026-07-28: who leaves cancels, before and after the answer has become a stream', async t => {
  const { url, work } = await working(t);
  for (const name of ['wait', 'tell-and-wait', 'with-deadline']) {
    const before = work.cancelled;
    await leave(url, modern('tools/call', { name }, { meta }), work);
    await eventually(() => work.cancelled === before + 1, `the cancellation of ${name}`);
    assert.equal((work.reason as { code?: string }).code, 'SLIP_REQUEST_CANCELLED');
  }
});

test('2025-11-25: a disconnect is no cancellation (basic/transports): the work is done', async t => {
  const { url, work } = await working(t);
  for (const name of ['wait', 'tell-and-wait']) await leave(url, legacy('tools/call', { name }), work);
  await new Promise(resolve => setTimeout(resolve, 50));
  assert.equal(work.cancelled, 0);
  work.finish();
  await eventually(() => work.finished === 2);
});

test('a cancelled call gives its place back', async t => {
  const { url, work } = await working(t, { maxConcurrentRequests: 1 });
  await leave(url, modern('tools/call', { name: 'wait' }), work);
  await eventually(() => work.cancelled === 1);
  work.finish();
  assert.equal((await callTool(url, 'wait')).result.content[0].text, 'done');
});

test('a finished call is not cancelled when its connection ends later', async t => {
  const { url, work } = await working(t);
  work.finish();
  assert.equal((await callTool(url, 'wait', {}, { headers: { connection: 'close' } })).result.content[0].text, 'done');
  await new Promise(resolve => setTimeout(resolve, 50));
  assert.deepEqual([work.finished, work.cancelled], [1, 0]);
});
