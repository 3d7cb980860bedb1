/** Servers written for the official SDK, each run with it and with Slipway: the same answers on the wire. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences, unstated } from './difference.ts';
import type { Side } from './expectation.ts';
import { normalise } from './normalisation.ts';
import { type Entry, Peer } from './peer.ts';
import { SERVERS } from './server-list.ts';

interface Run {
  readonly transcript: readonly Entry[];
  /** What went wrong on this side alone. */
  readonly failures: readonly string[];
}

async function play(server: string, side: Side): Promise<Run> {
  const { run }: { run: (peer: Peer) => Promise<void> } = await import(`./scripts/${server}.ts`);
  const peer = await Peer.start(server, side);
  try {
    await run(peer);
  } catch (error) {
    peer.failures.push(`the script stopped: ${(error as Error).message}`);
  } finally {
    await peer.stop();
  }
  return peer;
}

for (const server of SERVERS) {
  test(`${server} answers the same with the SDK and with Slipway`, { timeout: 60_000 }, async () => {
    const [sdk, slipway] = await Promise.all([play(server, 'sdk'), play(server, 'slipway')]);
    assert.deepEqual(sdk.failures, [], 'the SDK answers as the script expects');
    assert.ok(sdk.transcript.length > 5, 'the script exchanged something');
    const wrong = [...slipway.failures];
    for (let index = 0; index < Math.max(sdk.transcript.length, slipway.transcript.length); index++) {
      const [expected, actual] = [sdk.transcript[index], slipway.transcript[index]];
      const found = differences(expected && normalise(expected), actual && normalise(actual));
      const lines = unstated(found, expected?.differs?.places ?? []);
      if (lines.length > 0) wrong.push(`${expected?.era} ${expected?.label}`, ...lines);
    }
    if (wrong.length > 0) assert.fail(`\n${wrong.join('\n')}`);
  });
}
