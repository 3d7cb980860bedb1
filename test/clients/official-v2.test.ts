import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Client, type ClientOptions, ProtocolError, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { RunningServer, ServeOptions } from 'slipway';
import { eventually, serving } from '../support/serving.ts';
import { ClientServer } from './client-server.ts';

type Era = 'modern' | 'legacy';
const ERAS: readonly Era[] = ['modern', 'legacy'];

interface Connected {
  client: Client;
  server: ClientServer;
  running: RunningServer;
}

async function connected(
  t: TestContext,
  era: Era,
  { client: clientOptions, server: serverOptions }: { client?: ClientOptions; server?: ServeOptions } = {},
): Promise<Connected> {
  const server = new ClientServer();
  const running = await serving(t, server.mcp, { ...serverOptions });
  const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
  const client = new Client({ name: 'v2', version: '1.0.0' }, { versionNegotiation: { mode }, ...clientOptions });
  await client.connect(new StreamableHTTPClientTransport(new URL(running.url)));
  t.after(() => client.close());
  return { client, server, running };
}

const textOf = ({ content }: { content: unknown }): string => (content as { text: string }[])[0]!.text;

for (const era of ERAS) {
  test(`${era}: knows its server`, async t => {
    const { client } = await connected(t, era);
    assert.equal(client.getNegotiatedProtocolVersion(), era === 'modern' ? '2026-07-28' : '2025-11-25');
    assert.equal(client.getServerVersion()?.name, 'for-clients');
    assert.equal(client.getInstructions(), 'Ask away.');
    assert.deepEqual(client.getServerCapabilities()?.tools, { listChanged: true });
  });

  test(`${era}: lists everything, page by page`, async t => {
    const { client } = await connected(t, era);
    const names: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const page = await client.request({ method: 'tools/list', params: cursor === undefined ? {} : { cursor } });
      names.push(...page.tools.map(({ name }) => name));
      cursor = page.nextCursor;
      pages++;
    } while (cursor !== undefined && pages < 10);
    assert.equal(pages, 3);
    assert.equal(new Set(names).size, 11);
    assert.deepEqual(names.slice(0, 3), ['echo', 'sum', 'list']);
    assert.deepEqual(
      (await client.listPrompts()).prompts.map(({ name }) => name),
      ['visit'],
    );
    assert.deepEqual(
      (await client.listResources()).resources.map(({ uri }) => uri),
      ['note://motd'],
    );
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.deepEqual(
      resourceTemplates.map(({ uriTemplate }) => uriTemplate),
      ['city://{name}'],
    );
  });

  test(`${era}: calls tools of every kind of result`, async t => {
    const { client } = await connected(t, era);
    await client.listTools();
    assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'grüße 🚢' } })), 'grüße 🚢');
    const sum = await client.callTool({ name: 'sum', arguments: { numbers: [1, 2, 3.5] } });
    assert.deepEqual(sum.structuredContent, { total: 6.5 });
    assert.equal(textOf(sum), '{"total":6.5}');
    const wrapped = era === 'legacy';
    const list = await client.callTool({ name: 'list' });
    const cities = ['Lisbon', 'Lima', 'London', 'Oslo'];
    assert.deepEqual(list.structuredContent, wrapped ? { result: cities } : cities);
    const plain = await client.callTool({ name: 'plain-list' });
    assert.deepEqual(plain.structuredContent, wrapped ? { result: [1, 2, 3] } : [1, 2, 3]);
    const picture = await client.callTool({ name: 'picture' });
    assert.deepEqual(picture.content, [{ type: 'image', data: 'AAAA', mimeType: 'image/png' }]);
  });

  test(`${era}: tells a failing tool from a broken one, and both from a mistake of the caller`, async t => {
    const { client } = await connected(t, era);
    const failed = await client.callTool({ name: 'fails' });
    assert.equal(failed.isError, true);
    assert.equal(textOf(failed), 'There is no such city');
    const broken = await client.callTool({ name: 'breaks' });
    assert.equal(broken.isError, true);
    assert.match(textOf(broken), /reference [0-9a-f]{12}/);
    assert.doesNotMatch(JSON.stringify(broken), /hunter2/);
    const wrong = await client.callTool({ name: 'echo', arguments: { text: 1 } });
    assert.equal(wrong.isError, true);
    await assert.rejects(client.callTool({ name: 'nope' }), (error: ProtocolError) => {
      assert.ok(error instanceof ProtocolError);
      assert.equal(error.code, -32602);
      return true;
    });
  });

  test(`${era}: reads, gets and completes`, async t => {
    const { client } = await connected(t, era);
    assert.deepEqual((await client.readResource({ uri: 'note://motd' })).contents, [
      { uri: 'note://motd', text: 'Hello' },
    ]);
    const { contents } = await client.readResource({ uri: 'city://Oslo' });
    assert.deepEqual(contents, [{ uri: 'city://Oslo', text: 'About Oslo' }]);
    await assert.rejects(client.readResource({ uri: 'note://nope' }));
    const { messages } = await client.getPrompt({ name: 'visit', arguments: { city: 'Oslo' } });
    assert.deepEqual(messages[0]?.content, { type: 'text', text: 'Plan a visit to Oslo' });
    const byPrompt = await client.complete({
      ref: { type: 'ref/prompt', name: 'visit' },
      argument: { name: 'city', value: 'Li' },
    });
    assert.deepEqual(byPrompt.completion.values, ['Lisbon', 'Lima']);
    const byTemplate = await client.complete({
      ref: { type: 'ref/resource', uri: 'city://{name}' },
      argument: { name: 'name', value: 'O' },
    });
    assert.deepEqual(byTemplate.completion.values, ['Oslo']);
  });

  test(`${era}: hears of progress before the answer`, async t => {
    const { client } = await connected(t, era);
    const heard: unknown[] = [];
    const result = await client.callTool({ name: 'climbs' }, { onprogress: progress => heard.push(progress) });
    assert.equal(textOf(result), 'up');
    assert.deepEqual(
      heard,
      [1, 2, 3].map(step => ({ progress: step, total: 3, message: `step ${step}` })),
    );
  });

  test(`${era}: makes many calls, in turn and at once`, async t => {
    const { client } = await connected(t, era);
    for (let count = 0; count < 50; count++) {
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: `${count}` } })), `${count}`);
    }
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, count) => client.callTool({ name: 'echo', arguments: { text: `${count}` } })),
    );
    assert.deepEqual(
      results.map(textOf),
      Array.from({ length: 50 }, (_, count) => `${count}`),
    );
  });
}

