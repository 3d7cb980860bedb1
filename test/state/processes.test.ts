// Several processes on one store: what one writes, the others hear, in one order; what one leaves open when it dies,
// another closes.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { BusEntry } from '../../src/state/bus.ts';
import { Connection } from '../../src/state/sqlite/connection.ts';
import { processSpace, processStart } from '../../src/state/sqlite/process-identity.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import type { State } from '../../src/state/state.ts';
import { changed, readWhole, uris } from './contract.ts';
import { eventually } from './eventually.ts';
import { Peer } from './fixtures/peer.ts';
import { QUICK, temporaryDirectory } from './fixtures/store.ts';

async function peers(t: TestContext, directory: string, count: number): Promise<Peer[]> {
  return await Promise.all(Array.from({ length: count }, () => Peer.open(t, directory)));
}

function open(t: TestContext, directory: string): State {
  const state = sqliteState({ directory }, QUICK);
  t.after(() => state.close());
  return state;
}

describe('several processes', () => {
  test('begin together on a new store, and hear the same log in the same order', async t => {
    const all = await peers(t, temporaryDirectory(t), 4);
    await Promise.all(all.map((peer, index) => peer.do('publish', `p${index}`, 50)));
    const total = all.length * 51;
    await eventually(async () => {
      const counts = await Promise.all(all.map(async peer => (await peer.do('heard')).length));
      return counts.every(count => count >= total);
    });
    const [first, ...others] = await Promise.all(all.map(peer => peer.do('heard')));
    assert.equal(first!.length, total);
    assert.equal(new Set(first!.map(entry => entry.cursor)).size, total);
    for (const other of others) assert.deepEqual(other, first);
    for (const index of all.keys()) {
      const own = uris(first)!.filter(uri => uri.startsWith(`p${index}-`));
      const sent = [...Array.from({ length: 50 }, (_, n) => `p${index}-${n}`), `p${index}-last`];
      assert.deepEqual(own, sent, 'each in the order in which it was published');
    }
  });

  test('have heard whatever they read of the log', async t => {
    const directory = temporaryDirectory(t);
    const other = open(t, directory);
    // One that looks so seldom that only the reading can have told it.
    const reader = sqliteState({ directory }, { ...QUICK, pollMs: 60_000, renewMs: 60_000, pruneMs: 60_000 });
    t.after(() => reader.close());
    const begin = await reader.bus.publish(changed('begin'));
    const heard: BusEntry[] = [];
    reader.bus.subscribe(entry => heard.push(entry));
    await other.bus.publish(changed('a'));
    await other.bus.publish(changed('b'));
    assert.deepEqual(uris(heard), []);
    const read = await reader.bus.read(begin, 1);
    assert.deepEqual(uris(read), ['a']);
    assert.deepEqual(heard.slice(0, 1), read);
    assert.deepEqual(uris(heard), ['a', 'b']);
    assert.deepEqual(uris(await reader.bus.read(begin, 9)), ['a', 'b']);
    assert.equal(heard.length, 2, 'once each');
  });

  test('leave letters for each other', async t => {
    const [owner, sender, third] = await peers(t, temporaryDirectory(t), 3);
    assert.equal(await sender!.do('deliver', 'address', 'too early'), false);
    await owner!.do('await', 'address');
    const senders = [sender!, third!, owner!];
    for (let index = 0; index < 30; index++) {
      assert.equal(await senders[index % 3]!.do('deliver', 'address', `${index}`), true);
    }
    await eventually(async () => (await owner!.do('letters')).length >= 30);
    const expected = Array.from({ length: 30 }, (_, index) => `${index}`);
    assert.deepEqual(await owner!.do('letters'), expected);
    assert.deepEqual(await third!.do('letters'), []);
    await owner!.do('leave', 'address');
    await eventually(async () => !(await sender!.do('deliver', 'address', 'late')));
    await owner!.do('await', 'second');
    assert.equal(await sender!.do('deliver', 'second', 'x'), true);
    await owner!.kill();
    assert.equal(await sender!.do('deliver', 'second', 'to the dead'), false);
  });

  test('read on in streams of others, woken by each event', async t => {
    const [owner, reader] = await peers(t, temporaryDirectory(t), 2);
    await owner!.do('append', 'stream', 1, 'one', false);
    assert.deepEqual((await reader!.do('read', 'stream', 0))?.events, [{ seq: 1, message: 'one' }]);
    await reader!.do('watch', 'stream');
    await new Promise(resolve => setTimeout(resolve, 100)); // The first look at a stream may wake as well.
    const before = await reader!.do('woken');
    await owner!.do('append', 'stream', 2, 'two', true);
    await eventually(async () => (await reader!.do('woken')) > before, 2_000);
    const part = await reader!.do('read', 'stream', 1);
    const events = [{ seq: 2, message: 'two' }];
    assert.deepEqual(part, { events, more: false, ended: true, orphaned: false, trimmed: false });
  });

  test('hear within a second that a session was terminated', async t => {
    const [one, other] = await peers(t, temporaryDirectory(t), 2);
    assert.equal(await other!.do('isTerminated', 'key'), false);
    await one!.do('terminate', 'key');
    assert.equal(await other!.do('isTerminated', 'key'), true, 'at once, in fact');
    assert.equal(await other!.do('isTerminated', 'another'), false);
  });
});

