import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type } from 'arktype';
import * as z from 'zod';
import { type FormFormat, spellsOutFormat } from '../../src/server/format-pattern.ts';

function patternOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema).pattern;
}

test('the patterns that libraries write beside a format only spell it out', () => {
  const patterns: [FormFormat, unknown][] = [
    ['email', patternOf(z.email())],
    ['email', patternOf(z.email({ pattern: z.regexes.html5Email }))],
    ['email', patternOf(z.email({ pattern: z.regexes.unicodeEmail }))],
    ['email', (type('string.email').toJsonSchema() as { pattern?: unknown }).pattern],
    ['date', patternOf(z.iso.date())],
    ['date-time', patternOf(z.iso.datetime())],
    ['date-time', patternOf(z.iso.datetime({ offset: true }))],
    ['date-time', patternOf(z.iso.datetime({ local: true }))],
    ['date-time', patternOf(z.iso.datetime({ precision: -1 }))],
    ['date-time', patternOf(z.iso.datetime({ precision: 0 }))],
    ['date-time', patternOf(z.iso.datetime({ precision: 3 }))],
    ['date-time', patternOf(z.iso.datetime({ precision: 9, local: true, offset: true }))],
    ['uri', '^[a-z]+:'],
  ];
  for (const [format, pattern] of patterns) {
    assert.equal(typeof pattern, 'string');
    assert.equal(spellsOutFormat(format, pattern), true, `${format} ${String(pattern)}`);
  }
});

test('a pattern that narrows a format does not', () => {
  const patterns: [FormFormat, unknown][] = [
    ['email', '@example\\.com$'],
    ['email', '^[a-z.]+@[a-z.]+$'],
    ['email', '^.{1,40}$'],
    ['uri', '^https://'],
    ['uri', '^[^#]*$'],
    ['date', '^20'],
    ['date', '-(01|02)-'],
    ['date-time', '^2026-'],
    ['date-time', 'T(0[89]|1[0-7]):'],
    ['date', '('],
    ['date', undefined],
    ['date', /^/],
  ];
  for (const [format, pattern] of patterns) {
    assert.equal(spellsOutFormat(format, pattern), false, `${format} ${String(pattern)}`);
  }
});
