import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type ServeOptions, type ServerCapabilities } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { answerIn, modern, send } from '../support/mcp-post.ts';
import { eventually, serving } from '../support/serving.ts';

const KEY = 'io.modelcontextprotocol/subscriptionId';

async function served(
  t: TestContext,
  capabilities: ServerCapabilities = { resources: { subscribe: true } },
  options: ServeOptions = {},
): Promise<{ url: string; server: McpServer }> {
  const server = new McpServer({ name: 'listened', version: '1.0.0' }, { capabilities });
  server.registerTool('any', {}, () => 'any');
  server.registerResource('note', 'note://1', {}, () => ({ contents: [] }));
  return { url: (await serving(t, server, options)).url, server };
}

async function listen(
  t: TestContext,
  url: string,
  notifications: object,
  id: string | number = 1,
): Promise<OpenStream> {
  const stream = new OpenStream(await send(url, modern('subscriptions/listen', { notifications }, { id })));
  t.after(() => stream.cancel());
  return stream;
}

test('the first message acknowledges what will be sent: what was asked for and is declared', async t => {
  const all = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true };
  const { url } = await served(t);
  const stream = await listen(t, url, { ...all, resourceSubscriptions: ['note://1'] }, 'mine');
  assert.deepEqual(await stream.next(), {
    jsonrpc: '2.0',
    method: 'notifications/subscriptions/acknowledged',
    params: {
      _meta: { [KEY]: 'mine' },
      notifications: { toolsListChanged: true, resourcesListChanged: true, resourceSubscriptions: ['note://1'] },
    },
  });
  const plain = await served(t, {});
  const narrowed = await listen(t, plain.url, { toolsListChanged: true, resourceSubscriptions: ['note://1'] });
  assert.deepEqual((await narrowed.next()).params.notifications, { toolsListChanged: true });
});

test('a stream to which nothing would ever be sent is complete at once', async t => {
  const { url } = await served(t);
  const stream = await listen(t, url, { promptsListChanged: true }, 5);
  const [acknowledged, completion, ...more] = await stream.rest();
  assert.deepEqual(acknowledged.params.notifications, {});
  assert.equal(completion.id, 5);
  assert.deepEqual(more, []);
});

test('each change is one notification, to those who asked for it', async t => {
  const { url, server } = await served(t);
  const tools = await listen(t, url, { toolsListChanged: true }, 1);
  const notes = await listen(t, url, { resourceSubscriptions: ['note://1', 'note://2'] }, '1');
  await tools.next();
  await notes.next();
  const handle = server.registerTool('new', {}, () => 'new');
  server.sendResourceUpdated({ uri: 'note://3' });
  server.sendResourceUpdated({ uri: 'note://2' });
  server.sendResourceListChanged();
  server.sendPromptListChanged();
  handle.disable();
  server.sendResourceUpdated({ uri: 'note://1' });
  const changed = { jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: { [KEY]: 1 } } };
  assert.deepEqual([await tools.next(), await tools.next()], [changed, changed]);
  const updated = (uri: string) => ({
    jsonrpc: '2.0',
    method: 'notifications/resources/updated',
    params: { _meta: { [KEY]: '1' }, uri },
  });
  assert.deepEqual([await notes.next(), await notes.next()], [updated('note://2'), updated('note://1')]);
});

test('two streams with the same id are two streams', async t => {
  const { url, server } = await served(t);
  const first = await listen(t, url, { toolsListChanged: true });
  const second = await listen(t, url, { toolsListChanged: true });
  const streams = [first, second];
  for (const stream of streams) await stream.next();
  server.sendToolListChanged();
  for (const stream of streams) assert.equal((await stream.next()).method, 'notifications/tools/list_changed');
  await first.cancel();
  server.sendToolListChanged();
  assert.equal((await second.next()).method, 'notifications/tools/list_changed');
});

test('who leaves is forgotten: thousands come and go where ten may stay', async t => {
  const { url } = await served(t, {}, { maxSubscriptions: 10 });
  for (let round = 0; round < 100; round++) {
    const response = await send(url, modern('subscriptions/listen', { notifications: { toolsListChanged: true } }));
    assert.equal(response.headers.get('content-type'), 'text/event-stream', `round ${round}`);
    const stream = new OpenStream(response);
    await stream.next();
    await stream.cancel();
    if (round % 5 === 4) await new Promise(resolve => setTimeout(resolve, 10));
  }
});

test('a filter that is none is -32602', async t => {
  const { url } = await served(t);
  for (const notifications of [7, 'all', [], { resourceSubscriptions: 'note://1' }, { toolsListChanged: 'yes' }]) {
    const response = await send(url, modern('subscriptions/listen', { notifications }));
    const { error } = await answerIn(response);
    assert.equal(error?.code, -32602, JSON.stringify(notifications));
  }
});

test('who leaves before the stream has begun is not remembered', async t => {
  let asked = 0;
  let release = () => {};
  const released = new Promise<void>(resolve => {
    release = resolve;
  });
  const factory = async ({ era }: { era: string }) => {
    asked++;
    await released;
    const server = new McpServer({ name: era, version: '1.0.0' });
    server.registerTool('any', {}, () => 'any');
    return server;
  };
  const { url } = await serving(t, factory, { maxSubscriptions: 1 });
  const message = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const leaving = new AbortController();
  const left = assert.rejects(send(url, message, leaving.signal), { name: 'AbortError' });
  await eventually(() => asked === 1);
  leaving.abort();
  await left;
  await new Promise(resolve => setTimeout(resolve, 50));
  release();
  const stream = await listen(t, url, { toolsListChanged: true });
  assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
});
