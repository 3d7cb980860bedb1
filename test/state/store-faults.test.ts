// What goes wrong with a disk, and with files that others may remove: writes fail with a coded error, what can be read is
// read, health tells, and all is well again once the cause is gone.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { BusEntry } from '../../src/state/bus.ts';
import { SqliteBus } from '../../src/state/sqlite/bus.ts';
import { Connection } from '../../src/state/sqlite/connection.ts';
import { MIGRATIONS } from '../../src/state/sqlite/schema.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { Store } from '../../src/state/sqlite/store.ts';
import type { State } from '../../src/state/state.ts';
import { changed, session, uris } from './contract.ts';
import { eventually } from './eventually.ts';
import { FaultySqlite } from './fixtures/faulty-sqlite.ts';
import { Peer } from './fixtures/peer.ts';
import { QUICK, temporaryDirectory } from './fixtures/store.ts';

function open(t: TestContext, directory: string): State {
  const state = sqliteState({ directory }, QUICK);
  t.after(() => state.close());
  return state;
}

const unavailable = (why: RegExp) => ({ name: 'SlipwayError', code: 'SLIP_STORE_UNAVAILABLE', message: why });
const write = async (state: State, uri = 'a'): Promise<string> => await state.bus.publish(changed(uri));
const LARGE = 'x'.repeat(300_000);

/** A store that holds one terminated session and one stream. */
async function furnished(t: TestContext, directory = temporaryDirectory(t)) {
  const state = open(t, directory);
  const ended = session();
  await state.sessions.terminate(ended);
  await state.events.append('stream', 1, 'one', false);
  const serves = async (): Promise<void> => {
    assert.equal((await state.sessions.read(ended)).terminated, true);
    assert.equal((await state.sessions.read(session())).terminated, false);
    assert.equal((await state.events.read('stream', 0))?.events[0]?.message, 'one');
  };
  return { state, directory, serves };
}

const isWell = (state: State) => (): boolean => state.health().ok;

async function ill(state: State, why: RegExp): Promise<void> {
  await eventually(() => !state.health().ok);
  assert.match(state.health().why!, why);
}

describe('a full disk', () => {
  test('refuses writes, serves reads, and recovers', async t => {
    const sqlite = new FaultySqlite(t);
    const { state, serves } = await furnished(t);
    sqlite.exec('PRAGMA max_page_count = 1');
    const full = unavailable(/the disk is full/);
    await assert.rejects(async () => state.events.append('stream', 2, LARGE, false), full);
    await assert.rejects(async () => state.events.append('other', 1, LARGE, false), full);
    await ill(state, /the disk is full/);
    await serves();
    assert.equal((await state.events.read('stream', 0))?.trimmed, true, 'readers hear of what is missing');
    await new Promise(resolve => setTimeout(resolve, 4 * QUICK.renewMs));
    assert.equal(state.health().ok, false, 'signs of life that need no room do not hide it');
    sqlite.exec('PRAGMA max_page_count = 1000000');
    await eventually(isWell(state));
    await state.events.append('stream', 3, LARGE, true);
    await eventually(async () => (await state.events.read('stream', 2))?.ended === true);
    assert.equal((await state.events.read('stream', 2))?.trimmed, false);
    assert.equal((await state.events.read('stream', 0))?.trimmed, true);
  });

  test('at the end of a stream does not let its readers wait for ever', async t => {
    const sqlite = new FaultySqlite(t);
    const { state, directory } = await furnished(t);
    sqlite.exec('PRAGMA max_page_count = 1');
    await assert.rejects(async () => state.events.append('stream', 2, LARGE, true), unavailable(/full/));
    const lost = { events: [], more: false, ended: true, orphaned: false, trimmed: true };
    assert.deepEqual(await state.events.read('stream', 1), lost);
    sqlite.exec('PRAGMA max_page_count = 1000000');
    await eventually(isWell(state));
    const other = open(t, directory);
    await eventually(async () => (await other.events.read('stream', 1))?.ended === true);
    assert.deepEqual(await other.events.read('stream', 1), lost, 'in other processes too');
  });

  test('(a real one) is survived', async t => {
    const directory = temporaryDirectory(t);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'slipway-test', directory], { stdio: 'ignore' });
    } catch {
      t.skip('mounting is not permitted here');
      return;
    }
    const state = sqliteState({ directory }, QUICK);
    try {
      let written = 0;
      const fill = async (): Promise<void> => {
        for (; written < 1_000; written++) await state.events.append(`${written}`, 1, 'x'.repeat(20_000), true);
      };
      await assert.rejects(fill, unavailable(/the disk is full/));
      assert.ok(written > 0 && statfsSync(directory).bavail < 20);
      await ill(state, /the disk is full/);
      for (let index = 0; index < written; index++) {
        assert.equal((await state.events.read(`${index}`, 0))?.events.length, 1);
      }
      execFileSync('mount', ['-o', 'remount,size=8m', directory]);
      await eventually(isWell(state));
      await write(state);
    } finally {
      await state.close();
      execFileSync('umount', [directory]);
    }
  });
});

