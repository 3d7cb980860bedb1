import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputRequired as sdkInputRequired } from '@modelcontextprotocol/server';
import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import * as v from 'valibot';
import * as z from 'zod';
import type { ElicitRequestFormParams } from '../../src/protocol/elicitation.ts';
import type { InputRequest } from '../../src/protocol/input-required.ts';
import { fromJsonSchema } from '../../src/schema/from-json-schema.ts';
import type { StandardSchemaV1, StandardSchemaWithJSON } from '../../src/schema/standard-schema.ts';
import { acceptedContent, inputRequired, inputResponse } from '../../src/server/input-required.ts';

function formOf(request: InputRequest): ElicitRequestFormParams['requestedSchema'] {
  return (request.params as ElicitRequestFormParams).requestedSchema;
}

function formFor(requestedSchema: StandardSchemaWithJSON): Record<string, unknown> {
  return formOf(inputRequired.elicit({ message: 'm', requestedSchema }));
}

/** The SDK types its schemas by its own copy of the interfaces. */
type SdkElicitParams = Parameters<typeof sdkInputRequired.elicit>[0];

function sdkFormFor(requestedSchema: StandardSchemaWithJSON): unknown {
  const params = { message: 'm', requestedSchema } as SdkElicitParams;
  return formOf(sdkInputRequired.elicit(params) as InputRequest);
}

test('asks with questions, with a state, or with both', () => {
  const inputRequests = { roots: inputRequired.listRoots() };
  assert.deepEqual(inputRequired({ inputRequests }), { resultType: 'input_required', inputRequests });
  assert.deepEqual(inputRequired({ requestState: '' }), { resultType: 'input_required', requestState: '' });
  const both = inputRequired({ inputRequests, requestState: 's' });
  assert.deepEqual(both, { resultType: 'input_required', inputRequests, requestState: 's' });
  assert.ok(!('requestState' in inputRequired({ inputRequests })));
});

test('asking nothing is a mistake', () => {
  for (const spec of [
    {},
    { inputRequests: {} },
    { requestState: undefined },
    { requestState: 7 as unknown as string },
  ]) {
    assert.throws(() => inputRequired(spec), TypeError);
  }
});

test('builds each kind of question', () => {
  const requestedSchema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] } as const;
  const form: ElicitRequestFormParams = { message: 'Sure?', requestedSchema: { ...requestedSchema, required: ['ok'] } };
  assert.deepEqual(inputRequired.elicit(form), { method: 'elicitation/create', params: { ...form, mode: 'form' } });
  assert.deepEqual(inputRequired.elicitUrl({ message: 'Sign in', url: 'https://example.com/in' }), {
    method: 'elicitation/create',
    params: { mode: 'url', message: 'Sign in', url: 'https://example.com/in' },
  });
  const params = {
    messages: [{ role: 'user' as const, content: { type: 'text' as const, text: 'Hi' } }],
    maxTokens: 9,
  };
  assert.deepEqual(inputRequired.createMessage(params), { method: 'sampling/createMessage', params });
  assert.deepEqual(inputRequired.listRoots(), { method: 'roots/list' });
});

const FITTING: Record<string, StandardSchemaWithJSON> = {
  text: z.object({ name: z.string().min(1).max(20).describe('Your name'), nick: z.string().default('x') }),
  numbers: z.object({ a: z.number().min(0).max(1), b: z.int(), c: z.number().int().gte(1).optional() }),
  flag: z.object({ ok: z.boolean().default(true) }),
  formats: z.object({ mail: z.email(), page: z.url(), day: z.iso.date() }),
  moments: z.object({
    plain: z.iso.datetime(),
    offset: z.iso.datetime({ offset: true }),
    seconds: z.iso.datetime({ precision: 0 }),
    millis: z.iso.datetime({ precision: 3, offset: true }),
  }),
  choice: z.object({ colour: z.enum(['red', 'green']), size: z.enum(['s', 'l']).default('s') }),
  choices: z.object({
    colours: z
      .array(z.enum(['red', 'green']))
      .min(1)
      .max(2),
  }),
  described: z.object({ name: z.string().meta({ title: 'Name', examples: ['Ada'] }) }).meta({ title: 'You' }),
  empty: z.object({}),
  raw: fromJsonSchema({
    type: 'object',
    properties: {
      titled: { type: 'string', oneOf: [{ const: 'r', title: 'Red' }], default: 'r' },
      several: { type: 'array', items: { anyOf: [{ const: 'r', title: 'Red' }] }, minItems: 1, default: ['r'] },
      older: { type: 'string', enum: ['r'], enumNames: ['Red'] },
      noted: { type: 'boolean', $comment: 'c', 'x-widget': 'switch', readOnly: false },
    },
    required: ['titled'],
  }),
  arktype: type({ name: 'string > 0', 'age?': 'number.integer >= 0', mail: 'string.email', ok: 'boolean' }),
  valibot: toStandardJsonSchema(
    v.object({ name: v.pipe(v.string(), v.minLength(2)), mail: v.pipe(v.string(), v.email()) }),
  ),
};