describe('a process that dies', () => {
  test('leaves streams that one of several others closes, soon', async t => {
    const directory = temporaryDirectory(t);
    const [victim, survivor, ...closers] = await peers(t, directory, 5);
    await victim!.do('append', 'orphan', 1, 'one', false);
    await survivor!.do('append', 'alive', 1, 'one', false);
    const state = open(t, directory);
    let woken = 0;
    state.events.watch('orphan', () => woken++);
    await new Promise(resolve => setTimeout(resolve, 700)); // Longer than the lease: it lives.
    assert.equal((await state.events.read('orphan', 0))?.orphaned, false);
    const before = woken;
    await victim!.kill();
    await eventually(() => woken > before, 3_000);
    assert.equal((await state.events.read('orphan', 0))?.orphaned, true);
    assert.equal((await state.events.read('alive', 0))?.orphaned, false);
    await Promise.all(closers.map((closer, index) => closer.do('close', 'orphan', `closed by ${index}`)));
    await Promise.all(closers.map(closer => closer.do('close', 'alive', 'closed')));
    const part = await state.events.read('orphan', 0);
    assert.equal(part?.events.length, 2);
    assert.match(part?.events[1]?.message ?? '', /^closed by \d$/);
    assert.deepEqual([part?.ended, part?.orphaned, part?.trimmed], [true, false, false]);
    assert.equal((await state.events.read('alive', 0))?.ended, false);
  });

  test('or closes its store leaves streams to others at once', async t => {
    const directory = temporaryDirectory(t);
    const [leaver] = await peers(t, directory, 1);
    await leaver!.do('append', 'orphan', 1, 'one', false);
    const state = open(t, directory);
    assert.equal((await state.events.read('orphan', 0))?.orphaned, false);
    await leaver!.do('shut');
    assert.equal((await state.events.read('orphan', 0))?.orphaned, true);
  });

  test('loses nothing that was acknowledged', async t => {
    const directory = temporaryDirectory(t);
    for (let round = 0; round < 5; round++) {
      const peer = await Peer.open(t, directory);
      await peer.do('hammer', `stream ${round}`);
      await eventually(() => peer.acknowledged > 20 + 30 * round);
      await peer.kill();
      const state = sqliteState({ directory }, QUICK);
      const part = await readWhole(state.events, `stream ${round}`);
      await state.close();
      assert.ok(part !== undefined);
      assert.ok(part.events.length >= peer.acknowledged, `${part.events.length} of ${peer.acknowledged}`);
      assert.deepEqual(
        part.events.map(event => event.message),
        part.events.map((_, index) => `message ${index + 1}`),
      );
      assert.deepEqual([part.orphaned, part.trimmed], [true, false]);
    }
  });
});

