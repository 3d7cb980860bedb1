// The driver in memory: the contract, and what only it has to do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MemoryEventStore } from '../../src/state/memory/event-store.ts';
import { MemorySessionStore } from '../../src/state/memory/session-store.ts';
import { memoryState } from '../../src/state/memory/state.ts';
import { resolveRetention } from '../../src/state/retention.ts';
import { changed, session, stateContract } from './contract.ts';

stateContract({ name: 'memory', durable: false, open: (_t, retention) => memoryState(retention) });

describe('memory: bounds', () => {
  test('a termination that had to be forgotten ends everything as old, and nothing younger', () => {
    const store = new MemorySessionStore(100, 100);
    const ended = session(1_000);
    store.terminate(ended);
    const old = session(1_001);
    store.setLogLevel(old, 'info');
    for (let index = 0; index < 100; index++) store.terminate(session(2_000 + index));
    assert.equal(store.read(ended).terminated, true);
    assert.equal(store.read(old).terminated, true);
    assert.equal(store.read(session(999)).terminated, true, 'never seen, but as old');
    const young = session(5_000);
    assert.equal(store.read(young).terminated, false);
    store.setLogLevel(young, 'debug');
    assert.equal(store.read(young).logLevel, 'debug');
    const tooOld = session(500);
    store.setLogLevel(tooOld, 'debug');
    assert.equal(store.read(tooOld).terminated, true);
  });

  test('levels and subscriptions that had to be forgotten end nobody', () => {
    const store = new MemorySessionStore(100, 100);
    const ended = session(1_000);
    store.terminate(ended);
    const modest = session(1_001);
    store.setLogLevel(modest, 'info');
    const flood = Array.from({ length: 50 }, (_, index) => session(2_000 + index));
    for (const one of flood) for (let uri = 0; uri < 40; uri++) store.subscribe(one, `file:///${uri}`);
    assert.equal(store.read(ended).terminated, true);
    assert.equal(store.read(modest).logLevel, 'info', 'who has most loses it first');
    assert.ok(flood.every(one => !store.read(one).terminated));
    assert.ok(flood.some(one => store.read(one).subscriptions.length === 0));
    for (let index = 0; index < 200; index++) store.setLogLevel(session(3_000 + index), 'info');
    assert.deepEqual(store.read(modest), { terminated: false, logLevel: undefined, subscriptions: [] });
    store.setLogLevel(modest, 'debug');
    assert.equal(store.read(modest).logLevel, 'debug');
    assert.equal(store.read(ended).terminated, true);
  });

  test('expired sessions are forgotten first, and end nobody else', () => {
    const store = new MemorySessionStore(100, 100);
    for (let index = 0; index < 60; index++) {
      store.terminate({ key: `expired-${index}`, issuedAt: 3_000, expiresAt: Date.now() - 1 });
    }
    const old = session(1_000);
    store.setLogLevel(old, 'info');
    for (let index = 0; index < 60; index++) store.terminate(session(2_000));
    assert.equal(store.read(old).logLevel, 'info');
  });

  test('subscriptions count', () => {
    const store = new MemorySessionStore(100);
    const first = session(1);
    const second = session(2);
    for (let index = 0; index < 60; index++) store.subscribe(first, `file:///${index}`);
    for (let index = 0; index < 60; index++) store.subscribe(second, `file:///${index}`);
    assert.deepEqual(store.read(first), { terminated: false, logLevel: undefined, subscriptions: [] });
    assert.equal(store.read(second).subscriptions.length, 60);
  });

  test('of streams, ended ones go first, then the oldest lose their events', () => {
    const store = new MemoryEventStore(resolveRetention({ maxEventBytes: 10_000 }));
    const message = 'x'.repeat(2_000);
    store.append('open', 1, message, false);
    store.append('ended', 1, message, true);
    store.append('third', 1, message, false);
    assert.ok(store.read('ended', 0));
    store.append('fourth', 1, message, false);
    assert.equal(store.read('ended', 0), undefined);
    assert.equal(store.read('open', 0)?.trimmed, false);
    for (let seq = 2; seq <= 3; seq++) store.append('fourth', seq, message, false);
    const emptied = { events: [], more: false, ended: false, orphaned: false, trimmed: true };
    assert.deepEqual(store.read('open', 0), emptied);
    store.append('open', 2, 'y', true);
    assert.deepEqual(store.read('open', 1)?.events, [{ seq: 2, message: 'y' }]);
    store.append('huge', 1, 'x'.repeat(20_000), true);
    assert.equal(store.read('huge', 0), undefined);
  });
});

test('memory: nothing is a promise', () => {
  const state = memoryState();
  const one = session();
  const results = [
    state.sessions.read(one),
    state.sessions.setLogLevel(one, 'info'),
    state.sessions.subscribe(one, 'a'),
    state.sessions.unsubscribe(one, 'a'),
    state.sessions.terminate(one),
    state.events.append('s', 1, '', false),
    state.events.read('s', 0),
    state.events.close('s', ''),
    state.mailbox.open('a', () => {}),
    state.mailbox.deliver('a', ''),
    state.bus.publish(changed('a')),
    state.bus.read(state.bus.cursor, 1),
  ];
  assert.ok(results.every(result => !(result instanceof Promise)));
});

test('memory: the cursor of one process means nothing to the next', async () => {
  const before = memoryState().bus;
  const after = memoryState().bus;
  const cursor = await before.publish(changed('a'));
  await after.publish(changed('b'));
  assert.equal(await after.read(cursor, 10), undefined);
  assert.deepEqual(await before.read(cursor, 10), []);
});
