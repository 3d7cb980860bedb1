import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { type JsonRpcAnswer, legacy, modern, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

async function served(t: TestContext): Promise<string> {
  const server = new McpServer({ name: 'batches', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('quick', {}, () => 'quick');
  server.registerTool('slow', {}, async () => {
    await new Promise(resolve => setTimeout(resolve, 30));
    return 'slow';
  });
  server.registerTool('telling', {}, async ctx => {
    await ctx.mcpReq.log('info', 'told');
    return 'telling';
  });
  return (await serving(t, server)).url;
}

const call = (name: string, id: number | string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });
const batch = (messages: unknown[], version: string | null = '2025-03-26') => ({
  headers: legacy('ping', undefined, version === null ? { headers: { 'mcp-protocol-version': null } } : { version })
    .headers,
  body: JSON.stringify(messages),
});

test('each request of a batch gets its answer, in one array, in their order', async t => {
  const url = await served(t);
  for (const version of ['2025-03-26', null]) {
    const messages = [
      call('slow', 1),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      call('quick', 'b'),
      call('nope', 3),
    ];
    const response = await send(url, batch(messages, version));
    assert.equal(response.status, 200);
    const answers = (await response.json()) as JsonRpcAnswer[];
    assert.deepEqual(
      answers.map(({ id, result, error }) => [id, result?.content[0].text ?? error?.code]),
      [
        [1, 'slow'],
        ['b', 'quick'],
        [3, -32602],
      ],
    );
  }
});

test('a batch of notifications only is 202 without a body', async t => {
  const response = await send(await served(t), batch([{ jsonrpc: '2.0', method: 'notifications/initialized' }]));
  assert.equal(response.status, 202);
  assert.equal(await response.text(), '');
});

test('a request that tells something makes the answer of the whole batch a stream', async t => {
  const response = await send(await served(t), batch([call('telling', 1), call('slow', 2)]));
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  const messages = await new OpenStream(response).rest();
  assert.deepEqual(
    messages.map(({ method, id }) => method ?? id),
    ['notifications/message', 1, 2],
  );
});

test('later revisions have no batches', async t => {
  const url = await served(t);
  for (const version of ['2025-06-18', '2025-11-25']) {
    const response = await send(url, batch([call('quick', 1)], version));
    assert.equal(response.status, 400, version);
    await response.text();
  }
  const { headers } = modern('tools/list');
  const response = await send(url, { headers, body: JSON.stringify([JSON.parse(modern('tools/list').body)]) });
  assert.equal(response.status, 400);
  await response.text();
});

test('an empty batch is refused', async t => {
  const response = await send(await served(t), batch([]));
  assert.equal(response.status, 400);
  await response.text();
});