describe('whether another process lives', () => {
  interface Row {
    readonly label?: string;
    readonly pid?: number;
    readonly started?: string | null;
    readonly aliveUntil?: number;
  }

  /** A store with a stream whose owner is described by `row`. */
  async function owned(t: TestContext, row: Row | undefined, directory = temporaryDirectory(t)): Promise<State> {
    const state = open(t, directory);
    await state.bus.publish({ kind: 'change', event: { kind: 'tools_list_changed' } });
    const connection = new Connection(`${directory}/state.db`);
    t.after(() => connection.close());
    connection.run("INSERT INTO streams (name, owner, last_seq, ended, touched) VALUES ('s', 'other', 0, 0, 1e15)");
    if (row !== undefined) {
      connection.run(
        "INSERT INTO processes (instance, label, pid, started, alive_until) VALUES ('other', ?, ?, ?, ?)",
        row.label ?? processSpace(),
        row.pid ?? process.pid,
        row.started === undefined ? (processStart(process.pid) ?? null) : row.started,
        row.aliveUntil ?? Date.now() - 60_000,
      );
    }
    return state;
  }

  const orphaned = async (state: State): Promise<boolean> => (await state.events.read('s', 0))!.orphaned;
  const linux = { skip: process.platform !== 'linux' };

  test('one that is not known does not', async t => {
    assert.equal(await orphaned(await owned(t, undefined)), true);
  });

  test('one that runs does, whatever the clock says of its lease', linux, async t => {
    const state = await owned(t, {});
    assert.equal(await orphaned(state), false);
    await new Promise(resolve => setTimeout(resolve, 12 * QUICK.renewMs));
    assert.equal(await orphaned(state), false);
  });

  test('one whose id another process has by now does not', linux, async t => {
    assert.equal(await orphaned(await owned(t, { started: '1' })), true);
  });

  test('one whose id nobody has does not', async t => {
    assert.equal(await orphaned(await owned(t, { pid: 2 ** 22 + 1 })), true);
  });

  test('elsewhere, its id says nothing: it is dead when its lease is over and it stays silent', async t => {
    const state = await owned(t, { label: 'elsewhere', pid: 2 ** 22 + 1 });
    assert.equal(await orphaned(state), false, 'perhaps the clock has jumped');
    await eventually(() => orphaned(state));
  });

  test('elsewhere, it lives as long as it renews its lease, though our clock be ahead', async t => {
    const directory = temporaryDirectory(t);
    const state = await owned(t, { label: 'elsewhere' }, directory);
    const connection = new Connection(`${directory}/state.db`);
    t.after(() => connection.close());
    for (let round = 0; round < 12; round++) {
      const renewed = "UPDATE processes SET alive_until = alive_until + 100 WHERE instance = 'other'";
      await eventually(() => connection.run(renewed) === 1);
      await new Promise(resolve => setTimeout(resolve, QUICK.renewMs));
      assert.equal(await orphaned(state), false);
    }
    await eventually(() => orphaned(state));
  });

  test('a thread of one that runs does only by its lease', linux, async t => {
    const state = await owned(t, { label: `${processSpace()} thread 7` });
    assert.equal(await orphaned(state), false, 'perhaps the clock has jumped');
    await eventually(() => orphaned(state));
  });

  test('a thread of one that has ended does not', async t => {
    assert.equal(await orphaned(await owned(t, { label: `${processSpace()} thread 7`, pid: 2 ** 22 + 1 })), true);
  });

  test('a worker thread that ended without closing its store does not', linux, async t => {
    const directory = temporaryDirectory(t);
    const state = open(t, directory);
    const program = `
      import { workerData, parentPort } from 'node:worker_threads';
      const { sqliteState } = await import(workerData.driver);
      const state = sqliteState({ directory: workerData.directory }, workerData.timing);
      await state.events.append('s', 1, '', false);
      parentPort.postMessage('written');
      setInterval(() => {}, 1_000);`;
    const driver = new URL('../../src/state/sqlite/state.ts', import.meta.url).href;
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), {
      workerData: { driver, directory, timing: QUICK },
    });
    await once(worker, 'message');
    await new Promise(resolve => setTimeout(resolve, 12 * QUICK.renewMs));
    assert.equal(await orphaned(state), false);
    await worker.terminate();
    await eventually(() => orphaned(state));
  });

  test('one that stands still does', linux, async t => {
    const directory = temporaryDirectory(t);
    const peer = await Peer.open(t, directory);
    await peer.do('append', 's', 1, 'one', false);
    const state = open(t, directory);
    peer.process.kill('SIGSTOP');
    await new Promise(resolve => setTimeout(resolve, 12 * QUICK.renewMs));
    assert.equal(await orphaned(state), false);
    await state.events.close('s', 'closed');
    peer.process.kill('SIGCONT');
    await peer.do('append', 's', 2, 'two', true);
    assert.equal((await state.events.read('s', 1))?.events[0]?.message, 'two');
  });
});
