import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertValidCacheHint } from '../../src/protocol/cache-hint.ts';
import { SlipwayError } from '../../src/protocol/coded-error.ts';

test('a cache hint that could not go on the wire is refused', () => {
  for (const hint of [{}, { ttlMs: 0 }, { ttlMs: 60_000, cacheScope: 'public' as const }])
    assert.doesNotThrow(() => assertValidCacheHint(hint, 'cacheHints'));
  const bad: unknown[] = [{ ttlMs: -1 }, { ttlMs: 1.5 }, { ttlMs: 2 ** 53 }, { ttlMs: '1' }, { cacheScope: 'shared' }];
  for (const hint of bad) {
    assert.throws(
      () => assertValidCacheHint(hint as { ttlMs: number }, 'cacheHints'),
      (error: unknown) => error instanceof SlipwayError && error.code === 'SLIP_INVALID_OPTION',
      JSON.stringify(hint),
    );
  }
});
