import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeHeaderValue } from '../../src/protocol/header-value.ts';

const sentinel = (text: string): string => `=?base64?${Buffer.from(text).toString('base64')}?=`;

describe('a mirrored header value', () => {
  const VALUES: [string, string][] = [
    ['us-west1', 'us-west1'],
    ['a', 'a'],
    ['', ''],
    ['  us-west1\t', 'us-west1'],
    ['two words\tand a tab', 'two words\tand a tab'],
    ['=?base64?SGVsbG8sIOS4lueVjA==?=', 'Hello, 世界'],
    ['=?base64?IHBhZGRlZCA=?=', ' padded '],
    ['=?base64?bGluZTEKbGluZTI=?=', 'line1\nline2'],
    ['=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=', '=?base64?literal?='],
    [' =?base64?SGVsbG8=?= ', 'Hello'],
    ['=?base64??=', ''],
    [sentinel('\uFEFFmark'), '\uFEFFmark'],
    ['SGVsbG8=', 'SGVsbG8='],
    ['=?base64?SGVsbG8=', '=?base64?SGVsbG8='],
    ['SGVsbG8=?=', 'SGVsbG8=?='],
    ['=?BASE64?SGVsbG8=?=', '=?BASE64?SGVsbG8=?='],
    ['=?base64?=', '=?base64?='],
  ];
  for (const [raw, value] of VALUES)
    it(`${JSON.stringify(raw)} stands for ${JSON.stringify(value)}`, () => assert.equal(decodeHeaderValue(raw), value));

  const INVALID: [string, string][] = [
    ['a control character', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['a delete character', 'a\u007F'],
    ['a character outside of ASCII', 'größe'],
    ['missing padding', '=?base64?SGVsbG8?='],
    ['too much padding', '=?base64?SGVsbG8==?='],
    ['a character outside of the alphabet', '=?base64?SGVs!!!bG8=?='],
    ['the URL alphabet', '=?base64?-_-_?='],
    ['white space inside', '=?base64?SGVs bG8=?='],
    ['stray bits', '=?base64?SGVsbG9=?='],
    ['bytes that are not UTF-8', '=?base64?/w==?='],
  ];
  for (const [name, raw] of INVALID)
    it(`${name} makes it invalid`, () => assert.equal(decodeHeaderValue(raw), undefined));

  it('survives the way there and back', () => {
    for (let length = 0; length < 40; length++) {
      const text = Array.from({ length }, (_, i) =>
        String.fromCodePoint(32 + ((i * 7919 + length * 104729) % 0x2000)),
      ).join('');
      assert.equal(decodeHeaderValue(sentinel(text)), text);
    }
  });

  it('is decided in linear time', () => {
    const started = performance.now();
    assert.equal(decodeHeaderValue(`a${' '.repeat(200_000)}\u0000`), undefined);
    assert.equal(decodeHeaderValue(`${'\t '.repeat(100_000)}x`), 'x');
    assert.ok(performance.now() - started < 5_000);
  });
});