describe('while the store can not be written', () => {
  test('a change is heard here at once, and everywhere once it works again', async t => {
    const sqlite = new FaultySqlite(t);
    const { state, directory } = await furnished(t);
    const before = await write(state, 'before');
    const heard: BusEntry[] = [];
    state.bus.subscribe(entry => heard.push(entry));
    sqlite.setup = 'PRAGMA query_only = ON';
    sqlite.exec(sqlite.setup);
    for (const uri of ['a', 'b', 'a']) await assert.rejects(() => write(state, uri), unavailable(/read-only/));
    await assert.rejects(async () => state.bus.publish({ kind: 'log', params: { level: 'info', data: 1 } }));
    assert.deepEqual(uris(heard), ['a', 'b', 'a']);
    assert.ok(
      heard.every(({ cursor }) => cursor === before),
      'whoever heard it resumes from the entry before',
    );
    sqlite.setup = '';
    await eventually(async () => uris(await state.bus.read(before, 10))?.length === 2);
    assert.deepEqual(uris(await state.bus.read(before, 10)), ['a', 'b']);
    await eventually(() => heard.length === 5);
    const other = open(t, directory);
    assert.deepEqual(uris(await other.bus.read(before, 10)), ['a', 'b'], 'once each');
  });

  test('a change is published once afterwards, however often that is tried', async t => {
    const sqlite = new FaultySqlite(t);
    const store = new Store(temporaryDirectory(t), QUICK);
    t.after(() => store.close(() => {}));
    const bus = new SqliteBus(store);
    const before = await bus.publish(changed('before'));
    sqlite.setup = 'PRAGMA query_only = ON';
    sqlite.exec(sqlite.setup);
    await assert.rejects(() => bus.publish(changed('owed')), unavailable(/read-only/));
    // As two of the driver's clocks do that strike at the same time.
    bus.settle();
    bus.settle();
    await store.write(() => {}).catch(() => {});
    assert.deepEqual(uris(bus.read(before, 10)), []);
    sqlite.setup = '';
    await eventually(() => {
      store.check();
      bus.settle();
      bus.settle();
      return uris(bus.read(before, 10))?.length !== 0;
    });
    bus.settle();
    await store.write(() => {});
    assert.deepEqual(uris(bus.read(before, 10)), ['owed']);
  });

  test('letters arrive that are left here, and those of others once it works again', async t => {
    const sqlite = new FaultySqlite(t);
    const { state, directory } = await furnished(t);
    sqlite.exec('PRAGMA max_page_count = 1; PRAGMA query_only = ON');
    const letters: string[] = [];
    const stop = await state.mailbox.open('address', letter => letters.push(letter));
    assert.equal(await state.mailbox.deliver('address', 'here'), true);
    await eventually(() => letters.length === 1);
    sqlite.exec('PRAGMA query_only = OFF');
    const other = open(t, directory);
    await eventually(async () => other.mailbox.deliver('address', 'there'));
    await eventually(() => letters.includes('there'));
    stop();
    await eventually(async () => !(await other.mailbox.deliver('address', 'late')));
  });
});

