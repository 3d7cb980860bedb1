// What every driver of the contract of idempotency keys has to do, and what only one of them has to.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { IdempotencyStore } from '../../src/state/idempotency-store.ts';
import { MemoryIdempotencyStore } from '../../src/state/memory/idempotency-store.ts';
import { memoryState } from '../../src/state/memory/state.ts';
import { Connection } from '../../src/state/sqlite/connection.ts';
import { pruneIdempotency } from '../../src/state/sqlite/idempotency-pruning.ts';
import { SqliteIdempotencyStore } from '../../src/state/sqlite/idempotency-store.ts';
import { Owners } from '../../src/state/sqlite/owners.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { Store } from '../../src/state/sqlite/store.ts';
import type { State } from '../../src/state/state.ts';
import { eventually } from './eventually.ts';
import { FaultySqlite } from './fixtures/faulty-sqlite.ts';
import { Peer } from './fixtures/peer.ts';
import { QUICK, temporaryDirectory } from './fixtures/store.ts';

const DAY = 24 * 3_600_000;
const UNAVAILABLE = { code: 'SLIP_STORE_UNAVAILABLE' };
const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

function open(t: TestContext, directory: string): State {
  const state = sqliteState({ directory }, QUICK);
  t.after(() => state.close());
  return state;
}

const drivers: readonly [string, (t: TestContext) => IdempotencyStore][] = [
  ['memory', () => memoryState().idempotency],
  ['sqlite', t => open(t, temporaryDirectory(t)).idempotency],
];

const BEGUN = { kind: 'begun' };
const running = (fingerprint: string) => ({ kind: 'running', fingerprint });
const done = (fingerprint: string, result: string) => ({ kind: 'done', fingerprint, result });
const lost = (fingerprint: string) => ({ kind: 'lost', fingerprint });

for (const [name, keys] of drivers) {
  describe(`${name}: idempotency keys`, () => {
    test('are taken once, run, and give their result from then on', async t => {
      const store = keys(t);
      assert.deepEqual(await store.begin('one', 'f', DAY), BEGUN);
      assert.deepEqual(await store.begin('one', 'f', DAY), running('f'));
      assert.deepEqual(await store.begin('other', 'g', DAY), BEGUN);
      await store.finish('one', '{"n":1}');
      for (const fingerprint of ['f', 'another']) {
        assert.deepEqual(await store.begin('one', fingerprint, DAY), done('f', '{"n":1}'));
      }
      assert.deepEqual(await store.begin('other', 'g', DAY), running('g'));
    });

    test('that are given back are free again', async t => {
      const store = keys(t);
      await store.begin('one', 'f', DAY);
      await store.abandon('one');
      assert.deepEqual(await store.begin('one', 'g', DAY), BEGUN);
      assert.deepEqual(await store.begin('one', 'f', DAY), running('g'));
    });

    test('of which nobody knows how far their call got stay so', async t => {
      const store = keys(t);
      await store.begin('one', 'f', DAY);
      await store.lose('one');
      await store.finish('one', 'too late');
      await store.abandon('one');
      assert.deepEqual(await store.begin('one', 'f', DAY), lost('f'));
    });

    test('are ended once, and only when they were begun', async t => {
      const store = keys(t);
      for (const end of [store.finish('never', 'x'), store.abandon('never'), store.lose('never')]) await end;
      assert.deepEqual(await store.begin('never', 'f', DAY), BEGUN);
      await store.finish('never', 'first');
      await store.finish('never', 'second');
      await store.lose('never');
      await store.abandon('never');
      assert.deepEqual(await store.begin('never', 'f', DAY), done('f', 'first'));
    });

    test('are begun by one of many at once', async t => {
      const store = keys(t);
      const all = await Promise.all(Array.from({ length: 100 }, async () => store.begin('one', 'f', DAY)));
      assert.equal(all.filter(({ kind }) => kind === 'begun').length, 1);
      assert.equal(all.filter(({ kind }) => kind === 'running').length, 99);
    });

    test('keep all of Unicode, and no result that is too large', async t => {
      const store = keys(t);
      const large = JSON.stringify('\u{1f600}\0\ud800é'.repeat(50_000));
      await store.begin('one', 'f', DAY);
      await store.finish('one', large);
      assert.deepEqual(await store.begin('one', 'f', DAY), done('f', large));
      await store.begin('huge', 'f', DAY);
      await store.finish('huge', 'x'.repeat(1024 * 1024 + 1));
      assert.deepEqual(await store.begin('huge', 'f', DAY), lost('f'));
    });

    test('are forgotten after their time, but not while their call runs', async t => {
      const store = keys(t);
      for (const key of ['done', 'lost', 'runs']) await store.begin(key, 'f', 50);
      await store.begin('long', 'f', DAY);
      await store.finish('done', 'x');
      await store.lose('lost');
      await store.finish('long', 'x');
      for (const key of ['done', 'lost']) {
        await eventually(async () => {
          const { kind } = await store.begin(key, 'g', DAY);
          return kind === 'begun';
        });
      }
      await pause(200);
      assert.deepEqual(await store.begin('runs', 'f', DAY), running('f'));
      assert.deepEqual(await store.begin('long', 'f', DAY), done('f', 'x'));
      await store.finish('runs', 'x');
      await eventually(async () => (await store.begin('runs', 'g', DAY)).kind === 'begun');
    });
  });
}

