import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, ToolError } from 'slipway';
import { z } from 'zod';
import { callTool } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';

async function served(
  t: TestContext,
  register: (server: McpServer) => void,
): Promise<{
  call: (name: string, args?: Record<string, unknown>) => Promise<Record<string, unknown>>;
  log: ReturnType<typeof recordedLog>;
}> {
  const log = recordedLog();
  const server = new McpServer({ name: 'output', version: '1.0.0' }, { logger: log });
  register(server);
  const { url } = await serving(t, server);
  return {
    log,
    call: async (name, args) => {
      const { resultType, _meta, ...result } = (await callTool(url, name, args)).result;
      assert.equal(resultType, 'complete');
      return result;
    },
  };
}

const text = (value: string) => ({ type: 'text', text: value });

test('plain values become results, returned at once or later', async t => {
  const VALUES: [string, () => unknown, Record<string, unknown>][] = [
    ['string', () => 'hello', { content: [text('hello')] }],
    ['empty', () => '', { content: [text('')] }],
    ['number', () => 42, { content: [text('42')] }],
    ['boolean', () => false, { content: [text('false')] }],
    ['nothing', () => undefined, { content: [] }],
    ['null', () => null, { content: [] }],
    ['object', () => ({ a: 1 }), { content: [text('{"a":1}')], structuredContent: { a: 1 } }],
    ['array', () => [1, 'b'], { content: [text('[1,"b"]')], structuredContent: [1, 'b'] }],
    ['result', () => ({ content: [text('own')] }), { content: [text('own')] }],
    [
      'both',
      () => ({ content: [text('own')], structuredContent: { a: 1 } }),
      { content: [text('own')], structuredContent: { a: 1 } },
    ],
    [
      'data-with-content',
      () => ({ content: 'a column', rows: 1 }),
      { content: [text('{"content":"a column","rows":1}')], structuredContent: { content: 'a column', rows: 1 } },
    ],
  ];
  const { call } = await served(t, server => {
    for (const [name, make] of VALUES) {
      server.registerTool(name, {}, () => make() as string);
      server.registerTool(`later-${name}`, {}, async () => make() as string);
    }
  });
  for (const [name, , expected] of VALUES) {
    assert.deepEqual(await call(name), expected, name);
    assert.deepEqual(await call(`later-${name}`), expected, `later-${name}`);
  }
});

test('a ToolError is shown to the model; any other error is a reference that only the log explains', async t => {
  const { call, log } = await served(t, server => {
    server.registerTool('shown', {}, () => {
      throw new ToolError('No such city');
    });
    server.registerTool('hidden', {}, async () => {
      throw new Error('password=hunter2');
    });
  });
  assert.deepEqual(await call('shown'), { content: [text('No such city')], isError: true });
  assert.equal(log.entries.length, 0);
  const hidden = JSON.stringify(await call('hidden'));
  assert.doesNotMatch(hidden, /hunter2/);
  const [, reference] = /reference ([0-9a-f]{12})/.exec(hidden)!;
  assert.equal(log.entries[0]?.fields.reference, reference);
  assert.equal(log.entries[0]?.fields.error.message, 'password=hunter2');
  assert.equal(log.entries[0]?.fields.tool, 'hidden');
});

test('output is held to its schema', async t => {
  const outputSchema = z.object({ total: z.number() });
  const { call, log } = await served(t, server => {
    server.registerTool('right', { outputSchema }, () => ({ total: 1 }));
    server.registerTool('wrong', { outputSchema }, () => ({ total: 'one' }) as never);
    server.registerTool('none', { outputSchema }, () => 'one');
    server.registerTool('error', { outputSchema }, () => ({
      content: [{ type: 'text' as const, text: 'no total' }],
      structuredContent: { total: 'none' },
      isError: true,
    }));
  });
  assert.deepEqual(await call('right'), { content: [text('{"total":1}')], structuredContent: { total: 1 } });
  for (const name of ['wrong', 'none']) {
    const result = await call(name);
    assert.equal(result['isError'], true, name);
    assert.equal('structuredContent' in result, false, name);
  }
  assert.equal(log.entries.length, 2);
  // An error carries no structured content: clients that validate it would hide the error.
  assert.deepEqual(await call('error'), { content: [text('no total')], isError: true });
});

test('arguments are validated, defaulted and transformed before the handler sees them', async t => {
  const { call } = await served(t, server => {
    const inputSchema = z.object({
      size: z.number().int().default(3),
      name: z.string().transform(name => name.trim()),
    });
    server.registerTool('typed', { inputSchema }, args => JSON.stringify(args));
  });
  assert.deepEqual(await call('typed', { name: ' Ada ' }), { content: [text('{"size":3,"name":"Ada"}')] });
  for (const args of [{}, { name: 1 }, { name: 'Ada', size: 1.5 }]) {
    assert.equal((await call('typed', args))['isError'], true, JSON.stringify(args));
  }
});
