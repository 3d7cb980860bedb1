/**
 * Sessions of several principals that do everything at the same time: whatever one receives is its own, and everything
 * that is its own it receives once.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { memoryState } from '../../src/state/memory/state.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import type { State } from '../../src/state/state.ts';
import { type Random, randomFor } from '../fuzz/random.ts';
import { chaosSeed } from './chaos-seed.ts';
import type { Message } from './session-client.ts';
import { DRIVERS, type Driver } from './state-driver.ts';
import { Tenancy } from './tenancy.ts';
import { moveIn, openHouse } from './tenants.ts';

const seed = chaosSeed();
const USERS = ['alice', 'alice', 'bob', 'bob', 'carol', undefined, undefined] as const;
const LAST = 'all:end';
const isLast = (message: Message): boolean => message.params?.data?.mark === LAST;

/** The stores of the servers: in memory there is one of each, on disk two servers share a directory. */
function storesOf(t: TestContext, driver: Driver): State[] {
  if (driver === 'memory') return [memoryState()];
  const directory = mkdtempSync(join(tmpdir(), 'slipway-isolation-'));
  const states = [sqliteState({ directory }), sqliteState({ directory })];
  t.after(async () => {
    for (const state of states) await state.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return states;
}

async function mingle(t: TestContext, states: readonly State[], random: Random, rounds: number): Promise<Tenancy> {
  const houses = [];
  for (const state of states) houses.push(await openHouse(t, state, random));
  const tenants = [];
  for (const [number, user] of USERS.entries()) tenants.push(await moveIn(houses, random, user, number));
  const bystanders = [];
  for (const user of ['alice', 'bob', undefined]) bystanders.push(await moveIn(houses, random, user, 10));
  const tenancy = new Tenancy(houses, tenants, bystanders, random);
  let open = 0;
  const listening = tenants.map(tenant => tenant.cutClient.listen(isLast, () => void open++));
  while (open < tenants.length) await new Promise(resolve => setTimeout(resolve, 10));
  await Promise.all(
    tenants.flatMap(tenant =>
      [0, 1, 2].map(async () => {
        for (let round = 0; round < rounds; round++) await tenancy.act(tenant);
      }),
    ),
  );
  tenancy.toAll.push(LAST);
  await houses[0]!.chaos.mcp.sendLoggingMessage({ level: 'info', data: { mark: LAST } });
  for (const [index, { messages, failure }] of (await Promise.all(listening)).entries()) {
    if (failure !== undefined) tenancy.findings.push(`${tenants[index]!.name}: ${failure}`);
    tenancy.judge(tenants[index]!, messages);
  }
  return tenancy;
}

for (const [number, driver] of DRIVERS.entries()) {
  test(`${driver}: nobody receives what is somebody else's, and everybody all that is their own`, async t => {
    t.diagnostic(`SLIPWAY_CHAOS_SEED=${seed}`);
    const tenancy = await mingle(t, storesOf(t, driver), randomFor(seed, number), 25);
    t.diagnostic(JSON.stringify(tenancy.done));
    assert.deepEqual(tenancy.findings, []);
    for (const kind of ['count', 'ask', 'wait', 'update', 'letter', 'broadcast', 'intrude']) {
      assert.ok((tenancy.done[kind] ?? 0) > 5, `${kind} was done ${tenancy.done[kind] ?? 0} times`);
    }
  });
}

test('a bus that forgets for whom a message is would be noticed', async t => {
  const [state] = storesOf(t, 'memory');
  const { bus } = state!;
  const forgetful: State['bus'] = {
    publish: event => bus.publish(event.kind === 'log' ? { kind: 'log', params: event.params } : event),
    subscribe: listener => bus.subscribe(listener),
    read: (after, limit) => bus.read(after, limit),
    get cursor() {
      return bus.cursor;
    },
  };
  const tenancy = await mingle(t, [{ ...state!, bus: forgetful }], randomFor(seed, 9), 4);
  assert.ok(
    tenancy.findings.some(text => /^\S+ was told \S+:\d+$/.test(text)),
    tenancy.findings.join('\n'),
  );
});
