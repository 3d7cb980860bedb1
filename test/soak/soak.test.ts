import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VISITS } from './load.ts';
import { PLANTED_LEAKS } from './planted-leak.ts';
import { summary } from './report.ts';
import { soak } from './soak.ts';

/** It counts descriptors in /proc. */
const skip = process.platform !== 'linux';

/** So that a machine keeps up that is busy with other tests meanwhile; one after the other, for the same reason. */
const RATE = 1.5;

test('a few seconds of mixed load leave nothing behind', { skip }, async () => {
  const report = await soak({ minutes: 0.1, rate: RATE });
  assert.ok(report.ok, summary(report));
  assert.deepEqual(
    VISITS.map(({ name }) => name).filter(name => !report.visits.has(name)),
    [],
    'what nobody did',
  );
});

test('planted leaks of memory, descriptors and streams are found, each by the bound that is there for it', {
  skip,
}, async () => {
  // Long enough for what is kept of each request to show clearly.
  const report = await soak({ minutes: 0.25, rate: RATE, plant: PLANTED_LEAKS });
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
