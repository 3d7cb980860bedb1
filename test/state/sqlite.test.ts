// The driver in a directory: the contract, and what only it has to do.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import type { Retention } from '../../src/state/retention.ts';
import { Owners } from '../../src/state/sqlite/owners.ts';
import { Pruning } from '../../src/state/sqlite/pruning.ts';
import { PruningClock } from '../../src/state/sqlite/pruning-clock.ts';
import { SqliteSessionStore } from '../../src/state/sqlite/session-store.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { Store } from '../../src/state/sqlite/store.ts';
import type { State } from '../../src/state/state.ts';
import { changed, session, stateContract, uris } from './contract.ts';
import { eventually } from './eventually.ts';
import { QUICK, temporaryDirectory } from './fixtures/store.ts';

function open(t: TestContext, directory: string, retention?: Retention): State {
  const state = sqliteState({ directory, ...retention }, QUICK);
  t.after(() => state.close());
  return state;
}

stateContract({
  name: 'sqlite',
  durable: true,
  open: (t, retention) => open(t, temporaryDirectory(t), retention),
});

describe('sqlite: what is written', () => {
  test('is there after a restart', async t => {
    const directory = temporaryDirectory(t);
    const one = session();
    const ended = session();
    const before = sqliteState({ directory }, QUICK);
    await before.sessions.subscribe(one, 'file:///a');
    await before.sessions.terminate(ended);
    await before.events.append('stream', 1, 'a', true);
    const cursor = await before.bus.publish(changed('a'));
    await before.bus.publish(changed('b'));
    await before.close();
    await before.close();

    const after = open(t, directory);
    assert.deepEqual((await after.sessions.read(one)).subscriptions, ['file:///a']);
    assert.equal((await after.sessions.read(ended)).terminated, true);
    assert.deepEqual((await after.events.read('stream', 0))?.events, [{ seq: 1, message: 'a' }]);
    assert.deepEqual(uris(await after.bus.read(cursor, 10)), ['b']);
    const heard: string[] = [];
    after.bus.subscribe(({ cursor }) => heard.push(cursor));
    const next = await after.bus.publish(changed('c'));
    assert.deepEqual(heard, [next], 'nothing of the time before');
  });

  test('shares transactions, and reads see what was acknowledged', async t => {
    const state = open(t, temporaryDirectory(t));
    const ones = Array.from({ length: 600 }, () => session());
    await Promise.all(
      ones.map(async one => {
        await state.sessions.setLogLevel(one, 'notice');
        assert.equal((await state.sessions.read(one)).logLevel, 'notice');
      }),
    );
  });

  test('is refused after the store was closed', async t => {
    const state = sqliteState({ directory: temporaryDirectory(t) }, QUICK);
    const last = state.bus.publish(changed('a'));
    await state.close();
    await last;
    const closed = { code: 'SLIP_STORE_UNAVAILABLE', message: /it is closed/ };
    await assert.rejects(async () => state.bus.publish(changed('b')), closed);
    await assert.rejects(async () => state.sessions.read(session()), closed);
    assert.equal(state.health().ok, false);
  });
});

describe('sqlite: files', { skip: process.platform === 'win32' }, () => {
  const modes = (directory: string): Record<string, number> =>
    Object.fromEntries(readdirSync(directory).map(name => [name, statSync(join(directory, name)).mode & 0o777]));
  const PRIVATE = { 'state.db': 0o600, 'state.db-shm': 0o600, 'state.db-wal': 0o600 };

  test('are for this user only, whatever the umask', async t => {
    const umask = process.umask(0);
    t.after(() => process.umask(umask));
    const directory = join(temporaryDirectory(t), 'made', 'here');
    await open(t, directory).bus.publish(changed('a'));
    assert.deepEqual(modes(directory), PRIVATE);
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    assert.equal(statSync(join(directory, '..')).mode & 0o777, 0o700);
  });

  test('are made so if they were not, in a directory left as it is', async t => {
    const directory = temporaryDirectory(t);
    chmodSync(directory, 0o755);
    writeFileSync(join(directory, 'state.db'), '', { mode: 0o644 });
    await open(t, directory).bus.publish(changed('a'));
    assert.deepEqual(modes(directory), PRIVATE);
    assert.equal(statSync(directory).mode & 0o777, 0o755);
  });

  test('a directory that can not be one is refused', t => {
    const directory = temporaryDirectory(t);
    writeFileSync(join(directory, 'file'), '');
    const refused = { code: 'SLIP_STATE_DIRECTORY' };
    assert.throws(() => sqliteState({ directory: join(directory, 'file') }), refused);
    assert.throws(() => sqliteState({ directory: join(directory, 'file', 'below') }), refused);
    mkdirSync(join(directory, 'blank'));
    assert.doesNotThrow(() => open(t, join(directory, 'blank')));
  });
});

