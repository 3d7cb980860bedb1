import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type ServeOptions } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { legacy, modern, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

async function served(t: TestContext, options: ServeOptions): Promise<string> {
  const server = new McpServer({ name: 'silent', version: '1.0.0' });
  server.registerTool('wait', {}, async () => {
    await new Promise(resolve => setTimeout(resolve, 250));
    return 'waited';
  });
  server.registerTool('quick', {}, async () => 'quick');
  return (await serving(t, server, options)).url;
}

const call = (name: string, accept?: string) =>
  modern('tools/call', { name }, { headers: accept === undefined ? {} : { accept } });

for (const [era, message] of [
  ['2026-07-28', call('wait')],
  ['2025-11-25', legacy('tools/call', { name: 'wait' })],
] as const) {
  test(`${era}: a silent call becomes a stream, comments keep it open, the answer ends it`, async t => {
    const url = await served(t, { streamAfterMs: 40, keepAliveMs: 40 });
    const response = await send(url, message);
    assert.equal(response.headers.get('content-type'), 'text/event-stream');
    assert.equal(response.headers.get('content-length'), null);
    assert.equal(response.headers.get('cache-control'), 'no-cache, no-transform');
    const stream = new OpenStream(response);
    for (let count = 0; count < 3; count++) assert.equal(await stream.comment(), ': keep-alive');
    const [answer, ...more] = await stream.rest();
    assert.deepEqual(more, []);
    assert.equal(answer.result.content[0].text, 'waited');
  });
}

test('a call that is answered before the silence is long enough is JSON', async t => {
  const url = await served(t, { streamAfterMs: 5000 });
  for (const name of ['wait', 'quick']) {
    const response = await send(url, call(name));
    assert.equal(response.headers.get('content-type'), 'application/json');
    await response.text();
  }
});

test('without keep-alive comments only the first one is sent', async t => {
  const url = await served(t, { streamAfterMs: 40, keepAliveMs: 0 });
  const stream = new OpenStream(await send(url, call('wait')));
  await stream.rest();
  assert.equal(stream.comments.length, 1);
});

test('a client that reads only JSON gets JSON after any silence', async t => {
  const url = await served(t, { streamAfterMs: 20, keepAliveMs: 20 });
  const response = await send(url, call('wait', 'application/json'));
  assert.equal(response.headers.get('content-type'), 'application/json');
  assert.equal(
    ((await response.json()) as { result: { content: { text: string }[] } }).result.content[0]?.text,
    'waited',
  );
});

test('a listener hears comments too', async t => {
  const url = await served(t, { keepAliveMs: 40 });
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const stream = new OpenStream(await send(url, listen));
  assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
  for (let count = 0; count < 2; count++) assert.equal(await stream.comment(), ': keep-alive');
  await stream.cancel();
});
