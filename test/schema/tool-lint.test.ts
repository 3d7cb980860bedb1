import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { lintTool, type ToolDefinition, type ToolFinding } from '../../src/schema/tool-lint.ts';

const CLEAN: ToolDefinition = {
  name: 'get_weather-2',
  inputSchema: {
    type: 'object',
    properties: {
      city: { type: 'string', 'x-mcp-header': 'City' },
      where: { oneOf: [{ type: 'string' }, { type: 'object', properties: { 'a.b-c_1': {} } }] },
    },
    required: ['city'],
  },
  outputSchema: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' },
};

function nested(levels: number): Record<string, unknown> {
  let schema: Record<string, unknown> = {};
  for (let level = 0; level < levels; level++) schema = { type: 'object', properties: { a: schema } };
  return schema;
}

type Expected = `${ToolFinding['severity']} ${ToolFinding['code']}`;

const input = (inputSchema: ToolDefinition['inputSchema']): Partial<ToolDefinition> => ({ inputSchema });
const property = (name: string, schema: unknown): Partial<ToolDefinition> =>
  input({ type: 'object', properties: { [name]: schema } });

const CASES: [string, Partial<ToolDefinition>, Expected, RegExp][] = [
  ['empty name', { name: '' }, 'error SLIP_INVALID_NAME', /empty/],
  ['name with a space', { name: 'get weather' }, 'error SLIP_INVALID_NAME', /" "/],
  ['name outside ASCII', { name: 'wetter_größe' }, 'error SLIP_INVALID_NAME', /"ö"/],
  ['name of 129', { name: 'a'.repeat(129) }, 'error SLIP_INVALID_NAME', /129 characters/],
  ['name of 65', { name: 'a'.repeat(65) }, 'warning SLIP_INVALID_NAME', /65 characters/],
  ['name with a dot', { name: 'weather.get' }, 'warning SLIP_INVALID_NAME', /dot/],
  ['root without type', input({ properties: {} }), 'error SLIP_SCHEMA_NOT_OBJECT', /inputSchema/],
  ['root of another type', input({ type: ['object', 'null'] }), 'error SLIP_SCHEMA_NOT_OBJECT', /inputSchema/],
  ['root oneOf', input({ type: 'object', oneOf: [{}] }), 'error SLIP_SCHEMA_ROOT_COMBINATOR', /oneOf/],
  ['root anyOf', input({ type: 'object', anyOf: [{}] }), 'error SLIP_SCHEMA_ROOT_COMBINATOR', /anyOf/],
  ['root allOf', input({ type: 'object', allOf: [{}] }), 'error SLIP_SCHEMA_ROOT_COMBINATOR', /allOf/],
  ['property key', property('$filter', {}), 'error SLIP_SCHEMA_PROPERTY_KEY', /\$filter/],
  ['empty property key', property('', {}), 'error SLIP_SCHEMA_PROPERTY_KEY', /''/],
  ['long property key', property('k'.repeat(65), {}), 'error SLIP_SCHEMA_PROPERTY_KEY', /kkk/],
  ['deep key', property('a', { items: { properties: { 'b c': {} } } }), 'error SLIP_SCHEMA_PROPERTY_KEY', /'b c'/],
  ['header on an array', property('a', { type: 'array', 'x-mcp-header': 'A' }), 'error SLIP_SCHEMA_HEADER', /array/],
  ['too deep', input(nested(65)), 'error SLIP_SCHEMA_TOO_LARGE', /64/],
  [
    'old dialect',
    input({ type: 'object', $schema: 'http://json-schema.org/draft-07/schema#' }),
    'warning SLIP_SCHEMA_OLD_DIALECT',
    /draft-07/,
  ],
  [
    'unknown dialect of the output',
    { outputSchema: { type: 'object', $schema: 'https://example.com/own' } },
    'warning SLIP_SCHEMA_DIALECT',
    /example\.com\/own/,
  ],
];

describe('lintTool()', () => {
  it('has nothing to say about a clean tool', () => {
    assert.deepEqual(lintTool(CLEAN), []);
    assert.deepEqual(lintTool({ name: 'a', inputSchema: { type: 'object', properties: {} } }), []);
  });

  for (const [name, change, expected, text] of CASES)
    it(name, () => {
      const findings = lintTool({ ...CLEAN, ...change });
      assert.deepEqual(
        findings.map(({ severity, code }) => `${severity} ${code}`),
        [expected],
      );
      const { code, details } = findings[0]!;
      const { message } = new SlipwayError(code, details);
      assert.match(message, text);
      assert.ok(!message.includes('?'), `a placeholder is not filled: ${message}`);
    });

  it('does not take data for a schema', () => {
    const schema = {
      type: 'object',
      properties: { properties: { type: 'object', default: { properties: { 'a b': 1 } } }, oneOf: {} },
      examples: [{ properties: { 'c d': {} } }],
    };
    assert.deepEqual(lintTool({ name: 'a', inputSchema: schema }), []);
  });

  it('reports everything at once', () => {
    const schema = { anyOf: [], properties: { 'a b': {}, 'c d': {} } };
    assert.equal(lintTool({ name: 'x y', inputSchema: schema }).length, 5);
  });
});
