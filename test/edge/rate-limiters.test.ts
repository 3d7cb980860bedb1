// The library's own methods work over a LimitStore too: what it can do (penalties, blocks) is there when it is needed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RateLimiterStoreAbstract } from 'rate-limiter-flexible';
import { limitersIn } from '../../src/host/rate-limiters.ts';
import { MemoryLimitStore } from '../../src/state/memory/limit-store.ts';
import { parseRate } from '../../src/transport/http/rate.ts';

const libraryOf = (store: MemoryLimitStore) =>
  limitersIn(store)('principal', parseRate('5/1m')!) as unknown as RateLimiterStoreAbstract;

test('consume, get, penalty, reward, block and delete', async () => {
  const store = new MemoryLimitStore();
  const limiter = libraryOf(store);
  assert.equal((await limiter.consume('a', 2)).remainingPoints, 3);
  assert.equal((await limiter.penalty('a', 2)).consumedPoints, 4);
  assert.equal((await limiter.reward('a', 1)).consumedPoints, 3);
  assert.equal((await limiter.get('a'))?.consumedPoints, 3);
  await assert.rejects(limiter.consume('a', 3), { consumedPoints: 6 });
  await limiter.delete('a');
  assert.equal((await limiter.consume('a', 1)).consumedPoints, 1);
  await limiter.block('a', 30);
  await assert.rejects(limiter.consume('a', 1), ({ msBeforeNext }) => msBeforeNext > 25_000 && msBeforeNext <= 30_000);
});

test('the two ways to count are one count', async () => {
  const limiter = limitersIn(new MemoryLimitStore())('tool', parseRate('2/1m')!);
  const library = limiter as unknown as RateLimiterStoreAbstract;
  assert.equal(limiter.use('a', 1), 0);
  assert.equal((await library.consume('a')).consumedPoints, 2);
  assert.ok((await limiter.use('a', 1)) > 55_000);
  await assert.rejects(library.consume('a'));
});

test('scopes do not mix', () => {
  const limiters = limitersIn(new MemoryLimitStore());
  const rate = parseRate('1/1m')!;
  assert.equal(limiters('address', rate).use('a', 1), 0);
  assert.equal(limiters('principal', rate).use('a', 1), 0);
  assert.notEqual(limiters('address', rate).use('a', 1), 0);
});
