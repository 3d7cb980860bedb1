import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VISITS } from './load.ts';
import { summary } from './report.ts';
import { soak } from './soak.ts';

/** It counts descriptors in /proc. */
const skip = process.platform !== 'linux';

test('a few seconds of mixed load leave nothing behind', { skip }, async () => {
  const report = await soak({ minutes: 0.1, rate: 3 });
  assert.ok(report.ok, summary(report));
  assert.deepEqual(
    VISITS.map(({ name }) => name).filter(name => !report.visits.has(name)),
    [],
    'what nobody did',
  );
});
