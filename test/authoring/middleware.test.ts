import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, ProtocolError, silentLogger } from 'slipway';
import { z } from 'zod';
import { ask, askLegacy, callTool } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

function built(): McpServer {
  const server = new McpServer({ name: 'wrapped', version: '1.0.0' }, { logger: silentLogger });
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => text);
  server.registerTool('breaks', {}, () => {
    throw new Error('broken');
  });
  server.registerPrompt('prompt', {}, () => 'asked');
  server.server.setRequestHandler('acme/own', { params: z.object({}) }, () => ({ own: true }));
  return server;
}

const served = async (t: TestContext, server: McpServer) => (await serving(t, server)).url;

test('the first added is the outermost, and sees method, params and result of every operation', async t => {
  const server = built();
  const seen: string[] = [];
  for (const name of ['outer', 'inner']) {
    server.use(async (ctx, next) => {
      seen.push(`${name} > ${ctx.mcpReq.method}`);
      const result = await next();
      seen.push(`${name} < ${Object.keys(result)[0]}`);
      return result;
    });
  }
  const url = await served(t, server);
  await callTool(url, 'echo', { text: 'x' });
  assert.deepEqual(seen.splice(0), ['outer > tools/call', 'inner > tools/call', 'inner < content', 'outer < content']);
  for (const [method, params] of [
    ['tools/list', {}],
    ['prompts/get', { name: 'prompt' }],
    ['acme/own', {}],
    ['server/discover', {}],
  ] as const) {
    await ask(url, method, params);
    assert.equal(seen.splice(0).length, 4, method);
  }
  await askLegacy(url, 'ping');
  assert.deepEqual(seen.slice(0, 2), ['outer > ping', 'inner > ping']);
});

test('it may change a result, answer by itself, or refuse', async t => {
  const server = built();
  let reached = 0;
  server.use(async (ctx, next) => {
    const { name } = ctx.mcpReq.params as { name?: string };
    if (name === 'nobody-registered-this') return { content: [{ type: 'text', text: 'from the middleware' }] };
    if (name === 'breaks') throw new ProtocolError(-32000, 'not today', { until: 'tomorrow' });
    const result = await next();
    reached++;
    return ctx.mcpReq.method === 'tools/call' ? { ...result, _meta: { 'acme.example/ms': 1 } } : result;
  });
  const url = await served(t, server);
  const { result } = await callTool(url, 'echo', { text: 'x' });
  assert.equal(result.content[0].text, 'x');
  assert.equal(result._meta['acme.example/ms'], 1);
  assert.equal(reached, 1);
  assert.equal((await callTool(url, 'nobody-registered-this')).result.content[0].text, 'from the middleware');
  assert.deepEqual((await callTool(url, 'breaks')).error, {
    code: -32000,
    message: 'not today',
    data: { until: 'tomorrow' },
  });
  assert.equal(reached, 1);
});

test('lists are shared and frozen: a changed copy is sent, a change in place is refused', async t => {
  const server = built();
  let filter = true;
  server.use(async (ctx, next) => {
    const result = await next();
    if (ctx.mcpReq.method !== 'tools/list') return result;
    const { tools } = result as unknown as { tools: { name: string }[] };
    if (filter) return { ...result, tools: tools.filter(({ name }) => name === 'echo') };
    tools.pop();
    return result;
  });
  const url = await served(t, server);
  for (const send of [ask, askLegacy]) {
    const { result } = await send(url, 'tools/list');
    assert.deepEqual(
      result.tools.map(({ name }: { name: string }) => name),
      ['echo'],
    );
  }
  const { result } = await ask(url, 'tools/list');
  assert.deepEqual([result.resultType, result.ttlMs, result.cacheScope], ['complete', 0, 'private']);
  filter = false;
  assert.equal((await ask(url, 'tools/list')).error?.code, -32603);
  filter = true;
  assert.equal((await ask(url, 'tools/list')).result.tools.length, 1);
});

test('what breaks in it is an internal error without its message', async t => {
  const server = built();
  server.use(() => {
    throw new Error('password=hunter2');
  });
  const url = await served(t, server);
  const answer = await callTool(url, 'echo', { text: 'x' });
  assert.equal(answer.error?.code, -32603);
  assert.doesNotMatch(JSON.stringify(answer), /hunter2/);
});
