import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type McpServerOptions } from 'slipway';
import { ask, askLegacy } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

async function served(t: TestContext, options: McpServerOptions = {}): Promise<string> {
  const server = new McpServer({ name: 'cached', version: '1.0.0' }, options);
  server.registerTool('any', {}, () => 'any');
  server.registerPrompt('any', {}, () => 'any');
  server.registerResource('plain', 'note://plain', {}, () => ({ contents: [] }));
  const cacheHint = { ttlMs: 1000, cacheScope: 'public' } as const;
  server.registerResource('hinted', 'note://hinted', { cacheHint }, () => ({ contents: [] }));
  server.registerResource('own', 'note://own', { cacheHint }, () => ({ contents: [], ttlMs: 7 }));
  return (await serving(t, server)).url;
}

const CACHEABLE: [string, Record<string, unknown>][] = [
  ['server/discover', {}],
  ['tools/list', {}],
  ['prompts/list', {}],
  ['resources/list', {}],
  ['resources/templates/list', {}],
  ['resources/read', { uri: 'note://plain' }],
];

const fieldsOf = ({ result }: { result?: { ttlMs?: unknown; cacheScope?: unknown } }) => [
  result?.ttlMs,
  result?.cacheScope,
];

test('every cacheable result says how fresh it is; by default stale at once and private', async t => {
  const url = await served(t);
  for (const [method, params] of CACHEABLE)
    assert.deepEqual(fieldsOf(await ask(url, method, params)), [0, 'private'], method);
});

test('cacheHints sets it per method', async t => {
  const hint = { ttlMs: 60_000, cacheScope: 'public' } as const;
  for (const [method, params] of CACHEABLE) {
    const url = await served(t, { cacheHints: { [method]: hint } });
    assert.deepEqual(fieldsOf(await ask(url, method, params)), [60_000, 'public'], method);
    const other = CACHEABLE.find(([name]) => name !== method)!;
    assert.deepEqual(fieldsOf(await ask(url, ...other)), [0, 'private']);
  }
});

test('a resource says it for itself, and its answer even better', async t => {
  const url = await served(t, { cacheHints: { 'resources/read': { ttlMs: 5 } } });
  assert.deepEqual(fieldsOf(await ask(url, 'resources/read', { uri: 'note://plain' })), [5, 'private']);
  assert.deepEqual(fieldsOf(await ask(url, 'resources/read', { uri: 'note://hinted' })), [1000, 'public']);
  assert.deepEqual(fieldsOf(await ask(url, 'resources/read', { uri: 'note://own' })), [7, 'public']);
});

test('results that can not be cached have no such fields, and those of the 2025 era have none at all', async t => {
  const url = await served(t, { cacheHints: { 'tools/list': { ttlMs: 5 } } });
  for (const [method, params] of [
    ['tools/call', { name: 'any' }],
    ['prompts/get', { name: 'any' }],
  ] as const) {
    assert.deepEqual(fieldsOf(await ask(url, method, params)), [undefined, undefined], method);
  }
  for (const [method, params] of CACHEABLE.slice(1)) {
    assert.deepEqual(fieldsOf(await askLegacy(url, method, params)), [undefined, undefined], method);
  }
});
