/** HTTP+SSE (MCP 2024-11-05, basic/transports): one client and its stream. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer, type ServeOptions } from 'slipway';
import { z } from 'zod';
import { eventually, serving } from '../support/serving.ts';
import { SseClient } from '../support/sse-client.ts';

interface Work {
  begun: number;
  cancelled: number;
  finish: () => void;
}

interface Subject {
  running: RunningServer;
  server: McpServer;
  work: Work;
  sse: string;
}

async function started(t: TestContext, options: ServeOptions = {}): Promise<Subject> {
  const work: Work = { begun: 0, cancelled: 0, finish: () => {} };
  const finished = new Promise<void>(resolve => {
    work.finish = resolve;
  });
  t.after(() => work.finish());
  const server = new McpServer(
    { name: 'older', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true, listChanged: true } } },
  );
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, async ({ text }, ctx) => {
    await ctx.mcpReq.log('info', `echo ${text}`);
    return text;
  });
  server.registerTool('who', {}, async ctx => {
    const requestedSchema = { type: 'object', properties: { name: { type: 'string' } } } as const;
    const { content } = await ctx.mcpReq.elicitInput({ message: 'Who are you?', requestedSchema });
    return String(content?.['name']);
  });
  server.registerTool('work', {}, async ctx => {
    work.begun++;
    ctx.mcpReq.signal.addEventListener('abort', () => work.cancelled++);
    await finished;
    return 'finished';
  });
  server.registerTool('large', {}, () => 'x'.repeat(4_000_000));
  server.registerResource('news', 'test://news', {}, uri => ({ contents: [{ uri: uri.href, text: 'none' }] }));
  const running = await serving(t, server, { httpSse: true, ...options });
  return { running, server, work, sse: new URL('/sse', running.url).href };
}

async function opened(t: TestContext, sse: string, headers?: Record<string, string>): Promise<SseClient> {
  const client = await SseClient.open(sse, headers);
  t.after(() => client.leave());
  return client;
}

const call = (id: number, name: string, args: object = {}) => ({
  jsonrpc: '2.0',
  id,
  method: 'tools/call',
  params: { name, arguments: args },
});

test('without the option both paths are free', async t => {
  const { running, sse } = await started(t, { httpSse: false });
  assert.equal((await fetch(sse)).status, 404);
  const posted = await fetch(new URL('/messages?sessionId=x', running.url), { method: 'POST', body: '{}' });
  assert.equal(posted.status, 404);
});

test('a client is told where to post, and gets every answer on its stream', async t => {
  const { sse, work } = await started(t);
  const client = await opened(t, sse);
  assert.equal(client.response.headers.get('content-type'), 'text/event-stream');
  assert.match(client.endpoint, /^\/messages\?sessionId=[\w-]+$/);

  const { result } = await client.initialize();
  assert.equal(result.protocolVersion, '2024-11-05');
  assert.equal((await client.ask(1, 'tools/list')).result.tools.length, 4);

  await client.post(call(2, 'echo', { text: 'grüße' }));
  const logged = await client.next();
  assert.deepEqual([logged.method, logged.params.data], ['notifications/message', 'echo grüße']);
  assert.equal((await client.next()).result.content[0].text, 'grüße');

  await client.post(call(3, 'work'));
  assert.deepEqual((await client.ask(4, 'ping')).result, {});
  work.finish();
  assert.equal((await client.next()).id, 3);
  assert.equal((await client.ask(5, 'nothing/like/this')).error.code, -32601);
});

test('the server asks the client in the middle of a call', async t => {
  const { sse } = await started(t);
  const client = await opened(t, sse);
  await client.initialize({ elicitation: {} });
  await client.post(call(1, 'who'));
  const question = await client.next();
  assert.equal(question.method, 'elicitation/create');
  const result = { action: 'accept', content: { name: 'Ada' } };
  assert.equal((await client.post({ jsonrpc: '2.0', id: question.id, result })).status, 202);
  assert.equal((await client.next()).result.content[0].text, 'Ada');
});

test('clients of one server hear nothing of each other, whatever their ids are', async t => {
  const { sse } = await started(t);
  const names = ['ada', 'bob', 'cyd', 'dan', 'eve'];
  const answers = await Promise.all(
    names.map(async name => {
      const client = await opened(t, sse);
      await client.initialize({ elicitation: {} });
      const messages: unknown[] = [];
      for (let round = 0; round < 5; round++) {
        await client.post(call(1, 'who'));
        const question = await client.next();
        const content = { name: `${name} ${round}` };
        await client.post({ jsonrpc: '2.0', id: question.id, result: { action: 'accept', content } });
        const { id, result } = await client.next();
        messages.push([question.id, id, result.content[0].text]);
      }
      return messages;
    }),
  );
  for (const [index, name] of names.entries()) {
    assert.deepEqual(
      answers[index],
      [0, 1, 2, 3, 4].map(round => [round, 1, `${name} ${round}`]),
    );
  }
});

test('each client has an address of its own, and answers go to the stream of that address', async t => {
  const { sse } = await started(t);
  const [first, second] = [await opened(t, sse), await opened(t, sse)];
  assert.notEqual(first.endpoint, second.endpoint);
  await first.post({ jsonrpc: '2.0', id: 'a', method: 'ping' });
  assert.equal((await first.next()).id, 'a');
  await second.post({ jsonrpc: '2.0', id: 'b', method: 'ping' });
  // The first message on this stream: nothing of the other client came before.
  assert.equal((await second.next()).id, 'b');
});

test('changes reach every client once; an updated resource those that subscribed', async t => {
  const { sse, server } = await started(t);
  const [hears, hearsNot] = [await opened(t, sse), await opened(t, sse)];
  await hears.initialize();
  await hearsNot.initialize();
  assert.deepEqual((await hears.ask(1, 'resources/subscribe', { uri: 'test://news' })).result, {});

  server.registerTool('late', {}, () => 'late');
  await server.server.sendResourceUpdated({ uri: 'test://news' });
  const changes = ['notifications/tools/list_changed', 'notifications/resources/updated'];
  const heard = [(await hears.next()).method, (await hears.next()).method];
  assert.deepEqual(heard, changes);
  assert.equal((await hearsNot.next()).method, changes[0]);
  for (const client of [hears, hearsNot]) {
    await client.post({ jsonrpc: '2.0', id: 9, method: 'ping' });
    assert.equal((await client.next()).id, 9);
  }
});

test('who leaves cancels: calls see their signal, and their places are free again', async t => {
  const { sse, work } = await started(t, { maxConcurrentRequests: 2 });
  const client = await opened(t, sse);
  await client.post(call(1, 'work'));
  await client.post(call(2, 'work'));
  await eventually(() => work.begun === 2);
  const third = await client.post({ jsonrpc: '2.0', id: 3, method: 'ping' });
  assert.equal(third.status, 503);
  assert.equal(((await third.json()) as { error: { data: { code: string } } }).error.data.code, 'SLIP_OVERLOADED');
  client.leave();
  await eventually(() => work.cancelled === 2);
  work.finish();
  const next = await opened(t, sse);
  await eventually(() => work.begun === 2);
  assert.deepEqual((await next.ask(1, 'ping')).result, {});
});

test('a cancelled call is not answered; one that takes too long is answered for', async t => {
  const { sse, work } = await started(t, { requestTimeoutMs: 200 });
  const client = await opened(t, sse);
  await client.post(call(1, 'work'));
  await eventually(() => work.begun === 1);
  await client.post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } });
  await eventually(() => work.cancelled === 1);
  await client.post(call(2, 'work'));
  const answer = await client.nextWhere(message => message.id === 2);
  assert.equal(answer.error.data.code, 'SLIP_REQUEST_TIMEOUT');
  assert.equal(work.cancelled, 2);
  work.finish();
  assert.deepEqual((await client.ask(3, 'ping')).result, {});
});

test('only who reads event streams gets one', async t => {
  const { sse } = await started(t);
  const refused = await fetch(sse, { headers: { accept: 'application/json' } });
  assert.equal(refused.status, 406);
  for (const accept of ['text/event-stream', '*/*', 'text/*', '']) await opened(t, sse, { accept });
});

test('as many streams are open as may be', async t => {
  const { sse } = await started(t, { maxSubscriptions: 2 });
  const first = await opened(t, sse);
  await opened(t, sse);
  const refused = await fetch(sse);
  assert.equal(refused.status, 503);
  assert.ok(refused.headers.get('retry-after'));
  assert.equal(((await refused.json()) as { error: { data: { code: string } } }).error.data.code, 'SLIP_STREAM_LIMIT');
  first.leave();
  let status = 503;
  for (let tries = 0; status === 503 && tries < 100; tries++) {
    const again = new AbortController();
    ({ status } = await fetch(sse, { signal: again.signal }));
    again.abort();
  }
  assert.equal(status, 200);
});

test('comments keep a silent stream open', async t => {
  const { sse } = await started(t, { keepAliveMs: 40 });
  const client = await opened(t, sse);
  for (let seen = 0; seen < 3; seen++) assert.equal(await client.comment(), ': keep-alive');
});

test('a reader that does not keep up is cut', async t => {
  const { sse, work } = await started(t, { maxBufferedBytes: 100_000 });
  const client = await opened(t, sse);
  await client.post(call(1, 'work'));
  await eventually(() => work.begun === 1);
  // Nobody reads the stream from here on; what the kernel holds is not without end.
  for (let id = 2; id < 20 && work.cancelled === 0; id++) await client.post(call(id, 'large'));
  await eventually(() => work.cancelled === 1, 'the cut');

  const reader = await opened(t, sse);
  for (let id = 1; id < 5; id++) {
    const { result } = await reader.ask(id, 'tools/call', { name: 'large' });
    assert.equal(result.content[0].text.length, 4_000_000);
  }
});

test('the server stops: a call in flight is answered, then its stream ends; idle streams end at once', async t => {
  const { running, sse, work } = await started(t);
  const [busy, longer, idle] = [await opened(t, sse), await opened(t, sse), await opened(t, sse)];
  await longer.initialize({ elicitation: {} });
  await longer.post(call(1, 'who'));
  assert.equal((await longer.next()).method, 'elicitation/create');
  await busy.post(call(1, 'work'));
  await eventually(() => work.begun === 1);
  let closed = false;
  const closing = running.close({ graceMs: 1_000 }).then(() => {
    closed = true;
  });
  assert.equal(await idle.next(), undefined);
  work.finish();
  assert.equal((await busy.next()).result.content[0].text, 'finished');
  assert.equal(await busy.next(), undefined);
  assert.equal(closed, false, 'one stream waited for another');
  assert.equal((await longer.nextWhere(message => message.id === 1)).error.data.code, 'SLIP_STOPPING');
  await closing;
});

test('what is still running when the grace is over is answered with an error', async t => {
  const { running, sse, work } = await started(t);
  const client = await opened(t, sse);
  await client.post(call(1, 'work'));
  await eventually(() => work.begun === 1);
  const closing = running.close({ graceMs: 50 });
  const answer = await client.next();
  assert.deepEqual([answer.id, answer.error.data.code], [1, 'SLIP_STOPPING']);
  assert.equal(await client.next(), undefined);
  assert.equal(work.cancelled, 1);
  await closing;
});