describe('a locked store', () => {
  test('makes a write wait, for a while', async t => {
    const { state, directory } = await furnished(t);
    const other = new Connection(join(directory, 'state.db'));
    t.after(() => other.close());
    other.begin();
    const order: string[] = [];
    const writes = ['a', 'b', 'c'].map(uri => write(state, uri).then(() => order.push(uri)));
    await new Promise(resolve => setTimeout(resolve, QUICK.lockWaitMs / 2));
    assert.deepEqual(order, []);
    other.rollback();
    await Promise.all(writes);
    assert.deepEqual(order, ['a', 'b', 'c']);
    assert.equal(state.health().ok, true);
  });

  test('refuses writes after that, serves reads, and recovers', async t => {
    const { state, directory, serves } = await furnished(t);
    const other = new Connection(join(directory, 'state.db'));
    t.after(() => other.close());
    other.script('BEGIN EXCLUSIVE');
    let longest = 0;
    let last = performance.now();
    const turns = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    t.after(() => clearInterval(turns));
    const begun = performance.now();
    await assert.rejects(() => write(state), unavailable(/another process has held its lock for 400 ms/));
    const waited = performance.now() - begun;
    assert.ok(waited >= QUICK.lockWaitMs && waited < QUICK.lockWaitMs + 400, `${waited} ms`);
    assert.ok(longest < 300, `the event loop stood still for ${longest} ms`);
    await serves();
    await ill(state, /lock/);
    other.rollback();
    await eventually(isWell(state));
    await write(state);
  });
});

describe('a lost store', () => {
  test('whose directory is gone refuses writes, serves what it had, and begins anew once there is one', async t => {
    const { state, directory, serves } = await furnished(t);
    const away = `${directory}-away`;
    renameSync(directory, away);
    t.after(() => rmSync(away, { recursive: true, force: true }));
    await assert.rejects(() => write(state), unavailable(/its directory is gone/));
    await ill(state, /its directory is gone/);
    await serves();
    void state.bus.publish(changed('a')); // Nobody looks at the outcome.
    await new Promise(resolve => setTimeout(resolve, 2 * QUICK.checkMs));
    renameSync(away, directory);
    await eventually(isWell(state));
    await write(state);
    await serves();
  });

  test('whose files are gone is made anew: nothing is acknowledged that went into the old one', async t => {
    const { state, directory } = await furnished(t);
    const heard: string[] = [];
    state.bus.subscribe(entry => heard.push(...uris([entry])!));
    const letters: string[] = [];
    await state.mailbox.open('address', letter => letters.push(letter));
    const before = await write(state, 'before');
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    const after = await write(state, 'after');
    await eventually(isWell(state));
    assert.deepEqual(heard, ['before', 'gap', 'after']);
    assert.equal(await state.bus.read(before, 10), undefined);
    assert.equal(await state.events.read('stream', 0), undefined);
    await state.events.append('stream', 2, 'two', true);
    assert.equal((await state.events.read('stream', 0))?.trimmed, true);

    const other = open(t, directory);
    assert.deepEqual(uris(await other.bus.read(after, 10)), []);
    assert.equal(await other.mailbox.deliver('address', 'letter'), true, 'it is still awaited');
    await eventually(() => letters.length === 1);
  });

  test('whose database alone was removed waits for the operator', async t => {
    const { state, directory, serves } = await furnished(t);
    rmSync(join(directory, 'state.db'));
    await assert.rejects(() => write(state), unavailable(/state\.db was removed, but not state\.db-/));
    await serves();
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    await eventually(isWell(state));
    await write(state);
  });

  test('that another one replaced is used', async t => {
    const { state, directory } = await furnished(t);
    const otherDirectory = temporaryDirectory(t);
    const other = sqliteState({ directory: otherDirectory }, QUICK);
    const ended = session();
    await other.sessions.terminate(ended);
    await other.close();
    for (const name of readdirSync(directory)) rmSync(join(directory, name));
    renameSync(join(otherDirectory, 'state.db'), join(directory, 'state.db'));
    await eventually(async () => (await state.sessions.read(ended)).terminated);
    await eventually(isWell(state));
    await write(state);
  });

  test('that is damaged is reported, and not tried all the time', async t => {
    const sqlite = new FaultySqlite(t);
    const { state, directory } = await furnished(t);
    writeFileSync(join(directory, 'garbage'), 'garbage '.repeat(10_000));
    for (const name of ['state.db', 'state.db-wal', 'state.db-shm']) rmSync(join(directory, name));
    renameSync(join(directory, 'garbage'), join(directory, 'state.db'));
    await assert.rejects(() => write(state), unavailable(/damaged or no SQLite database/));
    const opened = sqlite.opened.length;
    const failures = await Promise.allSettled(Array.from({ length: 100 }, () => write(state)));
    await new Promise(resolve => setTimeout(resolve, 3 * QUICK.checkMs));
    assert.ok(failures.every(({ status }) => status === 'rejected'));
    assert.ok(sqlite.opened.length - opened <= 6, `${sqlite.opened.length - opened} attempts`);
    await ill(state, /damaged/);
    const startsOnIt = () => sqliteState({ directory }, QUICK);
    assert.throws(startsOnIt, unavailable(/damaged/));
    rmSync(join(directory, 'state.db'));
    await eventually(isWell(state));
    await write(state);
  });

  test('that can only be read refuses writes, serves reads, and recovers', async t => {
    const sqlite = new FaultySqlite(t);
    const { state, serves } = await furnished(t);
    sqlite.setup = 'PRAGMA query_only = ON';
    sqlite.exec(sqlite.setup);
    await assert.rejects(() => write(state), unavailable(/it is read-only/));
    await ill(state, /it is read-only/);
    await serves();
    sqlite.setup = '';
    await eventually(isWell(state));
    await write(state);
  });
});

