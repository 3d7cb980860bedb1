import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRate } from '../../src/transport/http/rate.ts';

test('a rate is points per window', () => {
  for (const [text, points, windowMs] of [
    ['600/1m', 600, 60_000],
    ['10/s', 10, 1_000],
    ['1/30s', 1, 30_000],
    ['100000/24h', 100_000, 86_400_000],
    ['5/1440m', 5, 86_400_000],
  ] as const) {
    assert.deepEqual(parseRate(text), { points, windowMs, text });
  }
});

test('everything else is none', () => {
  for (const text of [
    '',
    '600',
    '600/',
    '/1m',
    '0/1m',
    '600/0m',
    '-1/1m',
    '1.5/1m',
    '600/1d',
    '600/1ms',
    '600/25h',
    '600 / 1m',
    '6e2/1m',
    '9999999999/1m',
    '600/99999h',
    ' 600/1m',
    '600/1m ',
    '600/1M',
    '٣/1m',
    'off',
  ]) {
    assert.equal(parseRate(text), undefined, `'${text}'`);
  }
});
