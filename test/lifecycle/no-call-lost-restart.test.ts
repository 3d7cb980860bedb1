// Restarts of a socket-activated server under load: of at least 20,000 calls by clients that do not retry, none is lost. Direct
// and through nginx, so many on each.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { SLIPWAY } from '../cli/command-process.ts';
import { assertNoneLost, CALLS, lossesUnderLoad, type Path, underLoad } from './losses.ts';
import { missing } from './programs.ts';
import { LIFECYCLE_SERVER } from './slipway-process.ts';
import { SocketHolder } from './socket-holder.ts';

const RESTARTS = 4;
const CLOSING_SERVER = resolve(import.meta.dirname, 'fixtures/closing-server.ts');

/** `systemctl restart`: the next process is started when the last has ended. */
async function restart(holder: SocketHolder): Promise<void> {
  assert.equal(await holder.stop(), 0);
  await holder.start();
}

describe('a restart of a socket-activated server under load', { concurrency: false }, () => {
  for (const path of ['direct', 'nginx'] as const satisfies Path[]) {
    const skip = path === 'nginx' ? missing('python3', 'nginx') : missing('python3');

    test(`loses none of ${CALLS} calls (${path})`, { skip }, async t => {
      await using holder = new SocketHolder([...SLIPWAY, 'start', LIFECYCLE_SERVER], { SLIPWAY_LAME_DUCK_MS: 1_500 });
      const server = await holder.target();
      await holder.start();
      const load = await underLoad({ server, path, disturb: () => restart(holder), times: RESTARTS });
      assertNoneLost(load);
      const served = [...holder.program.stdout.matchAll(/lifecycle listens on/g)].length;
      assert.equal(served, RESTARTS + 1, 'each process has served');
      t.diagnostic(`${load.answered} calls, ${load.lost.length} lost, ${RESTARTS} restarts`);
    });

    test(`control: a server that closes idle connections at once loses calls (${path})`, { skip }, async t => {
      await using holder = new SocketHolder([process.execPath, CLOSING_SERVER]);
      const server = await holder.target();
      await holder.start();
      const load = await lossesUnderLoad({ server, path, disturb: () => restart(holder), times: 8 });
      assert.ok(load.lost.length > 0, `${load.answered} calls and none lost`);
      t.diagnostic(`${load.answered} calls, ${load.lost.length} lost: ${load.lost[0]}`);
    });
  }
});