describe('sqlite: what has been kept long enough', () => {
  const count = (store: Store, table: string): number =>
    store.read(connection => connection.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n);

  function parts(t: TestContext, records: number, ended = records) {
    const store = new Store(temporaryDirectory(t), QUICK);
    const owners = new Owners(store, QUICK);
    const retention = { eventTtlMs: 1, maxEventsPerStream: 9, maxEventBytes: 9, busTtlMs: 1, maxBusEntries: 9 };
    const awake = setInterval(() => {}, 1_000); // The pauses of the pruning keep no process alive.
    t.after(() => clearInterval(awake));
    t.after(() => store.close(() => {}));
    return {
      store,
      sessions: new SqliteSessionStore(store),
      pruning: new Pruning(store, owners, retention, { records, ended }),
    };
  }

  test('goes, sessions with all they had', async t => {
    const { store, sessions, pruning } = parts(t, 1_000_000);
    const expired = { key: 'expired', issuedAt: 1, expiresAt: Date.now() - 1 };
    const alive = session();
    for (const one of [expired, alive]) for (const uri of ['a', 'b']) await sessions.subscribe(one, uri);
    await pruning.run();
    assert.deepEqual([count(store, 'sessions'), count(store, 'subscriptions')], [1, 2]);
    assert.deepEqual(sessions.read(alive).subscriptions, ['a', 'b']);
    assert.equal(
      store.read(c => c.get<{ weight: number }>('SELECT weight FROM session_usage')!.weight),
      3,
    );
  });

  test('is the oldest terminations when there are too many, and all that are as old count as terminated', async t => {
    const { sessions, pruning, store } = parts(t, 500);
    const old = Array.from({ length: 300 }, (_, index) => session(1_000 + index));
    const young = Array.from({ length: 400 }, (_, index) => session(9_000 + index));
    await Promise.all([...old, ...young].map(one => sessions.terminate(one)));
    const alive = session(10_000);
    await sessions.setLogLevel(alive, 'info');
    await pruning.run();
    assert.ok(count(store, 'sessions') <= 501);
    assert.ok([...old, ...young].every(one => sessions.read(one).terminated));
    assert.equal(sessions.read(session(1_000)).terminated, true);
    assert.equal(sessions.read(alive).logLevel, 'info');
    assert.equal(sessions.read(session()).terminated, false);
  });

  test('is the levels and subscriptions of who has most, which ends nobody', async t => {
    const { sessions, pruning, store } = parts(t, 500);
    const ended = session(1_000);
    const modest = session(1_001);
    await sessions.terminate(ended);
    await sessions.setLogLevel(modest, 'info');
    const flood = Array.from({ length: 20 }, (_, index) => session(2_000 + index));
    const uris = Array.from({ length: 40 }, (_, index) => `file:///${index}`);
    await Promise.all(flood.flatMap(one => uris.map(uri => sessions.subscribe(one, uri))));
    await pruning.run();
    const weight = 'SELECT weight, ended FROM session_usage';
    const usage = store.read(c => c.get<{ weight: number; ended: number }>(weight)!);
    assert.equal(usage.ended, 1);
    assert.ok(usage.weight - usage.ended <= 500 && usage.weight > 400, `${usage.weight}`);
    assert.equal(usage.weight, count(store, 'sessions') + count(store, 'subscriptions'));
    assert.equal(sessions.read(modest).logLevel, 'info');
    assert.equal(sessions.read(ended).terminated, true);
    assert.ok(flood.every(one => !sessions.read(one).terminated));
    assert.ok(flood.some(one => sessions.read(one).subscriptions.length === 0));
    assert.equal(sessions.read(session(500)).terminated, false, 'never seen, however old');
  });

  test('is not what the clock alone makes old', () => {
    let wall = 1_000_000;
    let monotonic = 0;
    const clock = new PruningClock(
      60_000,
      () => wall,
      () => monotonic,
    );
    const pass = (ms: number, step = 0): number => {
      monotonic += ms;
      wall += ms + step;
      return clock.now();
    };
    assert.equal(pass(5_000), 1_005_000);
    assert.equal(pass(5_000, 600_000), 1_010_000, 'ten minutes ahead');
    assert.equal(pass(30_000), 1_040_000);
    assert.equal(pass(1_000, -600_000), 1_041_000, 'and back');
    assert.equal(pass(1_000, 600_000), 1_042_000);
    assert.equal(pass(60_000), wall, 'what was written before that is old by now');
    assert.equal(pass(1_000, -600_000), wall);
    assert.equal(pass(1_000, 900), wall, 'clocks are adjusted all the time');
  });

  test('is not the end of a session while the clock is days ahead: set back, it is still ended', async t => {
    const now = Date.now();
    t.mock.timers.enable({ apis: ['Date'], now });
    const { store, sessions, pruning } = parts(t, 1_000_000);
    const ended = session();
    await sessions.terminate(ended);
    await pruning.run();
    t.mock.timers.setTime(now + 30 * 86_400_000);
    // Longer than streams are kept, for which a step of the clock is remembered less long.
    for (let round = 0; round < 3; round++) {
      await pruning.run();
      await new Promise(resolve => setTimeout(resolve, 5));
    }
    assert.equal(count(store, 'sessions'), 1);
    t.mock.timers.setTime(now);
    assert.equal(sessions.read(ended).terminated, true);
  });

  test('is overwritten', async t => {
    const directory = temporaryDirectory(t);
    const state = sqliteState({ directory }, QUICK);
    const other = sqliteState({ directory }, QUICK);
    const letters: string[] = [];
    await state.mailbox.open('address', letter => letters.push(letter));
    await other.mailbox.deliver('address', `hunter2 ${'x'.repeat(20_000)}`);
    await eventually(() => letters.length === 1);
    await Promise.all([state.close(), other.close()]);
    assert.equal(readFileSync(join(directory, 'state.db')).includes('hunter2'), false);
  });

  test('goes in slices, streams with all their events', async t => {
    const directory = temporaryDirectory(t);
    const state = open(t, directory, { eventTtlMs: 200, maxEventsPerStream: 5_000 });
    const appended: unknown[] = [];
    for (let stream = 0; stream < 5; stream++) {
      for (let seq = 1; seq <= 1_000; seq++) appended.push(state.events.append(`${stream}`, seq, 'x', seq === 1_000));
    }
    await Promise.all(appended);
    await eventually(async () => (await state.events.read('4', 0)) === undefined);
    const store = new Store(directory, QUICK);
    t.after(() => store.close(() => {}));
    await eventually(() => count(store, 'events') === 0 && count(store, 'streams') === 0);
  });

  test('is found without reading everything', t => {
    const { store } = parts(t, 1);
    const plan = (sql: string): string =>
      store.read(c =>
        c
          .all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
          .map(row => row.detail)
          .join('; '),
      );
    for (const sql of [
      'SELECT id FROM streams WHERE ended = 1 AND touched < 5 ORDER BY touched LIMIT 5',
      'SELECT DISTINCT owner FROM streams WHERE ended = 0',
      "SELECT id FROM streams WHERE ended = 0 AND owner = 'x' AND touched < 5 LIMIT 5",
      'SELECT key FROM sessions WHERE expires_at < 5 OR issued_at <= (SELECT floor FROM session_usage) LIMIT 5',
      'SELECT key, held FROM sessions WHERE terminated = 0 ORDER BY held DESC, issued_at LIMIT 5',
      'SELECT issued_at FROM sessions WHERE terminated = 1 ORDER BY issued_at LIMIT 5',
      'DELETE FROM letters WHERE owner = 5',
      'DELETE FROM awaited WHERE owner = 5',
    ]) {
      assert.doesNotMatch(plan(sql), /SCAN (sessions|streams|letters|awaited)(?! USING)|TEMP B-TREE/, sql);
    }
    assert.match(plan('SELECT id FROM streams WHERE touched < 5'), /SCAN streams/, 'a scan would be seen');
  });
});

test('sqlite: no warning is printed, and nothing keeps the process alive', async t => {
  const script = `
    import { sqliteState } from ${JSON.stringify(new URL('../../src/state/sqlite/state.ts', import.meta.url).href)};
    const state = sqliteState({ directory: process.argv[1] });
    await state.bus.publish({ kind: 'change', event: { kind: 'tools_list_changed' } });
    state.bus.subscribe(() => {});
    process.emitWarning('another', 'ExperimentalWarning');
    console.log('written');
  `;
  const flags = [
    '--conditions=@slipway/source',
    '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
    '--input-type=module',
  ];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [...flags, '--eval', script, '--', temporaryDirectory(t)],
    { timeout: 10_000 },
  );
  assert.equal(stdout, 'written\n');
  assert.doesNotMatch(stderr, /SQLite/);
  assert.match(stderr, /another/, 'other warnings are');
});