test('modern: an aborted call is cancelled on the server, and the client goes on', async t => {
  const { client, server } = await connected(t, 'modern');
  const leaving = new AbortController();
  const call = client.callTool({ name: 'wait' }, { signal: leaving.signal });
  await eventually(() => server.waiting === 1);
  leaving.abort();
  await assert.rejects(call);
  await eventually(() => server.cancelled === 1);
  assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'on' } })), 'on');
});

test('legacy: an aborted call is cancelled at the server; the client goes on', async t => {
  const { client, server } = await connected(t, 'legacy');
  const leaving = new AbortController();
  const call = client.callTool({ name: 'wait' }, { signal: leaving.signal });
  await eventually(() => server.waiting === 1);
  leaving.abort();
  await assert.rejects(call);
  await eventually(() => server.cancelled === 1);
  assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'on' } })), 'on');
});

test('modern: answers a question in the middle of a call', async t => {
  const { client } = await connected(t, 'modern', { client: { capabilities: { elicitation: { form: {} } } } });
  const asked: string[] = [];
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    asked.push(params.message);
    return { action: 'accept', content: { city: 'Lisbon' } };
  });
  const result = await client.callTool({ name: 'ship', arguments: { item: 'mug' } });
  assert.equal(textOf(result), 'mug to Lisbon (asked about mug)');
  assert.deepEqual(asked, ['Where to with mug?']);
});

