/** The official client v1 over HTTP+SSE (MCP 2024-11-05). */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  LoggingMessageNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { McpServer, serve } from 'slipway';
import { z } from 'zod';
import { eventually, serving } from '../support/serving.ts';

function subject(): McpServer {
  const server = new McpServer({ name: 'older', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => text);
  server.registerTool('interview', {}, async ctx => {
    const requestedSchema = { type: 'object', properties: { name: { type: 'string' } } } as const;
    const { content } = await ctx.elicit({ message: 'Who are you?', requestedSchema });
    const question = { type: 'text', text: `Greet ${String(content?.['name'])}` } as const;
    const sampled = await ctx.sample({ messages: [{ role: 'user', content: question }], maxTokens: 9 });
    await ctx.mcpReq.log('info', 'done');
    return JSON.stringify(sampled.content);
  });
  server.registerTool('count', {}, async ctx => {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (let progress = 1; progress <= 3; progress++) {
      const params = { progressToken: progressToken!, progress, total: 3 };
      await ctx.mcpReq.notify({ method: 'notifications/progress', params });
      // Client v1 drops progress that arrives in one piece with the response.
      await delay(20);
    }
    return 'counted';
  });
  server.registerTool(
    'wait',
    {},
    ctx =>
      new Promise<string>(resolve => {
        ctx.mcpReq.signal.addEventListener('abort', () => resolve('never read'));
      }),
  );
  server.registerResource('note', 'test://note', {}, uri => ({ contents: [{ uri: uri.href, text: 'a note' }] }));
  return server;
}

async function connected(t: TestContext, url: string, name: string): Promise<Client> {
  const client = new Client({ name, version: '1.0.0' }, { capabilities: { elicitation: {}, sampling: {} } });
  client.setRequestHandler(ElicitRequestSchema, async () => ({ action: 'accept', content: { name } }));
  client.setRequestHandler(CreateMessageRequestSchema, async ({ params }) => {
    const [message] = params.messages;
    return { role: 'assistant', model: name, content: message!.content as { type: 'text'; text: string } };
  });
  await client.connect(new SSEClientTransport(new URL('/sse', url)));
  t.after(() => client.close());
  return client;
}

const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]!.text;

test('handshake, lists, calls, errors, progress, cancellation', async t => {
  const { url } = await serving(t, subject(), { httpSse: true });
  const client = await connected(t, url, 'ada');
  assert.equal(client.getServerVersion()?.name, 'older');
  assert.equal((await client.listTools()).tools.length, 4);
  assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'grüße\n\n' } })), 'grüße\n\n');
  assert.equal((await client.callTool({ name: 'echo', arguments: {} })).isError, true);
  assert.deepEqual((await client.readResource({ uri: 'test://note' })).contents, [
    { uri: 'test://note', text: 'a note' },
  ]);
  await assert.rejects(client.readResource({ uri: 'test://none' }), { code: -32002 });

  const seen: number[] = [];
  await client.callTool({ name: 'count' }, undefined, { onprogress: ({ progress }) => seen.push(progress) });
  assert.deepEqual(seen, [1, 2, 3]);

  const leaving = new AbortController();
  const waiting = client.callTool({ name: 'wait' }, undefined, { signal: leaving.signal });
  leaving.abort('enough');
  await assert.rejects(waiting);
  assert.deepEqual(await client.ping(), {});
});

test('two clients are asked in the middle of their calls, each for itself', async t => {
  const { url } = await serving(t, subject(), { httpSse: true });
  const clients = await Promise.all(['ada', 'bob'].map(name => connected(t, url, name)));
  const logs = clients.map(client => {
    const heard: unknown[] = [];
    client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void heard.push(params.data));
    return heard;
  });
  const answers = await Promise.all(clients.map(client => client.callTool({ name: 'interview' })));
  assert.deepEqual(answers.map(textOf), ['{"type":"text","text":"Greet ada"}', '{"type":"text","text":"Greet bob"}']);
  assert.deepEqual(logs, [['done'], ['done']]);
});

test('both hear that a list has changed', async t => {
  const server = subject();
  const { url } = await serving(t, server, { httpSse: true });
  let heard = 0;
  for (const name of ['ada', 'bob']) {
    const client = await connected(t, url, name);
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => void heard++);
  }
  server.registerTool('late', {}, () => 'late');
  await eventually(() => heard === 2);
});

test('after a restart the client opens a new stream by itself, and its calls are answered', async t => {
  const running = await serve(subject(), { port: 0, httpSse: true });
  const client = await connected(t, running.url, 'ada');
  client.onerror = () => {};
  await running.close({ graceMs: 0 });
  await serving(t, subject(), { httpSse: true, port: running.port });
  let answer: unknown;
  for (let tries = 0; answer === undefined && tries < 100; tries++) {
    answer = await client.callTool({ name: 'echo', arguments: { text: 'again' } }).catch(() => undefined);
    await delay(100);
  }
  assert.equal(textOf(answer), 'again');
});
