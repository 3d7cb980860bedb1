// What only the 2025 era has: a request to the client that takes its time, and may end otherwise.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  fromJsonSchema,
  InMemoryTransport,
  type JSONRPCMessage,
  McpServer,
  type McpServerOptions,
  silentLogger,
} from 'slipway';
import { eventually, serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { accept, byHand, connected, ERAS, textForm } from './linear-eras.ts';

type Message = JSONRPCMessage & {
  id?: string | number;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
};

/** A client by hand: keeps what it hears. */
async function client(t: TestContext, mcp: McpServer, capabilities: object = { elicitation: { form: {}, url: {} } }) {
  const [end, serverEnd] = InMemoryTransport.createLinkedPair();
  await mcp.connect(serverEnd);
  t.after(() => mcp.close());
  const heard: Message[] = [];
  end.onmessage = message => heard.push(message as Message);
  await end.start();
  let id = 0;
  const request = (method: string, params: Record<string, unknown>) =>
    end.send({ jsonrpc: '2.0', id: `c${++id}`, method, params });
  const clientInfo = { name: 'test', version: '1.0.0' };
  await request('initialize', { protocolVersion: '2025-11-25', capabilities, clientInfo });
  await eventually(() => heard.length === 1);
  heard.length = 0;
  const first = (method: string) => heard.find(message => message.method === method);
  return { end, heard, request, first };
}

const server = (options: McpServerOptions = {}) =>
  new McpServer({ name: 'direct', version: '1.0.0' }, { logger: silentLogger, ...options });

test('people get as long as inputRequired.roundTimeoutMs; a call may set its own time', async t => {
  const mcp = server({ inputRequired: { roundTimeoutMs: 30 } });
  mcp.registerTool('tool', {}, async ctx => {
    const ends: unknown[] = [];
    for (const options of [undefined, { timeout: 10 }]) {
      await ctx.elicit(textForm('Sure?', 'a'), options).catch(error => ends.push(error.data));
    }
    return JSON.stringify(ends);
  });
  const { heard, request } = await client(t, mcp);
  await request('tools/call', { name: 'tool' });
  await eventually(() => heard.some(message => 'result' in message));
  const methods = heard.map(({ method }) => method);
  const round = ['elicitation/create', 'notifications/cancelled'];
  assert.deepEqual(methods, [...round, ...round, undefined]);
  const { result } = heard.at(-1) as { result: { content: { text: string }[] } };
  assert.deepEqual(JSON.parse(result.content[0]!.text), [{ timeout: 30 }, { timeout: 10 }]);
});

test('an answer that does not fit the form is an error', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => (await ctx.elicit(textForm('Sure?', 'a'))).action);
  const { result } = await connected(t, mcp, 'tools/call', { name: 'tool' }, () => accept({ a: 7 }));
  assert.equal(result.isError, true);
  assert.match(result.content[0].text, /does not match requested schema/);
});

test('a cancelled call takes its question back', async t => {
  const mcp = server();
  let end: unknown;
  mcp.registerTool('tool', {}, async ctx => {
    await ctx.elicit(textForm('Sure?', 'a')).catch(error => (end = error));
    return 'done';
  });
  const { end: transport, request, first } = await client(t, mcp);
  await request('tools/call', { name: 'tool' });
  await eventually(() => first('elicitation/create') !== undefined);
  await transport.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'c2', reason: 'r' } });
  await eventually(() => first('notifications/cancelled') !== undefined);
  assert.equal(first('notifications/cancelled')?.params?.['requestId'], first('elicitation/create')?.id);
  await eventually(() => end !== undefined);
});

test('a tool that runs out of time takes its question back', async t => {
  const mcp = server();
  mcp.registerTool('tool', { timeout: 30 }, async ctx => (await ctx.elicit(textForm('Sure?', 'a'))).action);
  const { heard, request, first } = await client(t, mcp);
  await request('tools/call', { name: 'tool' });
  await eventually(() => heard.some(message => 'result' in message) && first('notifications/cancelled') !== undefined);
  assert.equal(first('notifications/cancelled')?.params?.['requestId'], first('elicitation/create')?.id);
});

test('the signal of the options takes the question back too', async t => {
  const mcp = server();
  const stop = new AbortController();
  mcp.registerTool('tool', {}, async ctx => {
    const asked = ctx.elicit(textForm('Sure?', 'a'), { signal: stop.signal });
    return asked.then(
      () => 'answered',
      error => `gave up: ${error.message}`,
    );
  });
  const { heard, request, first } = await client(t, mcp);
  await request('tools/call', { name: 'tool' });
  await eventually(() => first('elicitation/create') !== undefined);
  stop.abort(new Error('enough'));
  await eventually(() => heard.some(message => 'result' in message));
  const { result } = heard.at(-1) as { result: { content: { text: string }[] } };
  assert.equal(result.content[0]!.text, 'gave up: enough');
});

