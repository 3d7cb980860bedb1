// What every driver of the state contracts has to do, run on each of them.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { BusEntry, BusEvent } from '../../src/state/bus.ts';
import type { EventStore, StreamPart } from '../../src/state/event-store.ts';
import type { Retention } from '../../src/state/retention.ts';
import type { SessionRef } from '../../src/state/session-store.ts';
import type { State } from '../../src/state/state.ts';
import { eventually } from './eventually.ts';

export interface Driver {
  readonly name: string;
  readonly durable: boolean;
  /** A new, empty store, closed after the test. */
  open(t: TestContext, retention?: Retention): State;
}

let sessions = 0;

export function session(issuedAt = Date.now()): SessionRef {
  return { key: `session-${++sessions}`, issuedAt, expiresAt: Date.now() + 3_600_000 };
}

export function changed(uri: string): BusEvent {
  return { kind: 'change', event: { kind: 'resource_updated', uri } };
}

/** What the log entries say, in short. */
export function uris(entries: readonly BusEntry[] | undefined): string[] | undefined {
  return entries?.map(({ event }) =>
    event.kind === 'change' && event.event.kind === 'resource_updated' ? event.event.uri : event.kind,
  );
}

/** All parts of a stream as one; what is said of the last part is said of it. */
export async function readWhole(events: EventStore, stream: string, after = 0): Promise<StreamPart | undefined> {
  let part = await events.read(stream, after);
  const all = [...(part?.events ?? [])];
  while (part?.more === true && !part.trimmed) {
    part = await events.read(stream, all.at(-1)!.seq);
    all.push(...(part?.events ?? []));
  }
  return part && { ...part, events: all };
}