test('modern: a declined question is an answer too', async t => {
  const { client } = await connected(t, 'modern', { client: { capabilities: { elicitation: { form: {} } } } });
  client.setRequestHandler('elicitation/create', async () => ({ action: 'decline' }));
  assert.equal(textOf(await client.callTool({ name: 'ship', arguments: { item: 'mug' } })), 'mug to nowhere');
});

test('modern: a client that can not be asked gets an error', async t => {
  const { client } = await connected(t, 'modern');
  await assert.rejects(client.callTool({ name: 'ship', arguments: { item: 'mug' } }), { code: -32021 });
});

test('modern: hears of changes while it listens, and learns how the stream ended', async t => {
  const { client, server, running } = await connected(t, 'modern');
  const heard: string[] = [];
  for (const method of ['notifications/tools/list_changed', 'notifications/prompts/list_changed'] as const) {
    client.setNotificationHandler(method, () => void heard.push(method));
  }
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.push(params.uri));
  const first = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['note://motd'] });
  assert.deepEqual(first.honoredFilter, { toolsListChanged: true, resourceSubscriptions: ['note://motd'] });
  const handle = server.mcp.registerTool('new', {}, () => 'new');
  server.mcp.sendResourceUpdated({ uri: 'note://motd' });
  server.mcp.sendResourceUpdated({ uri: 'note://other' });
  server.mcp.sendPromptListChanged();
  handle.remove();
  await eventually(() => heard.length === 3);
  assert.deepEqual(heard, ['notifications/tools/list_changed', 'note://motd', 'notifications/tools/list_changed']);
  await first.close();
  assert.equal(await first.closed, 'local');
  const second = await client.listen({ toolsListChanged: true });
  await running.close();
  assert.equal(await second.closed, 'graceful');
});

test('modern: the listChanged option keeps a list up to date', async t => {
  const names: string[][] = [];
  const onChanged = (_error: Error | null, tools: { name: string }[] | null) =>
    void names.push((tools ?? []).map(({ name }) => name));
  const { server } = await connected(t, 'modern', { client: { listChanged: { tools: { onChanged, debounceMs: 0 } } } });
  server.mcp.registerTool('new', {}, () => 'new');
  await eventually(() => names.some(list => list.includes('new')));
});

test('auto: finds the modern era by itself, and tells a server without it', async t => {
  const server = new ClientServer();
  const running = await serving(t, server.mcp);
  const client = new Client({ name: 'v2', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(running.url)));
  t.after(() => client.close());
  assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
  const strict = await serving(t, new ClientServer().mcp, { legacy: 'reject' });
  const older = new Client({ name: 'v2', version: '1.0.0' }, { versionNegotiation: { mode: 'legacy' } });
  await assert.rejects(
    older.connect(new StreamableHTTPClientTransport(new URL(strict.url))),
    /2026-07-28|protocol version/i,
  );
});

test('legacy: log messages that a tool sends arrive with its answer', async t => {
  const { client } = await connected(t, 'legacy');
  const heard: unknown[] = [];
  client.setNotificationHandler('notifications/message', ({ params }) => void heard.push(params.data));
  assert.equal(textOf(await client.callTool({ name: 'logs' })), 'logged');
  assert.deepEqual(heard, ['a detail', 'a warning']);
});

for (const responseMode of ['json', 'sse'] as const) {
  test(`answers of response mode ${responseMode} are understood in both eras`, async t => {
    for (const era of ERAS) {
      const { client } = await connected(t, era, { server: { responseMode } });
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: era } })), era);
      assert.equal(textOf(await client.callTool({ name: 'climbs' }, { onprogress: () => {} })), 'up');
      assert.equal((await client.listPrompts()).prompts.length, 1);
    }
  });
}