describe('memory: idempotency keys', () => {
  test('beyond the capacity: the oldest go, those whose calls run do not, and none is taken that has no room', () => {
    const store = new MemoryIdempotencyStore(10);
    store.begin('runs', 'f', DAY);
    for (let index = 0; index < 30; index++) {
      assert.deepEqual(store.begin(`${index}`, 'f', DAY), BEGUN);
      store.finish(`${index}`, 'x');
    }
    assert.deepEqual(store.begin('runs', 'f', DAY), running('f'));
    assert.deepEqual(store.begin('29', 'f', DAY), done('f', 'x'));
    assert.deepEqual(store.begin('0', 'f', DAY), BEGUN);
    for (let index = 0; index < 8; index++) store.begin(`hog-${index}`, 'f', DAY);
    assert.throws(() => store.begin('more', 'f', DAY), UNAVAILABLE);
    store.finish('runs', 'x');
    assert.deepEqual(store.begin('more', 'f', DAY), BEGUN);
  });

  test('without room for results lose the oldest results, and never the key', () => {
    const store = new MemoryIdempotencyStore(1_000, 10_000);
    for (const key of ['a', 'b', 'c']) {
      store.begin(key, 'f', DAY);
      store.finish(key, key.repeat(4_000));
    }
    assert.deepEqual(store.begin('a', 'f', DAY), lost('f'));
    assert.deepEqual(store.begin('b', 'f', DAY), done('f', 'b'.repeat(4_000)));
    store.begin('large', 'f', DAY);
    store.finish('large', 'x'.repeat(10_001));
    assert.deepEqual(store.begin('large', 'f', DAY), lost('f'));
    assert.equal(store.begin('c', 'f', DAY).kind, 'done');
  });

  test('are no promises', () => {
    const store = memoryState().idempotency;
    const results = [store.begin('a', 'f', 1), store.finish('a', 'x'), store.abandon('a'), store.lose('a')];
    assert.ok(results.every(result => !(result instanceof Promise)));
  });
});

