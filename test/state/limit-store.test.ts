// What every driver of the contract of limits has to do, and what only one of them has to.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { LimitStore, LimitUsage } from '../../src/state/limit-store.ts';
import { MemoryLimitStore } from '../../src/state/memory/limit-store.ts';
import { memoryState } from '../../src/state/memory/state.ts';
import { Connection } from '../../src/state/sqlite/connection.ts';
import { pruneLimits } from '../../src/state/sqlite/limit-store.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { Store } from '../../src/state/sqlite/store.ts';
import type { State } from '../../src/state/state.ts';
import { eventually } from './eventually.ts';
import { Peer } from './fixtures/peer.ts';
import { QUICK, temporaryDirectory } from './fixtures/store.ts';

const MINUTE = 60_000;
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function open(t: TestContext, directory: string): State {
  const state = sqliteState({ directory }, QUICK);
  t.after(() => state.close());
  return state;
}

const drivers: readonly [string, (t: TestContext) => LimitStore][] = [
  ['memory', () => memoryState().limits],
  ['sqlite', t => open(t, temporaryDirectory(t)).limits],
];

for (const [name, limits] of drivers) {
  describe(`${name}: limits`, () => {
    test('count what a key uses, each key for itself', async t => {
      const store = limits(t);
      const used: number[] = [];
      for (const points of [1, 4, 2]) used.push((await store.use('one', points, MINUTE)).used);
      assert.deepEqual(used, [1, 5, 7]);
      assert.equal((await store.use('other', 3, MINUTE)).used, 3);
    });

    test('say when the window ends, which begins with the first use', async t => {
      const store = limits(t);
      const { resetMs } = await store.use('one', 1, MINUTE);
      assert.ok(resetMs > MINUTE - 5_000 && resetMs <= MINUTE, `${resetMs}`);
      await pause(60);
      const later = (await store.use('one', 1, MINUTE)).resetMs;
      assert.ok(later <= resetMs - 40 && later > 0, `${later} after ${resetMs}`);
    });

    test('begin a new window when the last one is over', async t => {
      const store = limits(t);
      await store.use('one', 5, 80);
      await pause(100);
      const { used, resetMs } = await store.use('one', 2, MINUTE);
      assert.equal(used, 2);
      assert.ok(resetMs > MINUTE - 5_000);
    });

    test('only look when nothing is used', async t => {
      const store = limits(t);
      assert.deepEqual(await store.use('one', 0, MINUTE), { used: 0, resetMs: 0 });
      await store.use('one', 2, 200);
      assert.equal((await store.use('one', 0, MINUTE)).used, 2);
      await pause(220);
      assert.deepEqual(await store.use('one', 0, MINUTE), { used: 0, resetMs: 0 });
      assert.equal((await store.use('one', 1, MINUTE)).used, 1);
    });

    test('forget a key that is reset, and no other', async t => {
      const store = limits(t);
      await store.use('one', 2, MINUTE);
      await store.use('other', 3, MINUTE);
      await store.reset('one');
      await store.reset('never');
      assert.deepEqual([(await store.use('one', 1, MINUTE)).used, (await store.use('other', 1, MINUTE)).used], [1, 4]);
    });

    test('count each of many uses at once', async t => {
      const store = limits(t);
      const all = await Promise.all(Array.from({ length: 500 }, async () => (await store.use('one', 1, MINUTE)).used));
      assert.deepEqual(
        all.sort((a, b) => a - b),
        Array.from({ length: 500 }, (_, index) => index + 1),
      );
    });

    test('take keys of any characters, and as many points as there are', async t => {
      const store = limits(t);
      const keys = ['', 'a', 'a\0b', '\ud800', '\ud801', '\u{1f600}', "'; DROP TABLE limits; --", 'k'.repeat(512)];
      for (const key of keys) assert.equal((await store.use(key, 1, MINUTE)).used, 1);
      for (const key of keys) assert.equal((await store.use(key, 1, MINUTE)).used, 2);
      for (let n = 0; n < 3; n++) await store.use('a', Number.MAX_SAFE_INTEGER, MINUTE);
      assert.equal((await store.use('a', 1, MINUTE)).used, Number.MAX_SAFE_INTEGER);
    });
  });
}

describe('memory: limits', () => {
  test('of too many keys forget those that are over, then those that began first', async () => {
    const store = new MemoryLimitStore(100);
    const used = (key: string): number => store.use(key, 0, MINUTE).used;
    store.use('old', 1, MINUTE);
    for (let index = 0; index < 50; index++) store.use(`short-${index}`, 1, 20);
    await pause(30);
    for (let index = 0; index < 50; index++) store.use(`long-${index}`, 1, MINUTE);
    assert.equal(used('old'), 1);
    for (let index = 50; index < 100; index++) store.use(`long-${index}`, 1, MINUTE);
    assert.equal(used('old'), 0);
    assert.equal(used('long-99'), 1);
    assert.ok(Array.from({ length: 100 }, (_, index) => used(`long-${index}`)).filter(n => n > 0).length >= 90);
  });

  test('are no promises', () => {
    const store = memoryState().limits;
    assert.ok(!(store.use('a', 1, 1) instanceof Promise) && !(store.reset('a') instanceof Promise));
  });
});

