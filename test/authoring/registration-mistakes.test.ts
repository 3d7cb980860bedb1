import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromJsonSchema, McpServer, type SlipwayError } from 'slipway';
import { z } from 'zod';
import { ask } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';

const object = (properties: Record<string, object>, more: object = {}) =>
  fromJsonSchema({ type: 'object', properties, ...more });

const MISTAKES: [string, (server: McpServer) => void][] = [
  ['SLIP_DUPLICATE_NAME', server => server.registerTool('taken', {}, () => 'again')],
  ['SLIP_DUPLICATE_NAME', server => server.registerPrompt('taken', {}, () => 'again')],
  ['SLIP_DUPLICATE_NAME', server => server.registerResource('x', 'note://taken', {}, () => 'again')],
  ['SLIP_INVALID_NAME', server => server.registerTool('', {}, () => 'x')],
  ['SLIP_INVALID_NAME', server => server.registerTool('two words', {}, () => 'x')],
  ['SLIP_INVALID_NAME', server => server.registerTool('x'.repeat(129), {}, () => 'x')],
  ['SLIP_INVALID_NAME', server => server.registerTool('grüße', {}, () => 'x')],
  ['SLIP_INVALID_NAME', server => server.registerResource('x', 'no uri', {}, () => 'x')],
  ['SLIP_INVALID_NAME', server => server.registerPrompt('', {}, () => 'x')],
  ['SLIP_SCHEMA_NOT_OBJECT', server => server.registerTool('x', { inputSchema: z.string() }, () => 'x')],
  [
    'SLIP_SCHEMA_NOT_OBJECT',
    server => server.registerTool('x', { inputSchema: fromJsonSchema({ type: 'array' }) }, () => 'x'),
  ],
  ...['oneOf', 'anyOf', 'allOf'].map((keyword): [string, (server: McpServer) => void] => [
    'SLIP_SCHEMA_ROOT_COMBINATOR',
    server => server.registerTool('x', { inputSchema: object({}, { [keyword]: [{ type: 'object' }] }) }, () => 'x'),
  ]),
  [
    'SLIP_SCHEMA_PROPERTY_KEY',
    server => server.registerTool('x', { inputSchema: object({ 'a key': { type: 'string' } }) }, () => 'x'),
  ],
  [
    'SLIP_SCHEMA_HEADER',
    server =>
      server.registerTool('x', { inputSchema: object({ a: { type: 'object', 'x-mcp-header': 'A' } }) }, () => 'x'),
  ],
  [
    'SLIP_SCHEMA_NOT_CONVERTIBLE',
    server => server.registerTool('x', { inputSchema: z.object({ a: z.bigint() }) }, () => 'x'),
  ],
  ['SLIP_SCHEMA_NOT_CONVERTIBLE', server => server.registerTool('x', { inputSchema: 'none' as never }, () => 'x')],
  ['SLIP_INVALID_HANDLER', server => server.registerTool('x', {}, 'none' as never)],
  ['SLIP_INVALID_HANDLER', server => server.registerPrompt('x', {}, undefined as never)],
  ['SLIP_INVALID_HANDLER', server => server.registerResource('x', 'note://x', {}, null as never)],
];

for (const [index, [code, mistake]] of MISTAKES.entries()) {
  test(`${code} (${index}) is thrown where the mistake is made, and nothing is registered`, async t => {
    const server = new McpServer({ name: 'mistaken', version: '1.0.0' });
    server.registerTool('taken', {}, () => 'first');
    server.registerPrompt('taken', {}, () => 'first');
    server.registerResource('taken', 'note://taken', {}, () => 'first');
    assert.throws(
      () => mistake(server),
      (error: SlipwayError) => {
        assert.equal(error.code, code);
        assert.doesNotMatch(error.message, /\?|undefined/);
        assert.ok(error.message.endsWith(`(${code})`));
        return true;
      },
    );
    const { url } = await serving(t, server);
    const counts = await Promise.all(
      [
        ['tools/list', 'tools'],
        ['prompts/list', 'prompts'],
        ['resources/list', 'resources'],
      ].map(async ([method, member]) => (await ask(url, method!)).result[member!].length),
    );
    assert.deepEqual(counts, [1, 1, 1]);
  });
}

test('names beyond what Claude accepts are registered with a warning', () => {
  const log = recordedLog();
  const server = new McpServer({ name: 'warned', version: '1.0.0' }, { logger: log });
  server.registerTool('fine_name-1', {}, () => 'x');
  assert.equal(log.entries.length, 0);
  for (const name of ['dotted.name', 'x'.repeat(65)]) {
    server.registerTool(name, {}, () => 'x');
    const entry = log.entries.pop();
    assert.equal(entry?.level, 'warn');
    assert.deepEqual(entry.fields, { code: 'SLIP_INVALID_NAME', tool: name });
    assert.match(entry.message, /Claude/);
    assert.equal(log.entries.length, 0);
  }
});

test('a finding that is allowed is accepted', () => {
  const server = new McpServer({ name: 'allowed', version: '1.0.0' });
  const inputSchema = object({ 'a key': { type: 'string' } });
  server.registerTool('x', { inputSchema, allow: ['SLIP_SCHEMA_PROPERTY_KEY'] }, () => 'x');
});