describe('sqlite: idempotency keys of several processes', () => {
  test('are begun by exactly one of them, whose result all give', async t => {
    const directory = temporaryDirectory(t);
    const peers = await Promise.all([1, 2, 3].map(() => Peer.open(t, directory)));
    for (let round = 0; round < 30; round++) {
      const key = `key-${round}`;
      const records = await Promise.all(peers.map(peer => peer.do('begin', key, 'f')));
      const first = records.findIndex(({ kind }) => kind === 'begun');
      assert.deepEqual(records.map(({ kind }) => kind).sort(), ['begun', 'running', 'running']);
      if (round > 2) continue;
      await peers[first]!.do('finish', key, `"${round}"`);
      for (const peer of peers) assert.deepEqual(await peer.do('begin', key, 'f'), done('f', `"${round}"`));
    }
  });

  test('are lost with the process that died, and the others are not', async t => {
    const directory = temporaryDirectory(t);
    const [victim, survivor] = await Promise.all([Peer.open(t, directory), Peer.open(t, directory)]);
    await victim!.do('begin', 'finished', 'f');
    await victim!.do('finish', 'finished', '"x"');
    await victim!.do('begin', 'unfinished', 'f');
    await survivor!.do('begin', 'alive', 'f');
    const { idempotency } = open(t, directory);
    assert.deepEqual(await idempotency.begin('unfinished', 'f', DAY), running('f'));
    await victim!.kill();
    await eventually(async () => (await idempotency.begin('unfinished', 'f', DAY)).kind === 'lost');
    assert.deepEqual(await idempotency.begin('finished', 'f', DAY), done('f', '"x"'));
    assert.deepEqual(await idempotency.begin('alive', 'f', DAY), running('f'));
    await pause(4 * QUICK.pruneMs);
    assert.deepEqual(await survivor!.do('begin', 'unfinished', 'f'), lost('f'), 'lost and no more');
  });

  test('survive a restart', async t => {
    const directory = temporaryDirectory(t);
    const before = sqliteState({ directory }, QUICK);
    for (const key of ['done', 'runs']) await before.idempotency.begin(key, 'f', DAY);
    await before.idempotency.finish('done', '"x"');
    await before.close();
    const { idempotency } = open(t, directory);
    assert.deepEqual(await idempotency.begin('done', 'f', DAY), done('f', '"x"'));
    assert.deepEqual(await idempotency.begin('runs', 'f', DAY), lost('f'));
  });
});

