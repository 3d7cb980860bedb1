import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { DEPLOY_REFERENCE, withTables } from '../../scripts/deploy-reference.ts';

test('targets, flags and rules are on their page as they are (node scripts/deploy-reference.ts)', () => {
  const page = readFileSync(DEPLOY_REFERENCE, 'utf8');
  assert.equal(page, withTables(page));
  for (const name of ['targets', 'flags', 'nginx-rules', 'service-rules', 'socket-rules']) {
    assert.equal(page.split(`<!-- ${name}: `).length, 2, name);
  }
});
