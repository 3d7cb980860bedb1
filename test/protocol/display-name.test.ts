import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getDisplayName } from '../../src/protocol/display-name.ts';

test('people see the title, then the title of the annotations, then the name', () => {
  assert.equal(getDisplayName({ name: 'n', title: 'T', annotations: { title: 'A' } }), 'T');
  assert.equal(getDisplayName({ name: 'n', title: '', annotations: { title: 'A' } }), 'A');
  assert.equal(getDisplayName({ name: 'n', annotations: { title: '' } }), 'n');
  assert.equal(getDisplayName({ name: 'n' }), 'n');
});
