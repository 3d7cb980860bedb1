import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';
import { SlipwayError } from '../../src/protocol/coded-error.ts';
import { toJsonSchema } from '../../src/schema/conversion.ts';
import { normalizeSchema, type RawShapeOutput } from '../../src/schema/raw-shape.ts';
import { formatIssues, validate } from '../../src/schema/validation.ts';

const place = { kind: 'tool', name: 'tool', field: 'inputSchema' };

const linked = z.object({
  value: z.string(),
  get next() {
    return linked.optional();
  },
});
const named = z.object({ city: z.string() }).meta({ id: 'Address' });

const SHAPES: Record<string, Record<string, z.ZodType>> = {
  empty: {},
  plain: { name: z.string().describe('Who'), count: z.int().optional(), mood: z.enum(['good', 'bad']).default('good') },
  undefinable: {
    any: z.any(),
    unknown: z.unknown(),
    nullish: z.string().nullish(),
    exact: z.exactOptional(z.string()),
  },
  transformed: {
    caught: z.string().catch('c'),
    prefault: z.string().prefault('p'),
    before: z.preprocess(value => value ?? 'b', z.string()),
    after: z
      .string()
      .optional()
      .transform(text => text ?? 'none'),
    coerced: z.coerce.number().optional(),
  },
  recursive: { first: linked, second: linked.optional() },
  named: { from: named, to: named, tree: linked },
  nested: { inner: z.object({ deep: z.array(z.object({ id: z.string() })) }) },
};

const VALUES: unknown[] = [
  {},
  { name: 'a', extra: 1 },
  { name: 1, count: 1.5, mood: 'odd' },
  { name: 'a', count: undefined, mood: undefined },
  { any: 1, unknown: null, nullish: null, exact: 'e' },
  { any: undefined, unknown: undefined, exact: undefined },
  { caught: 1, prefault: 2, before: 3, after: 4, coerced: '5' },
  { caught: 'x', prefault: undefined, before: null, after: 'y' },
  { first: { value: 'a', next: { value: 'b' } } },
  { first: { value: 'a', next: { value: 1 } }, second: { value: 'a', extra: true } },
  { from: { city: 'A' }, to: { city: 1 }, tree: { value: 'v' } },
  { inner: { deep: [{ id: 'x' }, { id: 2 }] } },
  [],
  null,
  'text',
  7,
];

describe('a raw shape behaves as z.object of it', () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    const wrapped = normalizeSchema(shape);
    assert.ok(wrapped !== undefined);
    const object = z.object(shape);

    it(`${name}: JSON Schema`, () => {
      for (const direction of ['input', 'output'] as const) {
        if (name === 'transformed' && direction === 'output') continue; // zod can not describe a transformation's output
        assert.equal(
          JSON.stringify(toJsonSchema(wrapped, direction, place)),
          JSON.stringify(toJsonSchema(object, direction, place)),
        );
      }
    });

    it(`${name}: validation`, () => {
      for (const value of VALUES) {
        const ours: ReturnType<typeof validate> = validate(wrapped, value);
        const theirs = validate(object, value);
        assert.ok(!(ours instanceof Promise) && !(theirs instanceof Promise));
        assert.equal(formatIssues(ours.issues ?? []), formatIssues(theirs.issues ?? []), JSON.stringify(value));
        if (ours.issues !== undefined || theirs.issues !== undefined) continue;
        assert.deepEqual(ours.value, theirs.value);
        assert.deepEqual(Object.keys(ours.value as object), Object.keys(theirs.value as object));
      }
    });
  }

  it('some of the values are valid and some are not', () => {
    const counts = { valid: 0, invalid: 0 };
    for (const shape of Object.values(SHAPES))
      for (const value of VALUES) counts[z.object(shape).safeParse(value).success ? 'valid' : 'invalid']++;
    assert.ok(counts.valid > 10 && counts.invalid > 10, JSON.stringify(counts));
  });
});

describe('a raw shape', () => {
  it('takes fields of any library', () => {
    const schema = normalizeSchema({
      a: type('string'),
      b: toStandardJsonSchema(v.optional(v.number(), 3)),
      c: z.boolean().optional(),
    });
    assert.ok(schema !== undefined);
    assert.deepEqual(validate(schema, { a: 'x', d: 1 }), { value: { a: 'x', b: 3 } });
    const invalid = validate(schema, { b: 'y' });
    assert.ok('issues' in invalid && invalid.issues !== undefined);
    assert.match(formatIssues(invalid.issues), /^a: .*, b: /);
    const input = toJsonSchema(schema, 'input', place);
    assert.deepEqual(input.required, ['a']);
    assert.deepEqual(toJsonSchema(schema, 'output', place).required, ['a', 'b']);
  });

  it('waits for asynchronous fields', async () => {
    const schema = normalizeSchema({ a: z.string().refine(async text => text === 'yes'), b: z.string() });
    assert.ok(schema !== undefined);
    const result = validate(schema, { a: 'no', b: 'b' });
    assert.ok(result instanceof Promise);
    assert.equal(formatIssues((await result).issues ?? []), 'a: Invalid input');
    assert.deepEqual(await validate(schema, { a: 'yes', b: 'b' }), { value: { a: 'yes', b: 'b' } });
  });

  it('keeps its fields reachable', () => {
    const shape = { a: z.string() };
    assert.equal((normalizeSchema(shape) as unknown as { shape: unknown }).shape, shape);
  });

  it('takes no key from a prototype, and gives none to it', () => {
    const schema = normalizeSchema({ constructor: z.string().optional(), ['__proto__']: z.any().optional() });
    assert.ok(schema !== undefined);
    assert.deepEqual(validate(schema, {}), { value: {} });
    const hostile = validate(schema, JSON.parse('{"__proto__":{"polluted":true}}'));
    assert.ok('value' in hostile);
    assert.equal(Object.getPrototypeOf(hostile.value), Object.prototype);
  });

  it('has the handler types of its fields', () => {
    type Output = RawShapeOutput<{ a: z.ZodString; b: z.ZodOptional<z.ZodNumber> }>;
    const both: Output = { a: 'x', b: 1 };
    const one: Output = { a: 'x' };
    // @ts-expect-error: a is required
    const none: Output = {};
    assert.equal([both, one, none].length, 3);
  });
});

describe('other values', () => {
  it('undefined and schemas pass', () => {
    const schema = z.object({});
    assert.equal(normalizeSchema(undefined), undefined);
    assert.equal(normalizeSchema(schema), schema);
    const ark = type({ a: 'string' });
    assert.equal(normalizeSchema(ark), ark);
  });

  it('anything else is refused with a way out', () => {
    for (const value of [{ type: 'object', properties: {} }, 'text', 1, null, [], new Map(), () => 1, { a: 'string' }])
      assert.throws(
        () => normalizeSchema(value, place),
        (error: unknown) =>
          error instanceof SlipwayError &&
          error.code === 'SLIP_SCHEMA_NOT_CONVERTIBLE' &&
          error.message.includes('fromJsonSchema') &&
          error.message.includes("tool 'tool'"),
      );
  });

  it('a field without JSON Schema is named when it is converted', () => {
    const schema = normalizeSchema({ a: z.string(), b: v.string() });
    assert.ok(schema !== undefined);
    assert.throws(() => toJsonSchema(schema, 'input', place), /"valibot" of field b/);
  });
});