for (const [name, schema] of Object.entries(FITTING)) {
  test(`a form takes ${name}, as in the official SDK`, () => {
    assert.deepEqual(formFor(schema), sdkFormFor(schema));
  });
}

test('a form of zod, field by field', () => {
  const schema = z.object({
    mail: z.email().describe('Where to'),
    day: z.iso.date().optional(),
    n: z.int().min(1).max(9),
  });
  const { $schema: _, ...form } = formFor(schema);
  assert.deepEqual(form, {
    type: 'object',
    properties: {
      mail: { type: 'string', format: 'email', description: 'Where to' },
      day: { type: 'string', format: 'date' },
      n: { type: 'integer', minimum: 1, maximum: 9 },
    },
    required: ['mail', 'n'],
  });
});

/** Each with the path that the error names. */
const UNFITTING: Record<string, readonly [StandardSchemaWithJSON, string]> = {
  'an object in an object': [z.object({ a: z.object({ b: z.string() }) }), 'properties.a'],
  'a list of text': [z.object({ a: z.array(z.string()) }), 'properties.a.items'],
  'a list of anything': [z.object({ a: z.array(z.unknown()) }), 'properties.a.items'],
  'a list of numbers': [z.object({ a: z.array(z.number()) }), 'properties.a.items'],
  'a value or null': [z.object({ a: z.string().nullable() }), 'properties.a'],
  'a union': [z.object({ a: z.union([z.string(), z.number()]) }), 'properties.a'],
  'a literal': [z.object({ a: z.literal('x') }), 'properties.a.const'],
  'a choice of numbers': [z.object({ a: z.literal([1, 2]) }), 'properties.a.enum'],
  'a pattern': [z.object({ a: z.string().regex(/^x/) }), 'properties.a.pattern'],
  'a format that forms lack': [z.object({ a: z.uuid() }), 'properties.a.format'],
  'a narrowed e-mail address': [z.object({ a: z.email({ pattern: /@example\.com$/ }) }), 'properties.a.pattern'],
  'a narrowed date': [z.object({ a: z.iso.date().regex(/^20/) }), 'properties.a.allOf'],
  'a moment without a zone': [z.object({ a: z.iso.datetime({ local: true }) }), 'properties.a.pattern'],
  'a schema by reference': [z.object({ a: z.string() }).meta({ id: 'Referenced' }), '$ref'],
  'an exclusive limit': [z.object({ a: z.number().positive() }), 'properties.a.exclusiveMinimum'],
  'a multiple': [z.object({ a: z.number().multipleOf(5) }), 'properties.a.multipleOf'],
  'a strict object': [z.strictObject({ a: z.string() }), 'additionalProperties'],
  'a record': [z.record(z.string(), z.string()), 'additionalProperties'],
  'a length beside a choice': [
    fromJsonSchema({ type: 'object', properties: { a: { type: 'string', enum: ['x'], minLength: 1 } } }),
    'properties.a.minLength',
  ],
  'a required field that is not there': [
    fromJsonSchema({ type: 'object', properties: {}, required: ['a'] }),
    'required.a',
  ],
  'a field that is an object': [
    fromJsonSchema({ type: 'object', properties: { a: { type: 'object' } } }),
    'properties.a',
  ],
  'a default of another type': [
    fromJsonSchema({ type: 'object', properties: { a: { type: 'boolean', default: 'yes' } } }),
    'properties.a.default',
  ],
  'an option without a title': [
    fromJsonSchema({ type: 'object', properties: { a: { type: 'string', oneOf: [{ const: 'x' }] } } }),
    'properties.a.oneOf',
  ],
  'no fields at all': [fromJsonSchema({ type: 'object' }), 'properties'],
};

for (const [name, [schema, path]] of Object.entries(UNFITTING)) {
  test(`a form refuses ${name}, as in the official SDK`, () => {
    assert.throws(() => sdkFormFor(schema), TypeError);
    assert.throws(
      () => formFor(schema),
      (error: unknown) => {
        assert.ok(error instanceof TypeError);
        assert.ok(error.message.includes(path), error.message);
        return true;
      },
    );
  });
}