for (const [era, run] of Object.entries({ '2025-11-25': connected, '2026-07-28': byHand })) {
  test(`${era}: handlers set by hand ask as registered ones do`, async t => {
    const mcp = server({ capabilities: { tools: {}, prompts: {} } });
    let steps = 0;
    mcp.server.setRequestHandler('tools/call', async (_request, ctx) => {
      const number = await ctx.step('count', () => ++steps);
      const { content } = await ctx.elicit(textForm('Name?', 'name'));
      return { content: [{ type: 'text', text: `${number} ${content?.['name']}` }] };
    });
    const { result } = await run(t, mcp, 'tools/call', { name: 'any' }, () => accept({ name: 'Ada' }));
    assert.equal(result.content[0].text, '1 Ada');
    assert.equal(steps, 1);
  });
}

for (const [era, run] of Object.entries(ERAS)) {
  test(`${era}: a tool that asks keeps its output schema`, async t => {
    const mcp = server();
    const outputSchema = fromJsonSchema({
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
    });
    mcp.registerTool('tool', { outputSchema, timeout: 5000 }, async ctx => {
      const { content } = await ctx.elicit(textForm('Name?', 'name'));
      return { name: content?.['name'] };
    });
    const { result } = await run(t, mcp, 'tools/call', { name: 'tool' }, () => accept({ name: 'Ada' }));
    assert.deepEqual(result.structuredContent, { name: 'Ada' });
  });
}

test('a completion notifier works when its request is long over', async t => {
  const mcp = server();
  let done: (() => Promise<void>) | undefined;
  mcp.registerTool('tool', {}, async () => {
    done = mcp.server.createElicitationCompletionNotifier('e1');
    return 'sent';
  });
  const { heard, request, first } = await client(t, mcp);
  await request('tools/call', { name: 'tool' });
  await eventually(() => heard.some(message => 'result' in message));
  // As from a webhook: outside of every request.
  await new Promise(resolve => setTimeout(resolve, 5));
  await done?.();
  await eventually(() => first('notifications/elicitation/complete') !== undefined);
  assert.deepEqual(first('notifications/elicitation/complete')?.params, { elicitationId: 'e1' });
  const fromOutside = mcp.server.createElicitationCompletionNotifier('e2');
  await fromOutside();
  assert.deepEqual(heard.at(-1)?.params, { elicitationId: 'e2' });
});

test('over HTTP the notification goes to the stream of the session that began the request', async t => {
  const mcp = server();
  const done: (() => Promise<void>)[] = [];
  mcp.registerTool('tool', { inputSchema: fromJsonSchema<{ id: string }>({ type: 'object' }) }, async ({ id }) => {
    done.push(mcp.server.createElicitationCompletionNotifier(id));
    return 'sent';
  });
  const { url } = await serving(t, mcp);
  const capabilities = { elicitation: { url: {} } };
  const [one, two] = await Promise.all([
    SessionClient.begin(url, { capabilities }),
    SessionClient.begin(url, { capabilities }),
  ]);
  const streams = await Promise.all([one.open(), two.open()]);
  await one.call('tool', { id: 'first' });
  await two.call('tool', { id: 'second' });
  for (const notify of done) await notify();
  const heard = await Promise.all(streams.map(stream => stream.message()));
  assert.deepEqual(
    heard.map(({ method, params }) => [method, params.elicitationId]),
    [
      ['notifications/elicitation/complete', 'first'],
      ['notifications/elicitation/complete', 'second'],
    ],
  );
});

for (const [name, answer] of Object.entries({
  'no action': {},
  'an action that there is not': { action: 'weird' },
  'no content for a required field': { action: 'accept' },
  'content that is a list': { action: 'accept', content: [1] },
  'a result that is none': null,
})) {
  test(`an answer that is none ends the question: ${name}`, async t => {
    const mcp = server({ inputRequired: { roundTimeoutMs: Number.POSITIVE_INFINITY } });
    mcp.registerTool('tool', {}, async ctx => (await ctx.elicit(textForm('Sure?', 'a'))).action);
    const { end, heard, request, first } = await client(t, mcp);
    await request('tools/call', { name: 'tool' });
    await eventually(() => first('elicitation/create') !== undefined);
    const { id } = first('elicitation/create')!;
    await end.send({ jsonrpc: '2.0', id: id!, result: answer as never });
    await eventually(() => heard.some(message => 'result' in message));
    assert.equal((heard.at(-1) as { result: { isError?: boolean } }).result.isError, true);
  });
}

test('a question that nobody waits for is taken back, and found out', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => {
    ctx.elicit(textForm('Sure?', 'a'));
    await new Promise(resolve => setTimeout(resolve, 10));
    return 'done';
  });
  const { heard, request, first } = await client(t, mcp);
  await request('tools/call', { name: 'tool' });
  await eventually(() => heard.some(message => 'result' in message));
  assert.match(JSON.stringify(heard.at(-1)), /SLIP_REPLAY_SUSPENSION_CAUGHT/);
  assert.equal(first('notifications/cancelled')?.params?.['requestId'], first('elicitation/create')?.id);
});
