import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { z } from 'zod';
import { ask, askLegacy, type JsonRpcAnswer } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';

const SECRET = 'password=hunter2';

function breaks(): never {
  throw new Error(SECRET);
}

async function served(t: TestContext): Promise<{ url: string; log: ReturnType<typeof recordedLog>; errors: Error[] }> {
  const log = recordedLog();
  const errors: Error[] = [];
  const server = new McpServer({ name: 'breaking', version: '1.0.0' }, { logger: log });
  server.registerTool('sync', {}, breaks);
  server.registerTool('async', {}, async () => breaks());
  server.registerTool('circular', {}, async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    circular['why'] = SECRET;
    return { structuredContent: circular };
  });
  server.registerTool('bigint', {}, () => ({ content: [], structuredContent: { size: 10n } }));
  server.registerTool(
    'liar',
    { outputSchema: z.object({ count: z.number() }) },
    async () => ({ count: SECRET }) as never,
  );
  server.registerTool('schema', { inputSchema: z.object({ a: z.string().refine(breaks) }) }, () => 'never');
  server.registerTool('thrown-text', {}, async () => {
    throw SECRET;
  });
  server.registerPrompt('prompt', {}, breaks);
  server.registerResource('resource', 'note://breaks', {}, breaks);
  server.server.setRequestHandler('acme/breaks', { params: z.object({}) }, breaks);
  const { url } = await serving(t, server, { onerror: error => errors.push(error) });
  return { url, log, errors };
}

/** The reference in an answer, which the log explains and the answer does not. */
function assertHidden(answer: JsonRpcAnswer, log: ReturnType<typeof recordedLog>, what: string): void {
  const text = JSON.stringify(answer);
  assert.doesNotMatch(text, /hunter2|\.ts:| {4}at /, what);
  const [, reference] = /reference ([0-9a-f]{12})/.exec(text) ?? [];
  assert.ok(reference !== undefined, `${what}: no reference in ${text}`);
  const entry = log.entries.find(({ fields }) => fields.reference === reference);
  assert.equal(entry?.level, 'error', what);
  assert.ok(entry.fields.error !== undefined, what);
}

const CALLS: [string, Record<string, unknown>][] = [
  ...['sync', 'async', 'circular', 'bigint', 'liar', 'thrown-text'].map((name): [string, Record<string, unknown>] => [
    'tools/call',
    { name },
  ]),
  ['tools/call', { name: 'schema', arguments: { a: 'x' } }],
  ['prompts/get', { name: 'prompt' }],
  ['resources/read', { uri: 'note://breaks' }],
  ['acme/breaks', {}],
];

for (const [era, send] of [
  ['2026-07-28', ask],
  ['2025-11-25', askLegacy],
] as const) {
  test(`${era}: what breaks is a reference to the client and a whole error in the log`, async t => {
    const { url, log } = await served(t);
    for (const [method, params] of CALLS) {
      const answer = await send(url, method, params);
      assertHidden(answer, log, `${method} ${JSON.stringify(params)}`);
    }
  });

  test(`${era}: a tool that breaks is an error result, whichever way it breaks`, async t => {
    const { url } = await served(t);
    // A schema that throws and a result that is no JSON are found outside of the tool's own call.
    const outside = ['schema', 'bigint'];
    const broken = CALLS.filter(([method, { name }]) => method === 'tools/call' && !outside.includes(String(name)));
    for (const [method, params] of broken) {
      const { result } = await send(url, method, params);
      assert.equal(result?.isError, true, JSON.stringify(params));
      assert.equal(result.structuredContent, undefined);
    }
  });
}

test('other errors are JSON-RPC errors of code -32603 with the reference in data', async t => {
  const { url, errors } = await served(t);
  const { error } = await ask(url, 'prompts/get', { name: 'prompt' });
  assert.equal(error?.code, -32603);
  assert.match(String(error?.data?.['reference']), /^[0-9a-f]{12}$/);
  assert.deepEqual(
    errors.map(({ message }) => message),
    [SECRET],
  );
});