test('a schema that is no object or can not be converted is a TypeError', () => {
  const cases: unknown[] = [
    z.string(),
    z.object({ a: z.date() }),
    z.object({ a: z.bigint() }),
    v.object({ a: v.string() }),
  ];
  for (const schema of cases) assert.throws(() => formFor(schema as StandardSchemaWithJSON), TypeError);
});

test('adjusting the form of one request does not adjust the next', () => {
  const schema = z.object({ name: z.string() });
  const first = formFor(schema) as { properties: { name: { title?: string } } };
  first.properties.name.title = 'Changed';
  assert.notDeepEqual(formFor(schema), first);
});

const RESPONSES = {
  yes: { action: 'accept', content: { confirm: true, count: '3' } },
  bare: { action: 'accept' },
  odd: { action: 'accept', content: ['x'] },
  no: { action: 'decline' },
  away: { action: 'cancel', content: { confirm: true } },
  model: { role: 'assistant', content: { type: 'text', text: 'Paris' }, model: 'm' },
  folders: { roots: [{ uri: 'file:///home' }] },
  unknown: { something: 'else' },
  text: 'accept',
  list: [{ action: 'accept' }],
  nothing: null,
};

test('reads each kind of answer', () => {
  assert.deepEqual(inputResponse(RESPONSES, 'yes'), { kind: 'elicit', ...RESPONSES.yes });
  assert.deepEqual(inputResponse(RESPONSES, 'bare'), { kind: 'elicit', action: 'accept' });
  assert.deepEqual(inputResponse(RESPONSES, 'odd'), { kind: 'elicit', action: 'accept' });
  assert.deepEqual(inputResponse(RESPONSES, 'no'), { kind: 'elicit', action: 'decline' });
  assert.deepEqual(inputResponse(RESPONSES, 'away'), { kind: 'elicit', ...RESPONSES.away });
  assert.deepEqual(inputResponse(RESPONSES, 'model'), { kind: 'sampling', result: RESPONSES.model });
  assert.deepEqual(inputResponse(RESPONSES, 'folders'), { kind: 'roots', roots: RESPONSES.folders.roots });
});

test('everything else is missing', () => {
  for (const key of ['unknown', 'text', 'list', 'nothing', 'absent', '__proto__', 'constructor', 'toString']) {
    assert.deepEqual(inputResponse(RESPONSES, key), { kind: 'missing' }, key);
  }
  for (const responses of [undefined, null, 'x', [RESPONSES.yes]]) {
    assert.deepEqual(inputResponse(responses as undefined, '0'), { kind: 'missing' });
  }
  const inherited = Object.create({ yes: RESPONSES.yes }) as Record<string, unknown>;
  assert.deepEqual(inputResponse(inherited, 'yes'), { kind: 'missing' });
});

test('gives the content of an accepted form, and of nothing else', () => {
  assert.deepEqual(acceptedContent(RESPONSES, 'yes'), { confirm: true, count: '3' });
  for (const key of ['bare', 'odd', 'no', 'away', 'model', 'folders', 'absent']) {
    assert.equal(acceptedContent(RESPONSES, key), undefined, key);
  }
  assert.equal(acceptedContent(undefined, 'yes'), undefined);
});

test('with a schema, the content is checked and typed', () => {
  const fitting = acceptedContent(RESPONSES, 'yes', z.object({ confirm: z.boolean(), count: z.coerce.number() }));
  const count: number | undefined = fitting?.count;
  assert.equal(count, 3);
  assert.equal(acceptedContent(RESPONSES, 'yes', z.object({ confirm: z.string() })), undefined);
  assert.equal(acceptedContent(RESPONSES, 'no', z.object({})), undefined);
});

test("a schema that validates asynchronously is a TypeError, and its failure is nobody else's", async () => {
  const slow = z.object({}).refine(async () => true);
  assert.throws(() => acceptedContent(RESPONSES, 'yes', slow), TypeError);
  const validate = (): Promise<never> => Promise.reject(new Error('late'));
  const failing: StandardSchemaV1 = { '~standard': { version: 1, vendor: 'test', validate } };
  assert.throws(() => acceptedContent(RESPONSES, 'yes', failing), TypeError);
  await new Promise(resolve => setImmediate(resolve)); // an unhandled rejection would fail this test now
});
