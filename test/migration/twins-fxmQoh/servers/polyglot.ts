/** A converter whose tools are described by four schema languages; each validates input, output and arguments. */

import {
  completable,
  createMcpHandler,
  fromJsonSchema,
  type JsonSchemaType,
  type jsonSchemaValidator,
  McpServer,
  type StandardSchemaV1,
  type StandardSchemaWithJSON,
} from 'slipway';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';

function text(value: unknown) {
  return { content: [{ type: 'text' as const, text: typeof value === 'string' ? value : JSON.stringify(value) }] };
}

const farewell: JsonSchemaType = {
  type: 'object',
  properties: { name: { type: 'string', minLength: 2 }, tags: { type: 'array', items: { $ref: '#/$defs/tag' } } },
  required: ['name'],
  $defs: { tag: { type: 'string', enum: ['late', 'early'] } },
};

/** Accepts everything but the number 13, to show that the second argument of fromJsonSchema is in charge. */
const superstitious: jsonSchemaValidator = {
  getValidator<T>() {
    return (input: unknown) =>
      JSON.stringify(input).includes('13')
        ? { valid: false as const, data: undefined, errorMessage: 'that number' }
        : { valid: true as const, data: input as T, errorMessage: undefined };
  },
};

/** A Standard Schema written by hand, without any library. */
const handmade: StandardSchemaWithJSON<{ n: number }, { n: number; doubled: number }> = {
  '~standard': {
    version: 1,
    vendor: 'handmade',
    validate(value: unknown): StandardSchemaV1.Result<{ n: number; doubled: number }> {
      const { n } = value as { n?: unknown };
      if (typeof n !== 'number') return { issues: [{ message: 'n must be a number', path: ['n'] }] };
      return { value: { n, doubled: n * 2 } };
    },
    jsonSchema: {
      input: () => ({ type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }),
      output: () => ({ type: 'object', properties: { n: { type: 'number' }, doubled: { type: 'number' } } }),
    },
  },
};

function build(): McpServer {
  const server = new McpServer({ name: 'polyglot', version: '1.0.0' });

  server.registerTool(
    'arktype',
    {
      inputSchema: type({ name: 'string', 'times?': '1 <= number.integer <= 5' }),
      outputSchema: type({ name: 'string', length: 'number' }),
    },
    async ({ name, times }) => {
      const output = { name, length: name.length * (times ?? 1) };
      return { ...text(output), structuredContent: output };
    },
  );

  server.registerTool(
    'valibot',
    {
      inputSchema: toStandardJsonSchema(
        v.object({ name: v.pipe(v.string(), v.minLength(2)), loud: v.optional(v.boolean()) }),
      ),
    },
    async ({ name, loud }) => text(loud ? name.toUpperCase() : name),
  );

  server.registerTool(
    'json-schema',
    { inputSchema: fromJsonSchema<{ name: string; tags?: string[] }>(farewell) },
    async ({ name, tags }) => text(`Goodbye, ${name} ${tags?.join() ?? ''}`),
  );

  server.registerTool(
    'own-validator',
    { inputSchema: fromJsonSchema({ type: 'object' }, superstitious) },
    async input => text(input),
  );

  server.registerTool('handmade', { inputSchema: handmade, outputSchema: handmade }, async ({ n, doubled }) => ({
    ...text(`${n} ${doubled}`),
    structuredContent: { n: doubled },
  }));

  server.registerTool(
    'zod',
    {
      inputSchema: z.object({
        mail: z.email().optional(),
        when: z.iso.datetime().optional(),
        kind: z.enum(['a', 'b']).optional(),
        nested: z.object({ deep: z.array(z.number().positive()).max(2) }).optional(),
        trimmed: z.string().trim().optional(),
        either: z.union([z.string(), z.number()]).optional(),
      }),
    },
    async input => text(input),
  );

  server.registerTool(
    'passing',
    { inputSchema: z.looseObject({ known: z.string() }), outputSchema: z.looseObject({ total: z.number() }) },
    async input => ({ content: [], structuredContent: { total: Object.keys(input).length, extra: true } }),
  );

  // Structured content that is not an object: 2026 clients get it as it is, 2025 clients wrapped.
  server.registerTool('numbers', { outputSchema: z.array(z.number()) }, async () => ({
    content: [],
    structuredContent: [1, 2, 3],
  }));
  server.registerTool('unlisted', {}, async () => ({ content: [], structuredContent: { any: 'object' } }));

  server.registerPrompt('ark', { argsSchema: type({ topic: 'string', 'tone?': 'string' }) }, ({ topic, tone }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: `${topic} ${tone ?? ''}` } }],
  }));
  server.registerPrompt(
    'zod',
    {
      argsSchema: z.object({
        topic: completable(z.string().min(2), value => [`${value}!`]),
        size: z.coerce.number().optional(),
      }),
    },
    ({ topic, size }) => ({ messages: [{ role: 'user', content: { type: 'text', text: `${topic} ${typeof size}` } }] }),
  );
  return server;
}

export const handler = createMcpHandler(build);
