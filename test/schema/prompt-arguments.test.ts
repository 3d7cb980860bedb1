import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';
import { fromJsonSchema } from '../../src/schema/from-json-schema.ts';
import { promptArguments } from '../../src/schema/prompt-arguments.ts';
import { normalizeSchema } from '../../src/schema/raw-shape.ts';
import type { StandardSchemaWithJSON } from '../../src/schema/standard-schema.ts';
import { askSdkServer } from './sdk-answer.ts';

const SCHEMAS: Record<string, StandardSchemaWithJSON<Record<string, unknown>>> = {
  zod: z.object({
    code: z.string().describe('The code'),
    language: z.string().optional(),
    style: z.string().default('x'),
  }),
  empty: z.object({}),
  arktype: type({ name: 'string', 'mood?': 'string' }),
  valibot: toStandardJsonSchema(
    v.object({ name: v.pipe(v.string(), v.description('Who')), mood: v.optional(v.string()) }),
  ),
};

describe("a prompt's arguments come from its schema as in the official SDK", () => {
  for (const [name, argsSchema] of Object.entries(SCHEMAS)) {
    it(name, async () => {
      const result = await askSdkServer(
        server => server.registerPrompt('prompt', { argsSchema }, () => ({ messages: [] })),
        { method: 'prompts/list' },
      );
      const prompt = (result.prompts as { arguments: unknown }[])[0];
      assert.equal(JSON.stringify(promptArguments(argsSchema)), JSON.stringify(prompt?.arguments));
    });
  }

  it('raw shape and raw JSON Schema', () => {
    const expected = [
      { name: 'a', description: 'A', required: true },
      { name: 'b', required: false },
    ];
    const shape = normalizeSchema({ a: z.string().describe('A'), b: z.string().optional() });
    assert.ok(shape !== undefined);
    assert.deepEqual(promptArguments(shape), expected);
    const raw = { type: 'object', properties: { a: { type: 'string', description: 'A' }, b: true }, required: ['a'] };
    assert.deepEqual(promptArguments(fromJsonSchema(raw)), expected);
  });

  it('a schema that is no object is refused', () => {
    assert.throws(() => promptArguments(z.string()), { code: 'SLIP_SCHEMA_NOT_CONVERTIBLE' });
  });
});