describe('sqlite: idempotency keys while the store fails', () => {
  test('can not be begun, are ended all the same, and that is written when it works again', async t => {
    const directory = temporaryDirectory(t);
    const { idempotency } = open(t, directory);
    for (const key of ['done', 'lost', 'free']) await idempotency.begin(key, 'f', DAY);
    const lock = new Connection(join(directory, 'state.db'));
    t.after(() => lock.close());
    lock.begin();
    await Promise.all([
      assert.rejects(async () => idempotency.begin('new', 'f', DAY), UNAVAILABLE),
      assert.rejects(async () => idempotency.finish('done', '"x"'), UNAVAILABLE),
      assert.rejects(async () => idempotency.lose('lost'), UNAVAILABLE),
      assert.rejects(async () => idempotency.abandon('free'), UNAVAILABLE),
    ]);
    assert.deepEqual(await idempotency.begin('done', 'f', DAY), done('f', '"x"'), 'known here');
    assert.deepEqual(await idempotency.begin('lost', 'f', DAY), lost('f'));
    lock.rollback();
    const other = open(t, directory);
    await eventually(async () => (await other.idempotency.begin('done', 'f', DAY)).kind === 'done');
    await eventually(async () => (await other.idempotency.begin('lost', 'f', DAY)).kind === 'lost');
    await eventually(async () => (await other.idempotency.begin('free', 'g', DAY)).kind === 'begun');
    assert.deepEqual(await idempotency.begin('free', 'g', DAY), running('g'), 'given back once, not twice');
    await pause(3 * QUICK.renewMs);
    assert.deepEqual(await idempotency.begin('free', 'g', DAY), running('g'));
  });

  test('that were given back can be taken again before that is written', async t => {
    const sqlite = new FaultySqlite(t);
    const { idempotency } = open(t, temporaryDirectory(t));
    await idempotency.begin('one', 'f', DAY);
    sqlite.exec("CREATE TEMP TRIGGER no BEFORE DELETE ON idempotency BEGIN SELECT RAISE(ABORT, 'no'); END");
    await assert.rejects(async () => idempotency.abandon('one'), UNAVAILABLE);
    sqlite.exec('DROP TRIGGER no');
    assert.deepEqual(await idempotency.begin('one', 'g', DAY), BEGUN);
    await pause(3 * QUICK.renewMs);
    assert.deepEqual(await idempotency.begin('one', 'g', DAY), running('g'));
    await idempotency.finish('one', '"x"');
    assert.deepEqual(await idempotency.begin('one', 'g', DAY), done('g', '"x"'));
  });

  test('are refused on a full disk', async t => {
    const sqlite = new FaultySqlite(t);
    const { idempotency } = open(t, temporaryDirectory(t));
    await idempotency.begin('one', 'f', DAY);
    sqlite.exec('PRAGMA max_page_count = 1');
    const large = JSON.stringify('x'.repeat(300_000));
    await assert.rejects(async () => idempotency.finish('one', large), UNAVAILABLE);
    assert.deepEqual(await idempotency.begin('one', 'f', DAY), done('f', large));
    sqlite.exec('PRAGMA max_page_count = 1000000');
    await pause(3 * QUICK.renewMs);
    assert.deepEqual(await idempotency.begin('one', 'f', DAY), done('f', large));
  });

  test('are ended in the new file when theirs was replaced', async t => {
    const directory = temporaryDirectory(t);
    const state = open(t, directory);
    await state.idempotency.begin('one', 'f', DAY);
    for (const file of ['state.db', 'state.db-wal', 'state.db-shm']) rmSync(join(directory, file), { force: true });
    await eventually(
      async () => (await state.sessions.read({ key: 'k', issuedAt: 1, expiresAt: 1 })) && state.health().ok,
    );
    await state.idempotency.finish('one', '"x"');
    const other = open(t, directory);
    assert.deepEqual(await other.idempotency.begin('one', 'f', DAY), done('f', '"x"'));
  });
});

describe('sqlite: idempotency keys that were given back while that could not be written', () => {
  async function givenBack(t: TestContext) {
    const sqlite = new FaultySqlite(t);
    const store = new Store(temporaryDirectory(t), QUICK);
    t.after(() => store.close(() => {}));
    const owners = new Owners(store, QUICK);
    await store.write(connection => owners.renew(connection));
    const idempotency = new SqliteIdempotencyStore(store, owners);
    await idempotency.begin('one', 'f', DAY);
    sqlite.exec("CREATE TEMP TRIGGER no BEFORE DELETE ON idempotency BEGIN SELECT RAISE(ABORT, 'no'); END");
    await assert.rejects(async () => idempotency.abandon('one'), UNAVAILABLE);
    sqlite.exec('DROP TRIGGER no');
    return { idempotency, other: new SqliteIdempotencyStore(store, new Owners(store, QUICK)) };
  }

  test('are taken again by one of many at once', async t => {
    const { idempotency } = await givenBack(t);
    const all = await Promise.all(Array.from({ length: 10 }, async () => idempotency.begin('one', 'g', DAY)));
    assert.deepEqual(all.map(({ kind }) => kind).sort(), ['begun', ...Array(9).fill('running')]);
  });

  test('stay with who has taken them, when it is written after all', async t => {
    const { idempotency, other } = await givenBack(t);
    const begun = idempotency.begin('one', 'g', DAY);
    idempotency.settle(); // In the same transaction, after it.
    assert.deepEqual(await begun, BEGUN);
    await pause(50);
    assert.deepEqual(await other.begin('one', 'f', DAY), running('g'));
    await idempotency.finish('one', '"x"');
    assert.deepEqual(await other.begin('one', 'g', DAY), done('g', '"x"'));
  });
});

