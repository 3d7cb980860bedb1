// Rolling reloads under load: of at least 20,000 calls by clients that do not retry, none is lost. Direct and
// through nginx, so many on each.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertNoneLost, CALLS, lossesUnderLoad, type Path, underLoad } from './losses.ts';
import { missing } from './programs.ts';
import { SlipwayProcess } from './slipway-process.ts';

const RELOADS = 3;
const REPLACED = /worker \d serves again/;

/** Reloads, and waits until every worker is another one. */
async function reload(server: SlipwayProcess): Promise<void> {
  const before = server.count('stderr', /reloaded/);
  server.child.kill('SIGHUP');
  await server.untilCount('stderr', /reloaded/, before + 1);
}

describe('a rolling reload under load', { concurrency: false }, () => {
  for (const path of ['direct', 'nginx'] as const satisfies Path[]) {
    const skip = path === 'nginx' && missing('nginx');

    test(`loses none of ${CALLS} calls (${path})`, { skip }, async t => {
      await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2, SLIPWAY_LAME_DUCK_MS: 1_500 });
      const target = await server.target();
      const before = server.workers();
      const load = await underLoad({ server: target, path, disturb: () => reload(server), times: RELOADS });
      assertNoneLost(load);
      const after = server.workers();
      assert.equal(after.length, 2);
      assert.deepEqual(
        after.filter(pid => before.includes(pid)),
        [],
        'the workers are others',
      );
      t.diagnostic(`${load.answered} calls, ${load.lost.length} lost, ${RELOADS} reloads`);
    });

    test(`control: workers that are killed lose calls, and the count sees it (${path})`, { skip }, async t => {
      await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2 });
      const target = await server.target();
      const disturb = async () => {
        const replaced = server.count('stderr', REPLACED);
        process.kill(server.workers()[0]!, 'SIGKILL');
        await server.untilCount('stderr', REPLACED, replaced + 1);
      };
      const load = await lossesUnderLoad({ server: target, path, disturb, times: 5 });
      assert.ok(load.lost.length > 0, `${load.answered} calls and none lost`);
      t.diagnostic(`${load.answered} calls, ${load.lost.length} lost: ${load.lost[0]}`);
    });
  }
});
