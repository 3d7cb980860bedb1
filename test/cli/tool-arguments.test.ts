import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toolArguments } from '../../src/cli/call/tool-arguments.ts';
import { wordsOf } from '../../src/cli/reach/words.ts';
import type { Tool } from '../../src/protocol/tool.ts';

const TOOL: Tool = {
  name: 'make',
  inputSchema: {
    type: 'object',
    properties: {
      name: { type: 'string' },
      count: { type: 'integer' },
      ratio: { type: 'number' },
      fast: { type: 'boolean' },
      size: { enum: ['small', 'large', 3] },
      maybe: { anyOf: [{ type: 'number' }, { type: 'null' }] },
      either: { type: ['string', 'number'] },
      tags: { type: 'array', items: { type: 'string' } },
      numbers: { type: 'array', items: { type: 'number' } },
      place: {
        type: 'object',
        properties: { city: { type: 'string' }, spot: { $ref: '#/$defs/spot' } },
        additionalProperties: false,
      },
      far: { $ref: '#/$defs/spot' },
      anything: {},
      'with.dot': { type: 'integer' },
    },
    required: ['name'],
    $defs: { spot: { type: 'object', properties: { x: { type: 'number' }, y: { type: 'number' } } } },
    additionalProperties: false,
  },
};
const OPEN: Tool = { name: 'open', inputSchema: { type: 'object', additionalProperties: true } };

/** As it is sent. */
const sent = (...args: Parameters<typeof toolArguments>): unknown => JSON.parse(JSON.stringify(toolArguments(...args)));
const given = (...words: string[]): unknown => sent(TOOL, ['name=x', ...words]);

describe('key=value becomes what the schema says', () => {
  const CASES: [words: string[], expected: Record<string, unknown>][] = [
    [['count=3'], { count: 3 }],
    [['count=-3'], { count: -3 }],
    [['ratio=1.5e3'], { ratio: 1500 }],
    [['fast=true'], { fast: true }],
    [['fast=false'], { fast: false }],
    [['size=small'], { size: 'small' }],
    [['size=3'], { size: 3 }],
    [['maybe=null'], { maybe: null }],
    [['maybe=2'], { maybe: 2 }],
    [['either=2'], { either: '2' }],
    [['tags=a'], { tags: ['a'] }],
    [['tags=a', 'tags=b'], { tags: ['a', 'b'] }],
    [['tags=["a","b"]', 'tags=c'], { tags: ['a', 'b', 'c'] }],
    [['numbers=1', 'numbers=2'], { numbers: [1, 2] }],
    [['place={"city":"Lima"}'], { place: { city: 'Lima' } }],
    [['place.city=Lima', 'place.spot.x=1.5'], { place: { city: 'Lima', spot: { x: 1.5 } } }],
    [['far.x=1', 'far.y=2'], { far: { x: 1, y: 2 } }],
    [['with.dot=4'], { 'with.dot': 4 }],
    [['anything=5'], { anything: '5' }],
    [['anything:=5'], { anything: 5 }],
    [['anything:={"a":[1]}'], { anything: { a: [1] } }],
    [['count:="text"'], { count: 'text' }],
    [['unknown:=1'], { unknown: 1 }],
    [['tags='], { tags: [''] }],
  ];
  for (const [words, expected] of CASES) {
    test(words.join(' '), () => assert.deepEqual(given(...words), { name: 'x', ...expected }));
  }

  test('text keeps everything after the first equals sign', () => {
    assert.deepEqual(sent(OPEN, ['query=a=b&c:=d', 'empty=']), { query: 'a=b&c:=d', empty: '' });
  });

  test('a key that means something to JavaScript is just a key', () => {
    const values = toolArguments(OPEN, ['__proto__=x', 'constructor=y']);
    assert.equal(JSON.stringify(values), '{"__proto__":"x","constructor":"y"}');
    assert.equal(Object.getPrototypeOf({}).x, undefined);
  });
});

describe('what does not fit is said before anything is sent', () => {
  const CASES: [word: string, says: RegExp][] = [
    ['count=three', /'count' .*it takes integer, not 'three'/],
    ['count=1.5', /it takes integer, not '1\.5'/],
    ['fast=yes', /it takes boolean, not 'yes'/],
    ['size=smal', /it takes small \| large \| 3, not 'smal' \(did you mean small\?\)/],
    ['numbers=a', /it takes number, not 'a'/],
    ['ratio=1e400', /it takes number, not '1e400'/],
    ['place={', /it takes object/],
    ['nmae=y', /did you mean name\?/],
    ['zzzzzz=y', /none of that name; it takes name, count/],
    ['place.town=y', /none of that name/],
  ];
  for (const [word, says] of CASES) {
    test(word, () => assert.throws(() => given(word), { code: 'SLIP_CALL_ARGUMENT', message: says }));
  }

  test('a value that is given twice', () => {
    assert.throws(() => given('count=1', 'count=2'), { code: 'SLIP_CALL_ARGUMENT', message: /more than once/ });
  });

  test('a word that is no pair, and JSON that is none', () => {
    assert.throws(() => given('count'), { code: 'SLIP_CLI_USAGE', message: /neither key=value nor key:=json/ });
    assert.throws(() => given('=3'), { code: 'SLIP_CLI_USAGE' });
    assert.throws(() => given('anything:={'), { code: 'SLIP_CLI_USAGE', message: /'anything' is no JSON/ });
  });

  test('what is missing, with what it has to be', () => {
    assert.throws(() => toolArguments(TOOL, ['count=1']), {
      code: 'SLIP_CALL_INCOMPLETE',
      message: /'make' also needs name \(string\)\. Add name=VALUE/,
    });
  });
});

describe('--data', () => {
  test('is sent as it is, also incomplete; words come before it', () => {
    assert.deepEqual(sent(TOOL, [], '{"count":"text"}'), { count: 'text' });
    assert.deepEqual(sent(TOOL, ['count=2'], '{"count":1,"name":"y"}'), { count: 2, name: 'y' });
  });

  test('has to be an object', () => {
    assert.throws(() => toolArguments(TOOL, [], '[1]'), { code: 'SLIP_CLI_USAGE', message: /takes a JSON object/ });
    assert.throws(() => toolArguments(TOOL, [], '{'), { code: 'SLIP_CLI_USAGE', message: /--data is no JSON/ });
  });
});

test('a command is cut into words as a shell would', () => {
  assert.deepEqual(wordsOf(`node  "a b".ts 'c "d"' e\\ f ""`), ['node', 'a b.ts', 'c "d"', 'e f', '']);
  assert.throws(() => wordsOf('node "a'), { code: 'SLIP_CLI_USAGE' });
});