export function stateContract(driver: Driver): void {
  describe(`${driver.name}: sessions`, () => {
    test('are fresh until something is written, and then remember it', async t => {
      const { sessions } = driver.open(t);
      const one = session();
      const other = session();
      assert.deepEqual(await sessions.read(one), { terminated: false, logLevel: undefined, subscriptions: [] });
      await sessions.setLogLevel(one, 'warning');
      await sessions.setLogLevel(one, 'debug');
      for (const uri of ['file:///b', 'file:///a', 'file:///b', 'file:///c']) await sessions.subscribe(one, uri);
      await sessions.unsubscribe(one, 'file:///a');
      await sessions.unsubscribe(one, 'file:///never');
      const subscriptions = ['file:///b', 'file:///c'];
      assert.deepEqual(await sessions.read(one), { terminated: false, logLevel: 'debug', subscriptions });
      assert.deepEqual(await sessions.read(other), { terminated: false, logLevel: undefined, subscriptions: [] });
    });

    test('stay terminated whatever is written after that', async t => {
      const { sessions } = driver.open(t);
      const one = session();
      const other = session();
      await sessions.subscribe(one, 'file:///a');
      await sessions.terminate(one);
      await sessions.terminate(one);
      await sessions.setLogLevel(one, 'info');
      await sessions.subscribe(one, 'file:///b');
      await sessions.unsubscribe(one, 'file:///a');
      assert.deepEqual(await sessions.read(one), { terminated: true, logLevel: undefined, subscriptions: [] });
      assert.equal((await sessions.read(other)).terminated, false);
    });

    test('take URIs of any characters', async t => {
      const { sessions } = driver.open(t);
      const one = session();
      const odd = ['a\0b', 'a', '\ud800', '\u{1f600}', "'; DROP TABLE sessions; --", ''];
      for (const uri of odd) await sessions.subscribe(one, uri);
      assert.deepEqual((await sessions.read(one)).subscriptions, odd);
      for (const uri of odd) await sessions.unsubscribe(one, uri);
      assert.deepEqual((await sessions.read(one)).subscriptions, []);
    });

    test('take a thousand subscriptions, fewer of long URIs, and none beyond', async t => {
      const { sessions } = driver.open(t);
      const one = session();
      const other = session();
      const limit = { code: 'SLIP_SUBSCRIPTION_LIMIT' };
      await Promise.all(Array.from({ length: 1_000 }, async (_, index) => sessions.subscribe(one, `file:///${index}`)));
      await assert.rejects(async () => sessions.subscribe(one, 'file:///more'), limit);
      await sessions.subscribe(one, 'file:///7'); // Known already.
      await sessions.unsubscribe(one, 'file:///7');
      await sessions.subscribe(one, 'file:///more');
      assert.equal((await sessions.read(one)).subscriptions.length, 1_000);
      await assert.rejects(async () => sessions.subscribe(other, 'x'.repeat(256_000)), limit);
      assert.deepEqual(await sessions.read(other), { terminated: false, logLevel: undefined, subscriptions: [] });
    });
  });

  describe(`${driver.name}: event streams`, () => {
    test('give back what was appended, from any event on', async t => {
      const { events } = driver.open(t);
      await events.append('one', 1, '', false);
      await events.append('one', 2, '{"n":2}', false);
      await events.append('other', 1, '{"other":true}', true);
      const rest = [{ seq: 2, message: '{"n":2}' }];
      const open = { more: false, ended: false, orphaned: false, trimmed: false };
      assert.deepEqual(await events.read('one', 0), { events: [{ seq: 1, message: '' }, ...rest], ...open });
      assert.deepEqual(await events.read('one', 1), { events: rest, ...open });
      assert.deepEqual(await events.read('one', 2), { events: [], ...open });
      await events.append('one', 3, 'end', true);
      const end = [{ seq: 3, message: 'end' }];
      assert.deepEqual(await events.read('one', 2), { events: end, ...open, ended: true });
      assert.deepEqual(await events.read('one', 3), { events: [], ...open, ended: true });
      assert.equal(await events.read('none', 0), undefined);
    });

    test('keep the order of appends that nobody waited for', async t => {
      const { events } = driver.open(t);
      const count = 1_000;
      const appended = Array.from({ length: count }, (_, index) =>
        events.append('one', index + 1, `${index + 1}`, index + 1 === count),
      );
      await Promise.all(appended);
      const part = await readWhole(events, 'one');
      assert.deepEqual(
        part?.events.map(event => event.message),
        Array.from({ length: count }, (_, index) => `${index + 1}`),
      );
      assert.equal(part?.ended, true);
      assert.equal(part?.trimmed, false);
    });

    test('carry large messages and all of Unicode', async t => {
      const { events } = driver.open(t);
      const message = JSON.stringify({ text: '\u{1f600}\0\ud800é'.repeat(50_000) });
      await events.append('one', 1, message, true);
      assert.equal((await events.read('one', 0))?.events[0]?.message, message);
    });

    test('come in parts, the last of which says how the stream goes on', async t => {
      const { events } = driver.open(t);
      const count = 450;
      for (let seq = 1; seq <= count; seq++) await events.append('many', seq, `${seq}`, seq === count);
      const first = await events.read('many', 0);
      assert.deepEqual([first?.events.length, first?.more, first?.ended, first?.trimmed], [200, true, false, false]);
      const last = await events.read('many', 400);
      assert.deepEqual([last?.events.length, last?.more, last?.ended, last?.trimmed], [50, false, true, false]);
      assert.deepEqual([(await events.read('many', 250))?.events.length, 250 + 200], [200, count]);
      assert.equal((await events.read('many', 250))?.more, false, 'just as many as a part has');
      assert.equal((await readWhole(events, 'many'))?.events.length, count);
      for (let seq = 1; seq <= 4; seq++) await events.append('large', seq, 'x'.repeat(600_000), seq === 4);
      assert.deepEqual(
        (await events.read('large', 0))?.events.map(({ seq }) => seq),
        [1],
      );
      assert.equal((await readWhole(events, 'large'))?.events.length, 4);
      await events.append('huge', 1, 'x'.repeat(3_000_000), true);
      assert.equal((await events.read('huge', 0))?.ended, true, 'one event at least');
    });

    test('say of each part whether something is missing', async t => {
      const { events } = driver.open(t, { maxEventsPerStream: 300 });
      for (let seq = 1; seq <= 350; seq++) await events.append('one', seq, `${seq}`, false);
      assert.equal((await events.read('one', 0))?.trimmed, true);
      assert.equal((await events.read('one', 49))?.trimmed, true);
      assert.deepEqual([(await events.read('one', 50))?.trimmed, (await events.read('one', 50))?.more], [false, true]);
      assert.equal((await readWhole(events, 'one', 50))?.trimmed, false);
    });

    test('say that something is missing rather than leave it out', async t => {
      const { events } = driver.open(t, { maxEventsPerStream: 3 });
      for (let seq = 1; seq <= 5; seq++) await events.append('one', seq, `${seq}`, false);
      const kept = [3, 4, 5].map(seq => ({ seq, message: `${seq}` }));
      assert.deepEqual(await events.read('one', 1), {
        events: kept,
        more: false,
        ended: false,
        orphaned: false,
        trimmed: true,
      });
      assert.equal((await events.read('one', 2))?.trimmed, false);
      assert.equal((await events.read('one', 6))?.trimmed, true, 'an event that never was');
      await events.append('gap', 1, '1', false);
      await events.append('gap', 3, '3', false);
      assert.equal((await events.read('gap', 0))?.trimmed, true);
      assert.equal((await events.read('gap', 2))?.trimmed, false);
    });

    test('take an event once, and none after the end', async t => {
      const { events } = driver.open(t);
      await events.append('one', 1, 'first', false);
      await events.append('one', 1, 'again', false);
      await events.append('one', 2, 'end', true);
      await Promise.resolve(events.append('one', 3, 'late', false)).catch(() => {});
      const expected = [
        { seq: 1, message: 'first' },
        { seq: 2, message: 'end' },
      ];
      assert.deepEqual((await events.read('one', 0))?.events, expected);
    });

    test('are not closed by others while their process lives, nor twice', async t => {
      const { events } = driver.open(t);
      await events.append('one', 1, 'first', false);
      await events.close('one', 'closed');
      assert.equal((await events.read('one', 0))?.ended, false);
      await events.append('one', 2, 'end', true);
      await events.close('one', 'closed');
      await events.close('none', 'closed');
      assert.equal((await events.read('one', 0))?.events.at(-1)?.message, 'end');
      assert.equal(await events.read('none', 0), undefined);
    });

    test('wake those who watch, and only those', async t => {
      const { events } = driver.open(t);
      const woken: string[] = [];
      await events.append('one', 1, '1', false);
      const stop = events.watch('one', () => woken.push('first'));
      events.watch('one', () => woken.push('second'));
      events.watch('other', () => woken.push('other'));
      await events.append('one', 2, '2', false);
      assert.ok(woken.includes('first') && woken.includes('second'));
      stop();
      stop();
      await new Promise(resolve => setTimeout(resolve, 60)); // What is still on its way to the others.
      woken.length = 0;
      await events.append('one', 3, '3', true);
      assert.ok(woken.includes('second'));
      assert.ok(!woken.includes('first') && !woken.includes('other'));
    });

    test('are forgotten some time after their end, open ones are not', async t => {
      const { events } = driver.open(t, { eventTtlMs: 80 });
      await events.append('ended', 1, 'x', true);
      await events.append('open', 1, 'x', false);
      assert.ok(await events.read('ended', 0));
      await eventually(async () => (await events.read('ended', 0)) === undefined);
      assert.equal((await events.read('open', 0))?.events.length, 1);
    });
  });

  describe(`${driver.name}: mailbox`, () => {
    test('hands letters to the one who awaits them, in order', async t => {
      const { mailbox } = driver.open(t);
      const one: string[] = [];
      const other: string[] = [];
      const stop = await mailbox.open('one', letter => one.push(letter));
      await mailbox.open('other', letter => other.push(letter));
      assert.equal(await mailbox.deliver('nobody', 'lost'), false);
      for (const letter of ['a', 'b', 'c\0\ud800']) assert.equal(await mailbox.deliver('one', letter), true);
      assert.equal(await mailbox.deliver('other', 'x'), true);
      await eventually(() => one.length >= 3 && other.length >= 1);
      assert.deepEqual([one, other], [['a', 'b', 'c\0\ud800'], ['x']]);
      stop();
      stop();
      assert.equal(await mailbox.deliver('one', 'late'), false);
      assert.equal(await mailbox.deliver('other', 'y'), true);
      await eventually(() => other.length === 2);
      assert.deepEqual(one, ['a', 'b', 'c\0\ud800']);
    });

    test('calls nobody before the opening is done', async t => {
      const { mailbox } = driver.open(t);
      const order: string[] = [];
      const opening = mailbox.open('one', letter => order.push(letter));
      const delivered = mailbox.deliver('one', 'first');
      await opening;
      order.push('open');
      await delivered;
      await mailbox.deliver('one', 'second');
      await eventually(() => order.includes('second'));
      if (opening instanceof Promise) assert.equal(order[0], 'open');
      assert.ok(order.indexOf('second') === order.length - 1);
    });

    test('survives a receiver that throws', async t => {
      const { mailbox } = driver.open(t);
      const letters: string[] = [];
      const warnings: Error[] = [];
      const warned = (warning: Error): void => void warnings.push(warning);
      process.on('warning', warned);
      t.after(() => process.off('warning', warned));
      await mailbox.open('one', letter => {
        letters.push(letter);
        throw new Error('receiver');
      });
      assert.equal(await mailbox.deliver('one', 'a'), true);
      assert.equal(await mailbox.deliver('one', 'b'), true);
      await eventually(() => letters.length === 2 && warnings.length === 2);
      assert.equal(warnings[0]?.message, 'receiver');
    });
  });

  describe(`${driver.name}: bus`, () => {
    test('tells every listener everything, in one order, before publish is done', async t => {
      const { bus } = driver.open(t);
      const first: BusEntry[] = [];
      const second: BusEntry[] = [];
      const stop = bus.subscribe(entry => first.push(entry));
      bus.subscribe(entry => second.push(entry));
      const cursor = await bus.publish(changed('a'));
      assert.deepEqual([uris(first), uris(second)], [['a'], ['a']]);
      assert.equal(first[0]?.cursor, cursor);
      assert.equal(bus.cursor, cursor);
      assert.match(cursor, /^[A-Za-z0-9-]{1,64}$/);
      stop();
      stop();
      await Promise.all(['b', 'c', 'd'].map(async uri => bus.publish(changed(uri))));
      assert.deepEqual(uris(first), ['a']);
      assert.deepEqual(uris(second), ['a', 'b', 'c', 'd']);
    });

    test('keeps one order when a listener publishes', async t => {
      const { bus } = driver.open(t);
      const first: BusEntry[] = [];
      const second: BusEntry[] = [];
      bus.subscribe(entry => {
        first.push(entry);
        if (first.length <= 2) void bus.publish(changed(`answer ${first.length}`));
      });
      bus.subscribe(entry => second.push(entry));
      await bus.publish(changed('a'));
      await eventually(() => second.length === 3);
      assert.deepEqual(uris(first), ['a', 'answer 1', 'answer 2']);
      assert.deepEqual(second, first);
    });

    test('carries every kind of event unchanged', async t => {
      const { bus } = driver.open(t);
      const heard: BusEvent[] = [];
      bus.subscribe(({ event }) => heard.push(event));
      const sent: BusEvent[] = [
        { kind: 'change', event: { kind: 'tools_list_changed' } },
        { kind: 'message', session: 's', message: '{"a":"\u{1f600}"}' },
        { kind: 'log', params: { level: 'info', logger: 'l', data: { deep: [1, null, 'x'] } } },
        { kind: 'session', session: 's', change: { type: 'claimed', claim: 'c' } },
        { kind: 'cancel', session: 's', request: '"1"', reason: 'r' },
      ];
      for (const event of sent) await bus.publish(event);
      assert.deepEqual(heard, sent);
    });

    test('reads on from a cursor, and says when that is not possible', async t => {
      const { bus } = driver.open(t);
      const start = bus.cursor;
      assert.deepEqual(await bus.read(start, 10), []);
      const cursors: string[] = [];
      for (const uri of ['a', 'b', 'c']) cursors.push(await bus.publish(changed(uri)));
      assert.deepEqual(uris(await bus.read(start, 10)), ['a', 'b', 'c']);
      assert.deepEqual(uris(await bus.read(cursors[0]!, 1)), ['b']);
      assert.deepEqual(uris(await bus.read(cursors[2]!, 10)), []);
      const log = start.slice(0, start.lastIndexOf('-'));
      for (const strange of ['', 'x', `${log}-4`, `${log}--1`, `${log}-1e0`, `${log}-1.5`, 'ffff-1', `${log}`]) {
        assert.equal(await bus.read(strange, 10), undefined, strange);
      }
    });

    test('keeps as many entries as it was told', async t => {
      const { bus } = driver.open(t, { maxBusEntries: 5 });
      const start = bus.cursor;
      const cursors: string[] = [];
      for (let index = 0; index < 12; index++) cursors.push(await bus.publish(changed(`${index}`)));
      await eventually(async () => (await bus.read(start, 100)) === undefined);
      assert.deepEqual(uris(await bus.read(cursors[6]!, 100)), ['7', '8', '9', '10', '11']);
      assert.equal(await bus.read(cursors[5]!, 100), undefined);
    });

    test('entries of processes push out none that streams are resumed from, and are bounded too', async t => {
      const { bus } = driver.open(t, { maxBusEntries: 5 });
      const start = bus.cursor;
      await bus.publish(changed('a'));
      const control: BusEvent[] = [
        { kind: 'session', session: 's', change: { type: 'claimed', claim: 'c' } },
        { kind: 'cancel', session: 's', request: '1' },
        { kind: 'resumed', stream: 's', claim: 'c' },
      ];
      for (let index = 0; index < 30; index++) await bus.publish(control[index % 3]!);
      const last = await bus.publish(changed('b'));
      await eventually(async () => (await bus.read(start, 100))?.length === 7);
      const kept = ['a', 'cancel', 'resumed', 'session', 'cancel', 'resumed', 'b'];
      assert.deepEqual(uris(await bus.read(start, 100)), kept);
      assert.deepEqual(uris(await bus.read(start, 3)), kept.slice(0, 3), 'in order, page by page');
      const page = await bus.read(start, 3);
      assert.deepEqual(uris(await bus.read(page!.at(-1)!.cursor, 100)), kept.slice(3));
      assert.deepEqual(await bus.read(last, 100), []);
      for (let index = 0; index < 5; index++) await bus.publish(changed(`${index}`));
      await eventually(async () => (await bus.read(start, 100)) === undefined);
      assert.deepEqual(uris(await bus.read(last, 100)), ['0', '1', '2', '3', '4']);
    });

    test('keeps entries as long as it was told', async t => {
      const { bus } = driver.open(t, { busTtlMs: 80 });
      const start = bus.cursor;
      const cursor = await bus.publish(changed('a'));
      assert.deepEqual(uris(await bus.read(start, 10)), ['a']);
      await eventually(async () => (await bus.read(start, 10)) === undefined);
      assert.deepEqual(await bus.read(cursor, 10), [], 'nothing is missing after the last one');
      assert.deepEqual(bus.cursor, cursor);
      await bus.publish(changed('b'));
      assert.deepEqual(uris(await bus.read(cursor, 10)), ['b']);
    });
  });

  describe(`${driver.name}: as a whole`, () => {
    test('is well, and says whether it lasts', t => {
      const state = driver.open(t);
      assert.deepEqual(state.health(), { ok: true });
      assert.equal(state.durable, driver.durable);
    });

    test('refuses retention that makes no sense', t => {
      for (const eventTtlMs of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        assert.throws(() => driver.open(t, { eventTtlMs }), { code: 'SLIP_INVALID_OPTION' });
      }
    });
  });
}
