import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseJson } from '../../src/protocol/json-text.ts';

const LIMIT = 8;
const TOO_DEEP = { code: 'SLIP_JSON_TOO_DEEP', details: { limit: LIMIT } };

function nested(depth: number, open: string, core: string, close: string): string {
  return open.repeat(depth) + core + close.repeat(depth);
}

test('arrays and objects nest as deep as the limit and no deeper', () => {
  for (const [open, core, close] of [
    ['[', '', ']'],
    ['[', '1', ']'],
    ['{"a":', '1', '}'],
    ['[{"a":[ ', '"x"', ' ]}]'],
    [' [ ', ' "a b c" , "[" ', ' ] '],
  ] as const) {
    const levels = open.replace(/[^[{]/g, '').length;
    for (let depth = 1; depth <= LIMIT + 3; depth++) {
      const text = nested(depth, open, core, close);
      if (depth * levels <= LIMIT) assert.deepEqual(parseJson(text, LIMIT), JSON.parse(text), text);
      else assert.throws(() => parseJson(text, LIMIT), TOO_DEEP, text);
    }
  }
});

test('depth counts open levels, not brackets: siblings and brackets in strings add none', () => {
  const siblings = `[${'[],'.repeat(500)}{}]`;
  assert.deepEqual(parseJson(siblings, LIMIT), JSON.parse(siblings));
  for (const inside of ['[[[[[[[[[[[[', '\\"[[[[[[[[[[[[', '\\\\\\"{{{{{{{{{{{{{', '\\\\']) {
    const text = `{"a":"${inside}","b":[[${'"]"'}]]}`;
    assert.deepEqual(parseJson(text, LIMIT), JSON.parse(text), text);
  }
});

test('a deep value behind a string that ends in an escaped backslash is seen', () => {
  assert.throws(() => parseJson(`{"a":"\\\\","b":${nested(LIMIT, '[', '', ']')}}`, LIMIT), TOO_DEEP);
});

test('a deep value at the very end of a long text is seen', () => {
  const filler = JSON.stringify('x'.repeat(10_000));
  assert.throws(() => parseJson(`[${filler},${nested(LIMIT, '[', '', ']')}]`, LIMIT), TOO_DEEP);
  assert.ok(parseJson(`[${filler},${nested(LIMIT - 1, '[', '', ']')}]`, LIMIT));
});

test('the limit agrees with the real depth for a thousand random values', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  const strings = ['', '[', '{"', '\\', '\\"', ']]', '"', '\u2028'];
  const value = (room: number): unknown => {
    if (room === 0 || random(4) === 0) return random(2) === 0 ? random(100) : strings[random(strings.length)];
    const items = Array.from({ length: 1 + random(3) }, () => value(room - 1));
    if (random(2) === 0) return items;
    return Object.fromEntries(items.map((item, index) => [`${strings[random(strings.length)]}${index}`, item]));
  };
  const depthOf = (of: unknown): number =>
    typeof of === 'object' && of !== null ? 1 + Math.max(0, ...Object.values(of).map(depthOf)) : 0;
  let refused = 0;
  for (let round = 0; round < 1000; round++) {
    const made = value(5);
    const text = JSON.stringify(made, null, random(2));
    if (depthOf(made) > 3) {
      refused++;
      assert.throws(() => parseJson(text, 3), { code: 'SLIP_JSON_TOO_DEEP' }, text);
    } else assert.deepEqual(parseJson(text, 3), made);
  }
  assert.ok(refused > 100 && refused < 900, String(refused));
});

test('what is not JSON is a SyntaxError, however deep it starts', () => {
  for (const text of ['', '{', '[1,]', '{"a":1', 'nul', "{'a':1}", '"unterminated', `${'['.repeat(LIMIT)}`]) {
    assert.throws(() => parseJson(text, LIMIT), SyntaxError, text);
  }
});

test('a hundred thousand opening brackets are refused, not followed', () => {
  assert.throws(
    () => parseJson('['.repeat(100_000), 256),
    error => error instanceof Error,
  );
});

test('a byte order mark in front is ignored once and only there', () => {
  assert.deepEqual(parseJson('\uFEFF{"a":1}', LIMIT), { a: 1 });
  assert.throws(() => parseJson('\uFEFF\uFEFF{}', LIMIT), SyntaxError);
  assert.throws(() => parseJson('{\uFEFF}', LIMIT), SyntaxError);
});

test('__proto__ becomes a property of its own and changes no prototype', () => {
  const parsed = parseJson('{"__proto__":{"polluted":true}}', LIMIT) as object;
  assert.equal(Object.getPrototypeOf(parsed), Object.prototype);
  assert.ok(Object.hasOwn(parsed, '__proto__'));
  assert.equal('polluted' in {}, false);
});
