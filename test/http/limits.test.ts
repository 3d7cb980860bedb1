import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_LIMITS, type HttpLimits, resolveLimits } from '../../src/transport/http/limits.ts';

test('limits that are not given are the defaults, also when they are given as undefined', () => {
  assert.deepEqual(resolveLimits(), DEFAULT_LIMITS);
  assert.deepEqual(resolveLimits({ maxBodyBytes: undefined }), DEFAULT_LIMITS);
  assert.equal(DEFAULT_LIMITS.maxBodyBytes, 4_194_304);
});

test('a given limit replaces its default only', () => {
  assert.deepEqual(resolveLimits({ maxBodyBytes: 10 }), { ...DEFAULT_LIMITS, maxBodyBytes: 10 });
});

test('resolving never changes the defaults', () => {
  const limits = resolveLimits();
  limits.maxBodyBytes = 1;
  assert.equal(resolveLimits().maxBodyBytes, DEFAULT_LIMITS.maxBodyBytes);
});

test('members that are no limits are ignored', () => {
  assert.deepEqual(resolveLimits({ port: 'x' } as Partial<HttpLimits>), DEFAULT_LIMITS);
});

for (const option of Object.keys(DEFAULT_LIMITS) as (keyof HttpLimits)[]) {
  test(`${option} must be a positive integer`, () => {
    for (const value of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number]) {
      assert.throws(() => resolveLimits({ [option]: value }), { code: 'SLIP_INVALID_OPTION' });
    }
    assert.equal(resolveLimits({ [option]: 1 })[option], 1);
  });
}

test('no keep-alive comments can be asked for, but no other limit can be zero', () => {
  assert.equal(resolveLimits({ keepAliveMs: 0 }).keepAliveMs, 0);
  assert.throws(() => resolveLimits({ maxBodyBytes: 0 }), { code: 'SLIP_INVALID_OPTION' });
});

test('a time that a timer can not hold is refused, as it would fire at once', () => {
  assert.throws(() => resolveLimits({ requestTimeoutMs: 2 ** 31 }), { code: 'SLIP_INVALID_OPTION' });
  assert.equal(resolveLimits({ maxBodyBytes: 2 ** 31 }).maxBodyBytes, 2 ** 31);
});
