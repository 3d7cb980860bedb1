// What a form says of its fields is looked at before an answer is sent.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { valueFault } from '../../src/cli/call/value-fault.ts';
import type { PrimitiveSchemaDefinition } from '../../src/protocol/elicitation.ts';

const FORMATS = {
  email: [['ada@example.com'], ['ada', 'ada@', 'a b@c'], /an e-mail address/],
  uri: [['https://example.com/a', 'urn:a'], ['example.com'], /a URL/],
  date: [['2026-07-28'], ['2026-7-28', '2026-13-01', 'today'], /a date such as/],
  'date-time': [['2026-07-28T09:30:00Z', '2026-07-28t09:30:00.5+02:00'], ['2026-07-28', '2026-07-28T09:30'], /a time/],
} as const;

describe('a value for a field of a form', () => {
  for (const [format, [fits, others, takes]] of Object.entries(FORMATS)) {
    test(format, () => {
      const schema = { type: 'string', format } as PrimitiveSchemaDefinition;
      for (const value of fits) assert.equal(valueFault(value, schema), undefined, value);
      for (const value of others) assert.match(valueFault(value, schema)!, takes, value);
    });
  }

  test('bounds, and formats that nobody knows', () => {
    assert.match(valueFault(10, { type: 'integer', maximum: 9 })!, /^it must be <= 9/);
    assert.equal(valueFault(9, { type: 'integer', maximum: 9 }), undefined);
    assert.equal(valueFault('x', { type: 'string', format: 'colour' } as never), undefined);
  });
});
