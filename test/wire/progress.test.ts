import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { legacy, modern, type Prepared, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

async function served(t: TestContext): Promise<string> {
  const server = new McpServer({ name: 'progress', version: '1.0.0' });
  const pause = () => new Promise(resolve => setTimeout(resolve, 60));
  server.registerTool('climb', {}, async ctx => {
    for (const step of [1, 3, 2, 3, 4, Number.NaN, Number.POSITIVE_INFINITY, 5]) {
      await ctx.mcpReq.progress(step, 5);
      await pause();
    }
    await ctx.mcpReq.progress(5, 5);
    return 'up';
  });
  server.registerTool('hurry', {}, async ctx => {
    for (let step = 1; step <= 1000; step++) await ctx.mcpReq.progress(step, 1000, `step ${step}`);
    return 'up';
  });
  server.registerTool('foreign', {}, async ctx => {
    await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken: 'of another', progress: 1 } });
    return 'up';
  });
  return (await serving(t, server)).url;
}

async function progressOf(url: string, message: Prepared): Promise<{ progressToken: unknown; progress: number }[]> {
  const response = await send(url, message);
  if (response.headers.get('content-type') === 'application/json') {
    await response.text();
    return [];
  }
  const messages = await new OpenStream(response).rest();
  assert.equal(messages.at(-1).result.content[0].text, 'up');
  return messages.slice(0, -1).map(({ method, params }) => {
    assert.equal(method, 'notifications/progress');
    return params;
  });
}

for (const token of ['token', 7, 0, '']) {
  test(`only values that grow are sent, under the token ${JSON.stringify(token)}`, async t => {
    const url = await served(t);
    for (const message of [
      modern('tools/call', { name: 'climb' }, { meta: { progressToken: token } }),
      legacy('tools/call', { name: 'climb' }, { meta: { progressToken: token } }),
    ]) {
      const sent = await progressOf(url, message);
      assert.deepEqual(
        sent.map(({ progress }) => progress),
        [1, 3, 4, 5],
      );
      for (const { progressToken } of sent) assert.equal(progressToken, token);
    }
  });
}

test('a request without a token gets none, and its answer stays JSON', async t => {
  const url = await served(t);
  for (const message of [modern('tools/call', { name: 'climb' }), legacy('tools/call', { name: 'climb' })]) {
    assert.deepEqual(await progressOf(url, message), []);
  }
});

test('a handler in a hurry is held to a rate, and its last value is sent', async t => {
  const url = await served(t);
  const sent = await progressOf(url, modern('tools/call', { name: 'hurry' }, { meta: { progressToken: 1 } }));
  assert.ok(sent.length < 100, `${sent.length} notifications`);
  assert.equal(sent.at(-1)?.progress, 1000);
});

test('a notification with the token of another request is not sent', async t => {
  const url = await served(t);
  assert.deepEqual(
    await progressOf(url, modern('tools/call', { name: 'foreign' }, { meta: { progressToken: 1 } })),
    [],
  );
});
