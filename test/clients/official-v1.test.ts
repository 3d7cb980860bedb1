import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { eventually, serving } from '../support/serving.ts';
import { ClientServer } from './client-server.ts';

async function connected(t: TestContext): Promise<{ client: Client; server: ClientServer }> {
  const server = new ClientServer();
  const running = await serving(t, server.mcp);
  const client = new Client({ name: 'v1', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(running.url)));
  t.after(() => client.close());
  return { client, server };
}

const textOf = (result: object): string => (result as { content: { text: string }[] }).content[0]!.text;

test('knows its server', async t => {
  const { client } = await connected(t);
  assert.equal(client.getServerVersion()?.name, 'for-clients');
  assert.equal(client.getInstructions(), 'Ask away.');
  await client.ping();
});

test('lists everything, page by page', async t => {
  const { client } = await connected(t);
  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listTools(cursor === undefined ? {} : { cursor });
    names.push(...page.tools.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined && names.length < 100);
  assert.equal(names.length, 11);
  assert.equal(new Set(names).size, 11);
  assert.equal((await client.listPrompts()).prompts[0]?.name, 'visit');
  assert.equal((await client.listResources()).resources[0]?.uri, 'note://motd');
  assert.equal((await client.listResourceTemplates()).resourceTemplates[0]?.uriTemplate, 'city://{name}');
});

test('calls tools of every kind of result', async t => {
  const { client } = await connected(t);
  await client.listTools();
  assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'grüße 🚢' } })), 'grüße 🚢');
  const sum = await client.callTool({ name: 'sum', arguments: { numbers: [1, 2] } });
  assert.deepEqual(sum['structuredContent'], { total: 3 });
  assert.equal(textOf(sum), '{"total":3}');
  const list = await client.callTool({ name: 'list' });
  assert.deepEqual(list['structuredContent'], { result: ['Lisbon', 'Lima', 'London', 'Oslo'] });
  const plain = await client.callTool({ name: 'plain-list' });
  assert.deepEqual(plain['structuredContent'], { result: [1, 2, 3] });
  const failed = await client.callTool({ name: 'fails' });
  assert.deepEqual([failed['isError'], textOf(failed)], [true, 'There is no such city']);
  await assert.rejects(client.callTool({ name: 'nope' }), { code: -32602 });
});

test('reads, gets and completes', async t => {
  const { client } = await connected(t);
  assert.equal((await client.readResource({ uri: 'city://Oslo' })).contents[0]?.uri, 'city://Oslo');
  await assert.rejects(client.readResource({ uri: 'note://nope' }), { code: -32002 });
  const { messages } = await client.getPrompt({ name: 'visit', arguments: { city: 'Oslo' } });
  assert.deepEqual(messages[0]?.content, { type: 'text', text: 'Plan a visit to Oslo' });
  const { completion } = await client.complete({
    ref: { type: 'ref/prompt', name: 'visit' },
    argument: { name: 'city', value: 'Li' },
  });
  assert.deepEqual(completion.values, ['Lisbon', 'Lima']);
});

test('hears of progress and of log messages before the answer', async t => {
  const { client } = await connected(t);
  const progress: number[] = [];
  const options = { onprogress: (one: { progress: number }) => void progress.push(one.progress) };
  assert.equal(textOf(await client.callTool({ name: 'climbs' }, undefined, options)), 'up');
  assert.deepEqual(progress, [1, 2, 3]);
  const heard: unknown[] = [];
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params.data));
  await client.callTool({ name: 'logs' });
  assert.deepEqual(heard, ['a detail', 'a warning']);
});

test('an aborted call ends the wait, and the client goes on', async t => {
  const { client, server } = await connected(t);
  const leaving = new AbortController();
  const call = client.callTool({ name: 'wait' }, undefined, { signal: leaving.signal });
  await eventually(() => server.waiting === 1);
  leaving.abort();
  await assert.rejects(call);
  assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'on' } })), 'on');
});

test('a question, which this era can not carry without a session, is a tool error that says so', async t => {
  const { client } = await connected(t);
  const result = await client.callTool({ name: 'ship', arguments: { item: 'mug' } });
  assert.equal(result['isError'], true);
  assert.match(textOf(result), /did not declare|can not be asked/);
});

test('makes many calls, in turn and at once', async t => {
  const { client } = await connected(t);
  for (let count = 0; count < 30; count++) {
    assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: `${count}` } })), `${count}`);
  }
  const calls = Array.from({ length: 30 }, (_, n) => client.callTool({ name: 'echo', arguments: { text: `${n}` } }));
  assert.deepEqual(
    (await Promise.all(calls)).map(textOf),
    calls.map((_, n) => `${n}`),
  );
});
