import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type ServerCapabilities } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { legacy, modern, type Prepared, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;

async function served(t: TestContext, capabilities: ServerCapabilities = { logging: {} }): Promise<string> {
  const server = new McpServer({ name: 'logging', version: '1.0.0' }, { capabilities });
  server.registerTool('all', {}, async ctx => {
    for (const level of LEVELS) await ctx.mcpReq.log(level, { about: level }, 'tests');
    return 'logged';
  });
  return (await serving(t, server)).url;
}

/** The log messages that come with the answer to a call. */
async function levelsOf(url: string, message: Prepared): Promise<string[]> {
  const response = await send(url, message);
  if (response.headers.get('content-type') === 'application/json') {
    await response.text();
    return [];
  }
  const messages = await new OpenStream(response).rest();
  return messages.slice(0, -1).map(({ method, params }) => {
    assert.equal(method, 'notifications/message');
    assert.deepEqual(params.data, { about: params.level });
    assert.equal(params.logger, 'tests');
    return params.level;
  });
}

const call = (level?: string) =>
  modern(
    'tools/call',
    { name: 'all' },
    { meta: level === undefined ? {} : { 'io.modelcontextprotocol/logLevel': level } },
  );

test('a request gets the levels that it asks for, and the severer ones', async t => {
  const url = await served(t);
  for (const [at, level] of LEVELS.entries())
    assert.deepEqual(await levelsOf(url, call(level)), LEVELS.slice(at), level);
});

test('a request that asks for no level gets none', async t => {
  assert.deepEqual(await levelsOf(await served(t), call()), []);
});

test('a level that does not exist is refused', async t => {
  const response = await send(await served(t), call('loud'));
  assert.equal(response.status, 400);
  await response.text();
});

test('the 2025 era without a session has no level to ask for: everything comes', async t => {
  assert.deepEqual(await levelsOf(await served(t), legacy('tools/call', { name: 'all' })), [...LEVELS]);
});

test('a server that does not declare logging sends nothing', async t => {
  const url = await served(t, {});
  assert.deepEqual(await levelsOf(url, call('debug')), []);
  assert.deepEqual(await levelsOf(url, legacy('tools/call', { name: 'all' })), []);
});