test('a directory that may not be written is refused when the server starts', t => {
  if (process.platform === 'win32') return t.skip('no such permissions');
  const parent = temporaryDirectory(t);
  chmodSync(parent, 0o755);
  mkdirSync(join(parent, 'read-only'));
  chmodSync(join(parent, 'read-only'), 0o555);
  mkdirSync(join(parent, 'writable'));
  chmodSync(join(parent, 'writable'), 0o777);
  // As a user without rights, if this one has them all.
  const program = `
    import { sqliteState } from ${JSON.stringify(new URL('../../src/state/sqlite/state.ts', import.meta.url).href)};
    if (process.getuid() === 0) process.setuid(65534);
    for (const name of ['read-only', 'writable']) {
      try {
        sqliteState({ directory: process.argv[1] + '/' + name });
        console.log(name, 'opened');
      } catch (error) {
        console.log(name, error.code, error.details.why);
      }
    }`;
  const flags = ['--conditions=@slipway/source', '--disable-warning=ExperimentalWarning', '--input-type=module'];
  const args = [...flags, '--eval', program, '--', parent];
  const said = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(said, 'read-only SLIP_STATE_DIRECTORY permission is denied\nwritable opened\n');
});

describe('releases that share a store', () => {
  const newer = (minReader: number) => [
    ...MIGRATIONS,
    { minReader, sql: 'CREATE TABLE extra (id INTEGER); ALTER TABLE sessions ADD COLUMN note TEXT' },
  ];

  function opened(t: TestContext, directory: string, migrations = MIGRATIONS): Store {
    const store = new Store(directory, QUICK, migrations);
    t.after(() => store.close(() => {}));
    return store;
  }

  const version = (store: Store): string =>
    store.read(c => c.get<{ value: string }>("SELECT value FROM meta WHERE key = 'schema_version'")!.value);

  test('work together when the newer one only added to the schema', async t => {
    const { state, directory, serves } = await furnished(t);
    const next = opened(t, directory, newer(1));
    assert.equal(version(next), String(MIGRATIONS.length + 1));
    await serves();
    await write(state);
    await state.sessions.setLogLevel(session(), 'info');
    await next.write(c => c.run('INSERT INTO extra (id) VALUES (1)'));
    await next.write(c => c.run("UPDATE sessions SET note = 'n'"));
    await new Promise(resolve => setTimeout(resolve, 2 * QUICK.checkMs));
    assert.deepEqual(state.health(), { ok: true });
    const old = open(t, directory);
    await write(old);
    assert.equal(version(next), String(MIGRATIONS.length + 1), 'an old one does not go back');
  });

  test('bring what an older one has written along, and count what it goes on writing', async t => {
    const directory = temporaryDirectory(t);
    const old = opened(t, directory, MIGRATIONS.slice(0, 1));
    const one = session();
    const ended = session();
    const addSession = 'INSERT INTO sessions (key, issued_at, expires_at, terminated) VALUES (?, ?, ?, ?)';
    const subscribe = 'INSERT INTO subscriptions (session, uri, weight) VALUES (?, ?, ?)';
    const say = "INSERT INTO bus (at, event) VALUES (?, '{}')";
    await old.write(c => {
      c.run(addSession, one.key, one.issuedAt, one.expiresAt, 0);
      c.run(addSession, ended.key, ended.issuedAt, ended.expiresAt, 1);
      for (let index = 0; index < 999; index++) c.run(subscribe, one.key, `"${index}"`, 1);
      for (let index = 0; index < 3; index++) c.run(say, Date.now());
      c.run('DELETE FROM bus WHERE id = 1');
    });
    const state = open(t, directory);
    const log = state.bus.cursor.split('-')[0];
    assert.equal(await state.bus.read(`${log}-0`, 10), undefined);
    assert.equal((await state.bus.read(`${log}-1`, 10))?.length, 2);
    assert.equal((await state.sessions.read(one)).subscriptions.length, 999);
    assert.equal((await state.sessions.read(ended)).terminated, true);
    await old.write(c => c.run(subscribe, one.key, '"more"', 1));
    assert.equal((await state.sessions.read(one)).subscriptions.at(-1), 'more');
    await assert.rejects(async () => state.sessions.subscribe(one, 'x'), { code: 'SLIP_SUBSCRIPTION_LIMIT' });
    await old.write(c => c.run('UPDATE sessions SET terminated = 1 WHERE key = ?', one.key));
    assert.equal((await state.sessions.read(one)).terminated, true);
    const count = 'SELECT ended FROM session_usage';
    assert.equal(
      old.read(c => c.get<{ ended: number }>(count)!.ended),
      2,
    );
  });

  test('do not when the newer one says so', async t => {
    const { state, directory } = await furnished(t);
    opened(t, directory, newer(MIGRATIONS.length + 1));
    await ill(state, /newer release/);
    await assert.rejects(() => write(state), unavailable(/newer release/));
    assert.throws(() => sqliteState({ directory }, QUICK), { code: 'SLIP_STORE_TOO_NEW' });
  });

  test('may come at the same moment: one migrates, the others wait', async t => {
    for (let round = 0; round < 3; round++) {
      const directory = temporaryDirectory(t);
      const peers = Array.from({ length: 4 }, () => new Peer(t));
      await Promise.all(peers.map(peer => peer.do('heard')));
      await Promise.all(peers.map(peer => peer.do('open', directory)));
      await Promise.all(peers.map((peer, index) => peer.do('publish', `${index}`, 3)));
      for (const peer of peers) assert.deepEqual(await peer.do('health'), { ok: true });
      const store = opened(t, directory);
      assert.equal(
        store.read(c => c.get<{ n: number }>('SELECT count(*) AS n FROM bus')!.n),
        16,
      );
      assert.equal(version(store), String(MIGRATIONS.length));
      await Promise.all(peers.map(peer => peer.kill()));
    }
  });

  test('one that waits for the lock of a migration finds it done', async t => {
    const directory = temporaryDirectory(t);
    const first = opened(t, directory);
    const peer = new Peer(t);
    await first.write(c => c.run("UPDATE meta SET value = value WHERE key = 'min_reader'"));
    const other = new Connection(join(directory, 'state.db'));
    t.after(() => other.close());
    other.run("UPDATE meta SET value = '0' WHERE key = 'schema_version'");
    other.begin();
    other.run('UPDATE meta SET value = ? WHERE key = ?', String(MIGRATIONS.length), 'schema_version');
    const opening = peer.do('open', directory);
    await new Promise(resolve => setTimeout(resolve, 200));
    other.commit();
    await opening;
  });

  test('a file of something else is refused', t => {
    const directory = temporaryDirectory(t);
    const other = new Connection(join(directory, 'state.db'));
    other.script('CREATE TABLE meta (key TEXT, value TEXT)');
    other.close();
    assert.throws(() => sqliteState({ directory }, QUICK), unavailable(/was not made by Slipway/));
  });
});
