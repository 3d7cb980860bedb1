/**
 * Connections cut at random bytes, servers killed at random moments and between the store and the socket: what a client
 * has read in the end is what the store holds. `SLIPWAY_CHAOS_SEED=<number>` repeats the choices of a run.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFor } from '../fuzz/random.ts';
import { chaosSeed } from './chaos-seed.ts';
import { discrepancies } from './discrepancies.ts';
import { endsOf, storm } from './storm.ts';

const seed = chaosSeed();

// Some 20 s; on a machine that is busy with other things, each new process takes its time.
const LIMITS = { maxMs: 120_000, timeout: 200_000 };

test('200 cuts: nothing is lost, nothing comes twice, and no call ends in silence', LIMITS, async t => {
  t.diagnostic(`SLIPWAY_CHAOS_SEED=${seed}`);
  const random = randomFor(seed, 0);
  const report = await storm({ random, cuts: 200, kills: 20, ends: 10, callers: 4, listeners: 3, maxMs: LIMITS.maxMs });
  const { calls, listened, kills, cutConnections, resumableCuts } = report;
  const killed = kills.random + kills.afterAppend + kills.afterPublish;
  t.diagnostic(`${cutConnections} connections cut, processes killed: ${JSON.stringify(kills)}, ${calls.length} calls`);
  t.diagnostic(`${resumableCuts} cuts of a stream of numbered events, each gone on from its last id`);
  assert.deepEqual(discrepancies(report), []);
  // Whether there was anything to find.
  assert.ok(resumableCuts >= 200 && killed >= 20, `${resumableCuts} cuts, ${killed} kills within the time`);
  assert.ok(kills.random >= 2 && kills.afterAppend >= 2 && kills.afterPublish >= 2, JSON.stringify(kills));
  const { lost, answered } = endsOf(calls);
  t.diagnostic(`${lost.length + answered.length} calls resumed, ${lost.length} of them died with their server`);
  assert.ok(lost.length >= 10 && answered.length >= 10, `${answered.length} answered, ${lost.length} lost`);
  const cuts = listened.reduce((sum, reading) => sum + reading.cuts, 0);
  assert.ok(cuts >= 30, `${cuts} cuts of listeners`);
});
