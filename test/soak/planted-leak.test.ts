import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLANTED_LEAKS } from './planted-leak.ts';
import { summary } from './report.ts';
import { soak } from './soak.ts';

/** It counts descriptors in /proc. */
const skip = process.platform !== 'linux';

test('planted leaks of memory, descriptors and streams are found, each by the bound that is there for it', {
  skip,
}, async () => {
  const report = await soak({ minutes: 0.1, rate: 3, plant: PLANTED_LEAKS });
  const broken = report.checks.filter(({ ok }) => !ok).map(({ name }) => name);
  for (const name of [
    'heap, growth at rest',
    'files open, growth under load',
    'descriptors, growth at rest',
    'calls, streams and connections open at rest',
  ]) {
    assert.ok(broken.includes(name), `${name} holds\n${summary(report)}`);
  }
  assert.equal(report.ok, false);
  assert.equal(report.end.faults, 0, 'a leak gives no wrong answers');
});
