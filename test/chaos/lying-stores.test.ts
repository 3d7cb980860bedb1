/**
 * Whether cuts.test.ts would notice anything: stores that break their promise, in four ways, have to be found out by the
 * same comparison.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFor } from '../fuzz/random.ts';
import { chaosSeed } from './chaos-seed.ts';
import { discrepancies } from './discrepancies.ts';
import type { FaultKind } from './state-fault.ts';
import { storm } from './storm.ts';

const seed = chaosSeed();

/** What each of them makes of what a client gets. */
const PLANTED: readonly (readonly [FaultKind, RegExp])[] = [
  ['keeps-it-empty', /^call \S+ .*got \d+ messages, and \d+ are kept/],
  ['keeps-it-later', /^call \S+ .*(got \d+ messages, and \d+ are kept|status 204)/],
  ['reads-twice', /^call \S+ .*event ids came twice/],
  ['skips-an-entry', /^listener \d .*is kept/],
];

for (const [index, [kind, sign]] of PLANTED.entries()) {
  test(`a store that lies is found out: ${kind}`, async t => {
    t.diagnostic(`SLIPWAY_CHAOS_SEED=${seed}`);
    const random = randomFor(seed, 1 + index);
    const fault = { kind, nth: 5 };
    const report = await storm({ random, cuts: 8, kills: 2, callers: 2, listeners: 2, fault, maxMs: 60_000 });
    const found = discrepancies(report);
    assert.ok(
      found.some(text => sign.test(text)),
      `found only ${JSON.stringify(found.slice(0, 3))}`,
    );
  });
}
