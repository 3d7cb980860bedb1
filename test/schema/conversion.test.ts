import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StandardSchemaWithJSON as SdkSchema } from '@modelcontextprotocol/server';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { toJsonSchema } from '../../src/schema/conversion.ts';
import type { StandardSchemaV1, StandardSchemaWithJSON } from '../../src/schema/standard-schema.ts';
import { formatIssues, validate } from '../../src/schema/validation.ts';
import { askSdkServer } from './sdk-answer.ts';

interface Tool {
  inputSchema: unknown;
  outputSchema?: unknown;
}

async function sdkTool(inputSchema: SdkSchema, outputSchema?: SdkSchema): Promise<Tool> {
  const result = await askSdkServer(
    server => server.registerTool('tool', { inputSchema, outputSchema }, () => ({ content: [] })),
    { method: 'tools/list' },
  );
  return (result.tools as Tool[])[0]!;
}

const place = { kind: 'tool', name: 'tool', field: 'inputSchema' };

const recursive = z.object({
  value: z.string(),
  get next() {
    return recursive.optional();
  },
});

const SCHEMAS: Record<string, StandardSchemaWithJSON> = {
  'zod object': z.object({
    name: z.string().min(1).describe('Who'),
    times: z.int().min(1).max(5).default(2),
    tags: z.array(z.enum(['a', 'b'])).optional(),
    at: z.iso.datetime().nullish(),
  }),
  'zod empty': z.object({}),
  'zod strict': z.strictObject({ a: z.number() }),
  'zod loose': z.looseObject({ a: z.number() }),
  'zod recursive': recursive,
  'zod discriminated union': z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('a'), a: z.string() }),
    z.object({ kind: z.literal('b'), b: z.number() }),
  ]),
  'zod intersection': z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })),
  'zod header': z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }) }),
  arktype: type({ name: 'string', 'times?': '1 <= number.integer <= 5', mood: "'good' | 'bad' = 'good'" }),
  valibot: toStandardJsonSchema(
    v.object({
      name: v.pipe(v.string(), v.minLength(2)),
      times: v.optional(v.number(), 1),
      mood: v.nullish(v.string()),
    }),
  ),
};

describe('a Standard Schema becomes the JSON Schema that the official SDK sends', () => {
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    it(name, async () => {
      const tool = await sdkTool(schema, schema);
      assert.equal(JSON.stringify(toJsonSchema(schema, 'input', place)), JSON.stringify(tool.inputSchema));
      assert.equal(JSON.stringify(toJsonSchema(schema, 'output', place)), JSON.stringify(tool.outputSchema));
    });
  }

  it('leaves an output that is no object alone', () => {
    assert.equal(toJsonSchema(z.array(z.string()), 'output', place).type, 'array');
    assert.equal(toJsonSchema(z.union([z.string(), z.object({})]), 'output', place).type, undefined);
  });

  it('keeps apart what goes in and what comes out', () => {
    const schema = z.object({ a: z.string().default('x') });
    assert.equal(toJsonSchema(schema, 'input', place).required, undefined);
    assert.deepEqual(toJsonSchema(schema, 'output', place).required, ['a']);
  });
});

describe('a schema that clients can not be told', () => {
  const codeOf = (schema: StandardSchemaV1, where = place): string => {
    try {
      toJsonSchema(schema, 'input', where);
    } catch (error) {
      assert.ok(error instanceof SlipwayError);
      assert.match(error.message, /tool/);
      return error.code;
    }
    return 'converted';
  };

  it('has a code', () => {
    assert.equal(codeOf(z.object({ at: z.date() })), 'SLIP_SCHEMA_NOT_CONVERTIBLE');
    assert.equal(codeOf(v.object({ a: v.string() })), 'SLIP_SCHEMA_NOT_CONVERTIBLE');
    assert.equal(codeOf(z.string()), 'SLIP_SCHEMA_NOT_OBJECT');
    assert.equal(codeOf(z.string(), { ...place, kind: 'prompt' }), 'SLIP_SCHEMA_NOT_CONVERTIBLE');
    assert.equal(codeOf(z.object({})), 'converted');
  });
});

describe('what a schema finds wrong reads as it does in the official SDK', () => {
  for (const [name, args] of [
    ['zod object', { name: '', times: 'x', tags: ['c'] }],
    ['zod object', {}],
    ['zod strict', { a: 1, b: 2 }],
    ['zod recursive', { value: 'a', next: { value: 1 } }],
    ['arktype', { name: 1, times: 9 }],
    ['valibot', { name: 'x', times: 'y' }],
  ] as const) {
    it(`${name} ${JSON.stringify(args)}`, async () => {
      const schema = SCHEMAS[name]!;
      const result = await askSdkServer(
        server => server.registerTool('tool', { inputSchema: schema }, () => ({ content: [] })),
        { method: 'tools/call', params: { name: 'tool', arguments: args } },
      );
      const text = (result.content as { text: string }[])[0]!.text;
      const validated = validate(schema, args);
      assert.ok(!(validated instanceof Promise), 'a synchronous schema stays synchronous');
      assert.ok(validated.issues !== undefined);
      assert.ok(text.endsWith(`: ${formatIssues(validated.issues)}`), `${text} / ${formatIssues(validated.issues)}`);
    });
  }

  it('hands out the output, and waits only for an asynchronous schema', async () => {
    assert.deepEqual(validate(z.object({ a: z.string().default('x') }), {}), { value: { a: 'x' } });
    const slow = validate(z.object({ a: z.string().refine(async text => text !== 'no') }), { a: 'no' });
    assert.ok(slow instanceof Promise);
    assert.equal(formatIssues((await slow).issues ?? []), 'a: Invalid input');
  });
});
