import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { completable as sdkCompletable, isCompletable as sdkIsCompletable } from '@modelcontextprotocol/server';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';
import { completable, completerOf, getCompleter, isCompletable } from '../../src/schema/completable.ts';
import { normalizeSchema } from '../../src/schema/raw-shape.ts';

const languages = (typed: string): string[] => ['rust', 'ruby', 'go'].filter(name => name.startsWith(typed));

describe('completable()', () => {
  it('marks the schema itself and keeps it usable', () => {
    const plain = z.string();
    const marked = completable(plain, languages);
    assert.equal(marked, plain);
    assert.equal(marked.parse('x'), 'x');
    assert.equal(getCompleter(marked), languages);
    assert.ok(isCompletable(marked));
    assert.ok(!isCompletable(z.string()) && !isCompletable(undefined) && !isCompletable('x') && !isCompletable(null));
    assert.equal(getCompleter(z.string()), undefined);
  });

  it('and the official SDK read each other', () => {
    assert.ok(sdkIsCompletable(completable(z.string(), languages)));
    assert.equal(getCompleter(sdkCompletable(z.string(), languages)), languages);
  });

  it('may mark again, as a factory does with a schema that it shares', () => {
    const shared = z.string();
    completable(shared, () => []);
    assert.equal(getCompleter(completable(shared, languages)), languages);
  });

  it('takes schemas that are functions', () => {
    assert.equal(getCompleter(completable(type('string'), languages)), languages);
    assert.ok(isCompletable(completable(type('string'), languages)));
  });
});

describe('completerOf()', () => {
  const found = (schema: unknown, name = 'language') => completerOf(schema, name);

  it('finds the field of an object', () => {
    const schema = z.object({ language: completable(z.string(), languages), other: z.string() });
    assert.equal(found(schema), languages);
    assert.equal(found(schema, 'other'), undefined);
    assert.equal(found(schema, 'missing'), undefined);
    assert.equal(found(schema, 'constructor'), undefined);
  });

  it('finds it in a raw shape, of any library', () => {
    assert.equal(found(normalizeSchema({ language: completable(z.string(), languages) })), languages);
    assert.equal(found(normalizeSchema({ language: completable(type('string'), languages) })), languages);
    assert.equal(
      found(normalizeSchema({ language: completable(toStandardJsonSchema(v.string()), languages) })),
      languages,
    );
  });

  it('finds it inside and outside of optional', () => {
    const inside = completable(z.string(), languages);
    for (const field of [inside.optional(), inside.nullable().optional(), inside.default('go'), inside.nullish()])
      assert.equal(found(z.object({ language: field })), languages);
    assert.equal(found(z.object({ language: completable(z.string().optional(), () => []) })) === undefined, false);
    assert.equal(found({ shape: { language: v.optional(completable(v.string(), languages)) } }), languages);
  });

  it('finds nothing where there is no shape', () => {
    for (const schema of [undefined, null, z.string(), type({ language: 'string' }), 'x'])
      assert.equal(found(schema), undefined);
  });
});
