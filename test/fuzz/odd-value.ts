/** JSON values that programs trip over. None of them looks like a stack trace: the verdict searches answers for those. */
import type { Random } from './random.ts';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

const ODD_STRINGS = [
  '',
  ' ',
  '\u0000',
  '\u2028\u2029',
  '\ud800',
  '\udfff\ud800',
  '\u{1f600}\u{1f468}\u200d\u{1f469}',
  'e\u0301\u00e9',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '%00%0d%0a',
  'line\r\nX-Injected: yes',
  '{{7*7}}',
  '=?base64?SGVsbG8=?=',
  '=?base64?!!!?=',
  'data: x\n\ndata: y',
  'NaN',
  '-0',
  '1e999',
  'null',
  '\ufeff',
  '\ufffe\uffff',
] as const;

const ODD_NUMBERS = [0, -0, -1, 1.5, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 53 + 2, 5e-324, 1.7976931348623157e308];

/** A few of them large, most of them small. */
function longString(random: Random): string {
  return random
    .pick(['a', 'é', '\\', '"', '\u{1f600}', '[{'])
    .repeat(1 + random.below(random.pick([300, 3000, 30_000])));
}

function nested(random: Random): JsonValue {
  let value: JsonValue = 1;
  const inArrays = random.chance(0.5);
  for (let level = random.pick([5, 60, 200]); level > 0; level--) value = inArrays ? [value] : { a: value };
  return value;
}

function withOddKeys(random: Random): JsonValue {
  // JSON.parse makes `__proto__` an own property; a literal would not.
  const text = random.pick(['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"x":1}}}', '{"":{"":[]}}']);
  return JSON.parse(text) as JsonValue;
}

export function oddString(random: Random): string {
  return random.chance(0.25) ? longString(random) : random.pick(ODD_STRINGS);
}

export function oddValue(random: Random): JsonValue {
  return random.weighted<() => JsonValue>([
    [6, () => oddString(random)],
    [3, () => random.pick(ODD_NUMBERS)],
    [2, () => random.pick<JsonValue>([null, true, false])],
    [2, () => random.pick<JsonValue>([[], {}, [[]], [null], { a: null }])],
    [1, () => nested(random)],
    [1, () => withOddKeys(random)],
    [1, () => Array.from({ length: random.below(2000) }, (_, index) => index)],
  ])();
}

/** Changes one place somewhere inside of `value`: replaces, removes, adds or doubles something. */
export function spoil(value: JsonValue, random: Random): JsonValue {
  if (typeof value !== 'object' || value === null) return oddValue(random);
  const keys = Object.keys(value);
  if (keys.length > 0 && random.chance(0.75)) {
    const key = random.pick(keys);
    const copy = (Array.isArray(value) ? [...value] : { ...value }) as { [key: string]: JsonValue };
    if (random.chance(0.12)) delete copy[key];
    else copy[key] = spoil(copy[key]!, random);
    return copy as JsonValue;
  }
  if (random.chance(0.4)) return oddValue(random);
  if (Array.isArray(value)) return [...value, oddValue(random)];
  const name = oddString(random).slice(0, 200);
  return { ...value, ...Object.fromEntries([[name, oddValue(random)]]) };
}
