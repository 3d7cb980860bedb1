// Which tools the doctor calls: none without --write, and with it only those that say that they read.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sampleArguments } from '../../src/doctor/observations/sample-arguments.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { diagnose } from './kit/planted-fault.ts';

const tools = [
  { name: 'reads', annotations: { readOnlyHint: true }, inputSchema: { type: 'object' } },
  { name: 'silent', inputSchema: { type: 'object' } },
  { name: 'destroys', annotations: { destructiveHint: true }, inputSchema: { type: 'object' } },
  { name: 'both', annotations: { readOnlyHint: true, destructiveHint: true }, inputSchema: { type: 'object' } },
  {
    name: 'guess-me',
    annotations: { readOnlyHint: true },
    inputSchema: { type: 'object', required: ['at'], properties: { at: { type: 'string', format: 'date-time' } } },
  },
];

async function calledTools(write: boolean): Promise<ReadonlySet<unknown>> {
  const running = await healthyServer({ tools });
  try {
    await diagnose(running, { write });
    const calls = running.requests.filter(({ message }) => message?.method === 'tools/call');
    return new Set(
      calls.map(({ message }) => message?.params?.['name']).filter(name => tools.some(tool => tool.name === name)),
    );
  } finally {
    await running.close();
  }
}

describe('tools that the doctor calls', () => {
  test('none without --write', async () => {
    assert.deepEqual(await calledTools(false), new Set());
  });

  test('with it those that only read, and whose arguments can be guessed', async () => {
    assert.deepEqual(await calledTools(true), new Set(['reads']));
  });
});

describe('guessed arguments', () => {
  const object = (properties: object, required = Object.keys(properties)) => ({ type: 'object', properties, required });

  test('what is required, and no more', () => {
    const schema = object({ a: { type: 'string' }, b: { type: 'integer', minimum: 3 }, c: { type: 'boolean' } }, [
      'a',
      'b',
    ]);
    assert.deepEqual(sampleArguments(schema), { a: 'test', b: 3 });
    assert.deepEqual(sampleArguments({ type: 'object' }), {});
  });

  test('constants, defaults, enumerations, nested objects', () => {
    const schema = object({
      a: { const: 7 },
      b: { default: 'x' },
      c: { enum: ['one', 'two'] },
      d: object({ e: { type: ['number', 'null'] } }),
      f: { type: 'string', minLength: 6 },
    });
    assert.deepEqual(sampleArguments(schema), { a: 7, b: 'x', c: 'one', d: { e: 1 }, f: 'test--' });
  });

  test('none where they can only be wrong', () => {
    for (const property of [
      { type: 'string', format: 'uri' },
      { type: 'string', pattern: '^x' },
      { type: 'array', minItems: 1 },
      { $ref: '#/$defs/x' },
      {},
    ]) {
      assert.equal(sampleArguments(object({ a: property })), undefined, JSON.stringify(property));
    }
    for (const schema of [undefined, null, 'x', [], object({ a: { type: 'string' } }, ['b'])]) {
      assert.equal(sampleArguments(schema), undefined);
    }
  });

  test('a schema that nests for ever ends', () => {
    let schema: object = { type: 'string' };
    for (let depth = 0; depth < 1_000; depth++) schema = object({ a: schema });
    assert.equal(sampleArguments(schema), undefined);
  });
});