describe('sqlite: limits', () => {
  test('are shared by processes, none of which misses a use of another', async t => {
    const directory = temporaryDirectory(t);
    const peers = await Promise.all([1, 2, 3].map(() => Peer.open(t, directory)));
    const used = await Promise.all(peers.map(peer => peer.do('use', 'shared', 100)));
    assert.deepEqual(
      used.flat().sort((a, b) => a - b),
      Array.from({ length: 300 }, (_, index) => index + 1),
    );
    await Promise.all(peers.map(peer => peer.kill()));
    assert.equal((await open(t, directory).limits.use('shared', 0, MINUTE)).used, 300, 'they outlive processes');
  });

  test('that end later than any window could are of before the clock was set back', async t => {
    const directory = temporaryDirectory(t);
    const { limits } = open(t, directory);
    await limits.use('one', 5, 24 * 60 * MINUTE);
    assert.equal((await limits.use('one', 0, MINUTE)).used, 0);
    const { used, resetMs } = await limits.use('one', 1, MINUTE);
    assert.ok(used === 1 && resetMs <= MINUTE);
  });

  test('that are over are deleted, beyond the capacity also others, and they are counted', async t => {
    const store = new Store(temporaryDirectory(t), QUICK);
    t.after(() => store.close(() => {}));
    const count = (): { rows: number; limits: number } =>
      store.read(c => c.get('SELECT (SELECT count(*) FROM limits) AS rows, limits FROM call_usage')!);
    const add = (key: string, endsAt: number): Promise<number> =>
      store.write(c => c.run('INSERT INTO limits (key, used, ends_at) VALUES (?, 1, ?)', key, endsAt));
    await Promise.all(Array.from({ length: 700 }, (_, index) => add(`over-${index}`, 1_000 + index)));
    await Promise.all(Array.from({ length: 40 }, (_, index) => add(`on-${index}`, 9_000 + index)));
    assert.equal(await store.write(c => pruneLimits(c, 5_000, 30)), true);
    while (await store.write(c => pruneLimits(c, 5_000, 30)));
    assert.deepEqual({ ...count() }, { rows: 30, limits: 30 });
    const left = store.read(c => c.get<{ first: number }>('SELECT min(ends_at) AS first FROM limits')!.first);
    assert.equal(left, 9_010, 'those that end first are gone');
  });

  test('fail while another process holds the lock, and say so; looking goes on', async t => {
    const directory = temporaryDirectory(t);
    const { limits } = open(t, directory);
    await limits.use('one', 2, MINUTE);
    const other = new Connection(join(directory, 'state.db'));
    t.after(() => other.close());
    other.begin();
    await assert.rejects(async () => limits.use('one', 1, MINUTE), { code: 'SLIP_STORE_UNAVAILABLE' });
    assert.equal((await limits.use('one', 0, MINUTE)).used, 2);
    other.rollback();
    let usage: LimitUsage | undefined;
    await eventually(async () => {
      usage = await Promise.resolve(limits.use('one', 1, MINUTE)).catch(() => undefined);
      return usage !== undefined;
    });
    assert.equal(usage?.used, 3);
  });
});

describe('sqlite: commits', () => {
  test('tell how long they took and whether they succeeded, until one stops listening', async t => {
    const directory = temporaryDirectory(t);
    const state = open(t, directory);
    const heard: [ms: number, ok: boolean][] = [];
    state.onCommit!(() => {
      throw new Error('a listener that fails');
    });
    const stop = state.onCommit!((ms, ok) => heard.push([ms, ok]));
    await state.limits.use('one', 1, MINUTE);
    assert.ok(heard.length > 0 && heard.every(([ms, ok]) => ok && ms > 0 && ms < 5_000));
    const other = new Connection(join(directory, 'state.db'));
    t.after(() => other.close());
    other.begin();
    const waiting = Promise.resolve(state.limits.use('one', 1, MINUTE));
    await pause(150);
    other.rollback();
    await waiting;
    assert.ok(
      heard.some(([ms, ok]) => ok && ms >= 100),
      'the wait for the lock counts',
    );
    other.begin();
    await assert.rejects(async () => state.limits.use('one', 1, MINUTE), { code: 'SLIP_STORE_UNAVAILABLE' });
    other.rollback();
    assert.ok(heard.some(([ms, ok]) => !ok && ms >= 300));
    stop();
    const count = heard.length;
    await eventually(async () => (await Promise.resolve(state.limits.use('one', 1, MINUTE)).catch(() => 0)) !== 0);
    assert.equal(heard.length, count);
  });
});
