// The page of the reference is what the data says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { FAILURE_CATALOGUE, failureCatalogue } from '../../scripts/failure-catalogue.ts';

test('docs/reference/failure-catalogue.md is current (node scripts/failure-catalogue.ts)', () => {
  assert.equal(readFileSync(FAILURE_CATALOGUE, 'utf8'), failureCatalogue());
});
