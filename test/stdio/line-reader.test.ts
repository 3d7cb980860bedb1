import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LineReader } from '../../src/transport/stdio/line-reader.ts';

const MAX = 8;

/** What a reader makes of the bytes when they arrive in pieces of that size. */
function linesOf(bytes: Buffer, piece: number, maxBytes = MAX): string[] {
  const told: string[] = [];
  const reader = new LineReader(maxBytes, {
    line: line => told.push(line.toString('latin1')),
    oversized: () => told.push('<oversized>'),
  });
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece));
  reader.end();
  return told;
}

const CASES: readonly [bytes: string, lines: readonly string[]][] = [
  ['', []],
  ['\n', ['']],
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb\r\n\r\n', ['a', 'b', '']],
  ['a\rb\n', ['a\rb']],
  ['a\r\r\n', ['a\r']],
  ['a\nlast', ['a', 'last']],
  ['a\nlast\r', ['a', 'last']],
  ['12345678\n', ['12345678']],
  ['12345678\r\n', ['12345678']],
  ['12345678', ['12345678']],
  ['12345678\r', ['12345678']],
  ['123456789\nnext\n', ['<oversized>', 'next']],
  ['123456789\r\nnext\n', ['<oversized>', 'next']],
  [`${'x'.repeat(1000)}\nnext\n`, ['<oversized>', 'next']],
  [`${'x'.repeat(1000)}\n${'y'.repeat(50)}\nnext\n`, ['<oversized>', '<oversized>', 'next']],
  [`a\n${'x'.repeat(1000)}`, ['a', '<oversized>']],
  [`${'x'.repeat(30)}\n\nnext`, ['<oversized>', '', 'next']],
];

for (const [text, lines] of CASES) {
  test(`${JSON.stringify(text.slice(0, 40))} is ${lines.length} lines, however it arrives`, () => {
    const bytes = Buffer.from(text, 'latin1');
    for (const piece of [1, 2, 3, 5, 7, 9, 10, 64, 4096]) assert.deepEqual(linesOf(bytes, piece), lines, `by ${piece}`);
  });
}

test('characters that arrive in halves are whole', () => {
  const told: string[] = [];
  const reader = new LineReader(100, {
    line: line => told.push(line.toString('utf8')),
    oversized: () => assert.fail(),
  });
  for (const byte of Buffer.from('grüße 🚢\n')) reader.push(Buffer.from([byte]));
  assert.deepEqual(told, ['grüße 🚢']);
});

test('an endless line holds no memory', () => {
  let oversized = 0;
  const reader = new LineReader(1024, { line: () => assert.fail(), oversized: () => oversized++ });
  const piece = Buffer.alloc(64 * 1024, 'x');
  const before = process.memoryUsage().arrayBuffers;
  for (let times = 0; times < 4096; times++) reader.push(piece);
  assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024);
  assert.equal(oversized, 1);
});
