import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Sweeper, Swept } from '../../src/transport/http/sweeper.ts';

/** Something in flight that is as large as a small request. */
class Thing extends Swept {
  readonly name: string;
  readonly onSweep: (() => void) | undefined;
  readonly load = new Array<number>(250).fill(0);

  constructor(name: string, onSweep?: () => void) {
    super();
    this.name = name;
    this.onSweep = onSweep;
  }

  sweep(): void {
    this.onSweep?.();
  }
}

const namesIn = (sweeper: Sweeper) => [...sweeper].map(one => (one as Thing).name).join('');

test('what is in flight is kept in its order, whatever leaves', () => {
  const sweeper = new Sweeper(60_000);
  const things = [...'abcde'].map(name => new Thing(name));
  for (const thing of things) sweeper.add(thing);
  sweeper.add(things[0]!);
  assert.deepEqual([namesIn(sweeper), sweeper.size], ['abcde', 5]);
  const [a, , c, , e] = things as [Thing, Thing, Thing, Thing, Thing];
  for (const [thing, left] of [
    [c, 'abde'],
    [a, 'bde'],
    [e, 'bd'],
  ] as const) {
    assert.equal(sweeper.delete(thing), true);
    assert.equal(sweeper.delete(thing), false);
    assert.deepEqual([namesIn(sweeper), sweeper.size], [left, left.length]);
  }
  sweeper.add(a);
  assert.equal(namesIn(sweeper), 'bda');
  for (const thing of things) sweeper.delete(thing);
  assert.deepEqual([namesIn(sweeper), sweeper.size], ['', 0]);
});

test('what leaves while all are looked at is left out, and what comes then is looked at next time', async () => {
  const sweeper = new Sweeper(40);
  const seen: string[] = [];
  const c = new Thing('c', () => seen.push('c'));
  const late = new Thing('late', () => {
    seen.push('late');
    sweeper.delete(late);
  });
  const b = new Thing('b', () => {
    seen.push('b');
    sweeper.delete(b);
    sweeper.delete(c);
    sweeper.add(late);
  });
  for (const thing of [b, c]) sweeper.add(thing);
  const begun = performance.now();
  while (sweeper.size > 0 && performance.now() - begun < 5_000) await new Promise(resolve => setTimeout(resolve, 5));
  assert.deepEqual(seen, ['b', 'late']);
});

test('what has left is not kept in memory by what came after it', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { type: 'major' | 'minor' }) => void;
  const sweeper = new Sweeper(60_000);
  const inFlight: Thing[] = [];
  const pass = (count: number) => {
    for (let index = 0; index < count; index++) {
      const thing = new Thing('request');
      sweeper.add(thing);
      inFlight.push(thing);
      if (inFlight.length > 32) sweeper.delete(inFlight.shift()!);
    }
  };
  pass(100);
  collect({ type: 'major' });
  const before = process.memoryUsage().heapUsed;
  pass(100_000); // 200 MB, of which 32 are in flight.
  collect({ type: 'minor' });
  collect({ type: 'minor' });
  const kept = (process.memoryUsage().heapUsed - before) / 2 ** 20;
  assert.ok(kept < 4, `${kept.toFixed(1)} MB were kept`);
  for (const thing of inFlight) sweeper.delete(thing);
});
