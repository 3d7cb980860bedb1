/** A GET stream that could not be announced, because the store took no write just then, while others go on publishing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { McpServer, SlipwayError, silentLogger } from 'slipway';
import type { Bus } from '../../src/state/bus.ts';
import { memoryState } from '../../src/state/memory/state.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import type { State } from '../../src/state/state.ts';
import { serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';

const URIS = ['note://missed', 'note://while-it-catches-up', 'note://live'] as const;

/** The store of the server, and of whoever else publishes: in memory the same, on disk as if it were another process. */
function statesOf(t: TestContext, driver: string): readonly [State, State] {
  if (driver === 'memory') {
    const state = memoryState();
    return [state, state];
  }
  const directory = mkdtempSync(join(tmpdir(), 'slipway-unannounced-'));
  const states = [sqliteState({ directory }), sqliteState({ directory })] as const;
  t.after(async () => {
    await Promise.all(states.map(state => state.close()));
    rmSync(directory, { recursive: true, force: true });
  });
  return states;
}

for (const driver of ['memory', 'sqlite']) {
  for (const announced of [false, true]) {
    const what = announced ? 'announced' : 'not announced';
    test(`${driver}: what happens while a stream that is ${what} catches up is told once`, async t => {
      const [own, others] = statesOf(t, driver);
      let refusing = false;
      let reads = 0;
      const publish = async (uri: string) => {
        await others.bus.publish({ kind: 'change', event: { kind: 'resource_updated', uri } });
      };
      const bus: Bus = {
        publish: async event => {
          const isClaim = event.kind === 'session' && event.change.type === 'claimed';
          if (refusing && isClaim) throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'a test says so' });
          return own.bus.publish(event);
        },
        subscribe: listener => own.bus.subscribe(listener),
        read: async (after, limit) => {
          // The second read is that of a stream which has told what it had missed.
          if (refusing && ++reads === 2) await publish(URIS[1]);
          return own.bus.read(after, limit);
        },
        get cursor() {
          return own.bus.cursor;
        },
      };
      const server = new McpServer(
        { name: 'unannounced', version: '1.0.0' },
        { capabilities: { resources: { subscribe: true } }, logger: silentLogger },
      );
      const { url } = await serving(t, server, { state: { ...own, bus } });
      const client = await SessionClient.begin(url);
      for (const uri of URIS) await client.ask('resources/subscribe', { uri });
      const first = await client.open();
      await first.next();
      await first.cut();
      await publish(URIS[0]);

      refusing = !announced;
      const stream = await client.open(first.lastId);
      if (announced) await publish(URIS[1]);
      await publish(URIS[2]);
      const told: unknown[] = [];
      while (told.at(-1) !== URIS[2]) told.push((await stream.message()).params.uri);
      assert.deepEqual(told, URIS);
      await stream.cut();
    });
  }
}