describe('sqlite: what is kept of idempotency keys', () => {
  function parts(t: TestContext) {
    const store = new Store(temporaryDirectory(t), QUICK);
    t.after(() => store.close(() => {}));
    const owners = new Owners(store, QUICK);
    const idempotency = new SqliteIdempotencyStore(store, owners);
    const prune = async (now: number, keys = 1_000, bytes = 1_000_000): Promise<void> => {
      while (await store.write(connection => pruneIdempotency(connection, now, owners, { keys, bytes })));
    };
    const usage = () => {
      const counted = 'SELECT count(*) AS keys, coalesce(sum(bytes), 0) AS bytes FROM idempotency';
      const [rows, said] = store.read(c => [c.get(counted), c.get('SELECT keys, bytes FROM call_usage')]);
      assert.deepEqual({ ...(said as object) }, { ...(rows as object) }, 'the triggers count right');
      return { ...(rows as { keys: number; bytes: number }) };
    };
    const fill = async (count: number, size: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        // Later ones live longer.
        await idempotency.begin(`${index}`, 'f', DAY + index * 1_000);
        await idempotency.finish(`${index}`, 'x'.repeat(size));
      }
    };
    return { store, idempotency, prune, usage, fill };
  }

  test('goes in the order of its age, many at a time', async t => {
    const { prune, usage, fill } = parts(t);
    await fill(300, 10);
    assert.deepEqual(usage(), { keys: 300, bytes: 3_000 });
    await prune(Date.now() + DAY + 250_000);
    const { keys } = usage();
    assert.ok(keys >= 48 && keys <= 52, `${keys}`);
    await prune(Date.now() + 2 * DAY);
    assert.deepEqual(usage(), { keys: 0, bytes: 0 });
  });

  test('is bounded in bytes: of the oldest only the key stays', async t => {
    const { idempotency, prune, usage, fill } = parts(t);
    await fill(10, 1_000);
    await prune(0, 1_000, 3_500);
    assert.deepEqual(usage(), { keys: 10, bytes: 3_000 });
    assert.deepEqual(await idempotency.begin('6', 'f', DAY), lost('f'));
    assert.equal((await idempotency.begin('7', 'f', DAY)).kind, 'done');
  });

  test('is bounded in keys: the oldest go, but not while their calls run', async t => {
    const { idempotency, prune, usage, fill } = parts(t);
    await idempotency.begin('runs', 'f', 1);
    await fill(10, 10);
    await idempotency.begin('lost', 'f', 10);
    await idempotency.lose('lost');
    await prune(0, 5);
    assert.equal(usage().keys, 5);
    assert.deepEqual(await idempotency.begin('runs', 'f', DAY), running('f'));
    assert.equal((await idempotency.begin('9', 'f', DAY)).kind, 'done');
    assert.equal((await idempotency.begin('lost', 'f', DAY)).kind, 'begun');
    await prune(0, 0);
    assert.equal(usage().keys, 2, 'those that run');
  });

  test('of a process that died is lost at once, and goes in its time', async t => {
    const { store, idempotency, prune, usage } = parts(t);
    const dead = new SqliteIdempotencyStore(store, new Owners(store, QUICK));
    await dead.begin('orphan', 'f', DAY);
    assert.deepEqual(await idempotency.begin('orphan', 'f', DAY), lost('f'));
    await prune(Date.now());
    assert.deepEqual(await idempotency.begin('orphan', 'f', DAY), lost('f'));
    await prune(Date.now() + 2 * DAY);
    assert.equal(usage().keys, 0);
  });

  test('of a process that only seemed dead is what it says in the end', async t => {
    const { store, idempotency, prune } = parts(t);
    const slow = new SqliteIdempotencyStore(store, new Owners(store, QUICK));
    await slow.begin('slow', 'f', DAY);
    await prune(Date.now());
    assert.deepEqual(await idempotency.begin('slow', 'f', DAY), lost('f'));
    await slow.finish('slow', '"x"');
    assert.deepEqual(await idempotency.begin('slow', 'f', DAY), done('f', '"x"'));
  });
});
