import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitersIn } from '../../src/host/rate-limiters.ts';
import { silentLogger } from '../../src/server/logger.ts';
import type { LimitStore, LimitUsage } from '../../src/state/limit-store.ts';
import { MemoryLimitStore } from '../../src/state/memory/limit-store.ts';
import { pointsOf, type RateLimitOptions, RateLimits } from '../../src/transport/http/rate-limits.ts';
import { requestFrom, requestOf } from './limited-request.ts';

/** A store in another process, as it were. */
class AskedStore implements LimitStore {
  readonly #store = new MemoryLimitStore();
  async use(key: string, points: number, windowMs: number): Promise<LimitUsage> {
    await sleep(1);
    return this.#store.use(key, points, windowMs);
  }
  async reset(key: string): Promise<void> {
    this.#store.reset(key);
  }
}

const limitsOf = (options: RateLimitOptions, store: LimitStore = new MemoryLimitStore()) =>
  new RateLimits(options, limitersIn(store), () => silentLogger);

for (const [kind, make] of [
  ['memory', () => new MemoryLimitStore()],
  ['a store that is asked', () => new AskedStore()],
] as const) {
  test(`${kind}: the call beyond the limit is refused, with its window's end`, async () => {
    const limits = limitsOf({ rateLimitPerAddress: '3/1m' }, make());
    for (let call = 0; call < 3; call++) {
      assert.equal(await limits.use(requestFrom('192.0.2.1'), undefined, 1), undefined);
    }
    const refusal = await limits.use(requestFrom('192.0.2.1'), undefined, 1);
    assert.equal(refusal?.limit, '3/1m');
    assert.equal(refusal?.scope, 'address');
    assert.ok(refusal!.retryAfterMs > 55_000 && refusal!.retryAfterMs <= 60_000, String(refusal?.retryAfterMs));
    assert.equal(await limits.use(requestFrom('192.0.2.2'), undefined, 1), undefined);
  });

  test(`${kind}: a window begins anew`, async () => {
    const limits = limitsOf({ rateLimitPerAddress: '1/1s' }, make());
    const request = requestFrom('192.0.2.1');
    assert.equal(await limits.use(request, undefined, 1), undefined);
    const refusal = await limits.use(request, undefined, 1);
    assert.ok(limits.blocked(request));
    await sleep(refusal!.retryAfterMs + 20);
    assert.equal(limits.blocked(request), undefined);
    assert.equal(await limits.use(request, undefined, 1), undefined);
  });

  test(`${kind}: costs, and a batch as one`, async () => {
    const limits = limitsOf({ rateLimitPerPrincipal: '10/1m', rateLimitPerTool: '6/1m' }, make());
    const cheap = { tool: { name: 'cheap' }, points: 1 };
    const dear = { tool: { name: 'dear', cost: 5 }, points: 5 };
    assert.equal(await limits.useAll(requestOf('ann'), [cheap, dear, { tool: undefined, points: 0 }]), undefined);
    const ofTool = await limits.useAll(requestOf('ann'), [cheap, { ...dear, points: 2 }]);
    assert.deepEqual([ofTool?.scope, ofTool?.limit], ['tool', '6/1m']);
    // 9 of 10 are used by now.
    assert.equal(await limits.use(requestOf('ann'), cheap.tool, 1), undefined);
    assert.equal((await limits.use(requestOf('ann'), cheap.tool, 1))?.scope, 'principal');
    assert.equal(await limits.useAll(requestOf('bea'), [dear]), undefined);
  });
}

test('where the store answers at once there is no promise', () => {
  const limits = limitsOf({ rateLimitPerAddress: '2/1m', rateLimitPerTool: '1/1m' });
  const request = requestFrom('192.0.2.1');
  assert.equal(limits.use(request, { name: 'a' }, 1), undefined);
  const refusal = limits.use(request, { name: 'a' }, 1);
  assert.ok(refusal !== undefined && !(refusal instanceof Promise));
  assert.equal(refusal.scope, 'tool');
});

test('nothing is counted where nothing is limited', () => {
  const store = new MemoryLimitStore();
  const use = mock.method(store, 'use');
  const limits = limitsOf({}, store);
  assert.equal(limits.use(requestFrom('192.0.2.1'), { name: 'a' }, 1), undefined);
  assert.equal(limits.useAll(requestFrom('192.0.2.1'), [{ tool: { name: 'a' }, points: 1 }]), undefined);
  assert.equal(limits.blocked(requestFrom('192.0.2.1')), undefined);
  const principals = limitsOf({ rateLimitPerPrincipal: '1/1m' }, store);
  assert.equal(principals.use(requestFrom('192.0.2.1'), undefined, 1), undefined);
  assert.equal(use.mock.callCount(), 0);
});

test('a caller beyond its limit is refused before its request is read, and nobody else', () => {
  const store = new MemoryLimitStore();
  const limits = limitsOf({ rateLimitPerAddress: '1/1m', rateLimitPerPrincipal: '1/1m' }, store);
  const use = mock.method(store, 'use');
  const request = requestFrom('192.0.2.1');
  assert.equal(limits.blocked(request), undefined);
  limits.use(request, undefined, 2);
  assert.equal(use.mock.callCount(), 1);
  const refusal = limits.blocked(requestFrom('192.0.2.1'));
  assert.deepEqual([refusal?.limit, refusal?.scope], ['1/1m', 'address']);
  assert.equal(use.mock.callCount(), 1);
  assert.equal(limits.blocked(requestFrom('192.0.2.2')), undefined);
  assert.equal(limits.blocked(requestFrom(undefined)), undefined);
  // With a token it is another caller, wherever it comes from.
  assert.equal(limits.blocked(requestOf('ann')), undefined);
});

test("a tool's limit holds for that tool only, and does not block its caller", () => {
  const limits = limitsOf({ rateLimitPerPrincipal: '100/1m', rateLimitPerTool: '1/1m' });
  const use = (name: string, sub = 'ann') => limits.use(requestOf(sub), { name }, 1);
  assert.equal(use('a'), undefined);
  assert.ok(use('a'));
  assert.equal(use('b'), undefined);
  assert.equal(use('a', 'bea'), undefined);
  assert.equal(limits.blocked(requestOf('ann')), undefined);
  // What is not registered has no window of its own: names are free.
  for (let call = 0; call < 5; call++) assert.equal(limits.use(requestOf('ann'), undefined, 1), undefined);
});

test("a tool's own rate is used in place of the one for all", () => {
  const limits = limitsOf({ rateLimitPerTool: '1/1m' });
  const own = { name: 'a', rateLimit: '2/1m' };
  const request = requestFrom('192.0.2.1');
  assert.equal(limits.use(request, own, 1), undefined);
  assert.equal(limits.use(request, own, 1), undefined);
  const refusal = limits.use(request, own, 1);
  assert.ok(refusal !== undefined && !(refusal instanceof Promise));
  assert.equal(refusal.limit, '2/1m');
  const alone = limitsOf({});
  assert.equal(alone.use(request, { name: 'a', rateLimit: '1/1m' }, 1), undefined);
  assert.ok(alone.use(request, { name: 'a', rateLimit: '1/1m' }, 1));
});

test('IPv6 counts by /64, IPv4 by address', () => {
  const limits = limitsOf({ rateLimitPerAddress: '1/1m' });
  assert.equal(limits.use(requestFrom('2001:db8:0:1::1'), undefined, 1), undefined);
  assert.ok(limits.use(requestFrom('2001:db8:0:1:ffff:ffff:ffff:ffff'), undefined, 1));
  assert.ok(limits.use(requestFrom('2001:0db8::1:2:3:4:5'), undefined, 1));
  assert.equal(limits.use(requestFrom('2001:db8:0:2::1'), undefined, 1), undefined);
  assert.equal(limits.use(requestFrom('2001:db8::1:0:0:1'), undefined, 1), undefined);
  assert.equal(limits.use(requestFrom('192.0.2.1'), undefined, 1), undefined);
  assert.equal(limits.use(requestFrom('192.0.2.2'), undefined, 1), undefined);
  assert.equal(limits.use(requestFrom('fe80::1%eth0'), undefined, 1), undefined);
  assert.ok(limits.use(requestFrom('fe80::2%eth1'), undefined, 1));
});

test('an address that nobody knows is not counted', () => {
  const limits = limitsOf({ rateLimitPerAddress: '1/1m' });
  for (let call = 0; call < 3; call++) assert.equal(limits.use(requestFrom(undefined), undefined, 1), undefined);
});

test('principals are users of one client; the token alone where there is no subject', () => {
  const limits = limitsOf({ rateLimitPerPrincipal: '1/1m' });
  const token = (value: string) => requestFrom('192.0.2.1', { token: value, clientId: 'c'.repeat(1000), scopes: [] });
  assert.equal(limits.use(token('a'), undefined, 1), undefined);
  assert.ok(limits.use(token('a'), undefined, 1));
  assert.equal(limits.use(token('b'), undefined, 1), undefined);
  assert.equal(limits.use(requestOf('ann', '192.0.2.1'), undefined, 1), undefined);
  assert.ok(limits.use(requestOf('ann', '192.0.2.2'), undefined, 1));
});

test('what a request costs', () => {
  assert.equal(pointsOf('tools/call', { name: 'a', cost: 7 }), 7);
  assert.equal(pointsOf('tools/call', { name: 'a', cost: 0 }), 0);
  assert.equal(pointsOf('tools/call', { name: 'a' }), 1);
  assert.equal(pointsOf('tools/call', undefined), 1);
  assert.equal(pointsOf('tools/list', { name: 'a', cost: 7 }), 1);
  assert.equal(pointsOf('ping', undefined), 0);
});

test('a store that fails lets requests pass, and says so once a minute', async () => {
  const thrown = new Error('disk full');
  for (const use of [
    (): never => {
      throw thrown;
    },
    async (): Promise<never> => {
      throw thrown;
    },
  ]) {
    const warn = mock.fn();
    const store: LimitStore = { use, reset: () => {} };
    const logger = { ...silentLogger, warn };
    const limits = new RateLimits({ rateLimitPerAddress: '1/1m' }, limitersIn(store), () => logger);
    for (let call = 0; call < 5; call++) {
      assert.equal(await limits.use(requestFrom('192.0.2.1'), undefined, 1), undefined);
    }
    assert.equal(warn.mock.callCount(), 1);
    assert.equal((warn.mock.calls[0]!.arguments[0] as { error: unknown }).error, thrown);
    assert.equal(limits.blocked(requestFrom('192.0.2.1')), undefined);
  }
});

test('a store that does not answer is not waited for, nor asked again at once', async t => {
  const warn = mock.fn();
  const use = mock.fn(() => new Promise<never>(() => {}));
  const store: LimitStore = { use, reset: () => {} };
  const limits = new RateLimits({ rateLimitPerAddress: '1/1m' }, limitersIn(store), () => ({ ...silentLogger, warn }));
  const waiting = limits.use(requestFrom('192.0.2.1'), undefined, 1);
  assert.ok(waiting instanceof Promise);
  assert.equal(await waiting, undefined);
  assert.equal(limits.use(requestFrom('192.0.2.1'), undefined, 1), undefined, 'no promise: the store rests');
  assert.equal(use.mock.callCount(), 1);
  assert.match(
    String((warn.mock.calls[0]!.arguments as unknown as [{ error: Error }])[0].error),
    /did not answer within/,
  );
  const now = performance.now();
  t.mock.method(performance, 'now', () => now + 1_001);
  assert.ok(limits.use(requestFrom('192.0.2.1'), undefined, 1) instanceof Promise);
});

test('two processes with one store share a limit', () => {
  const store = new MemoryLimitStore();
  const [one, other] = [
    limitsOf({ rateLimitPerAddress: '2/1m' }, store),
    limitsOf({ rateLimitPerAddress: '2/1m' }, store),
  ];
  const request = requestFrom('192.0.2.1');
  assert.equal(one.use(request, undefined, 1), undefined);
  assert.equal(other.use(request, undefined, 1), undefined);
  assert.ok(one.use(request, undefined, 1));
  assert.ok(other.use(request, undefined, 1));
});

test('a rate that is none is refused, with its option', () => {
  for (const option of ['rateLimitPerPrincipal', 'rateLimitPerAddress', 'rateLimitPerTool'] as const) {
    assert.throws(() => limitsOf({ [option]: '600' }), { code: 'SLIP_INVALID_OPTION', message: new RegExp(option) });
  }
});

test('distinct callers beyond their limit do not fill the memory', () => {
  const limits = limitsOf({ rateLimitPerAddress: '1/1m' });
  for (let caller = 0; caller < 15_000; caller++) {
    limits.use(requestFrom(`10.${caller >> 16}.${(caller >> 8) & 255}.${caller & 255}`), undefined, 2);
  }
  assert.equal(limits.blockedCallers, 10_000);
  // The latest are held, the first are asked for again.
  assert.ok(limits.blocked(requestFrom('10.0.58.151')));
  assert.equal(limits.blocked(requestFrom('10.0.0.0')), undefined);
  assert.ok(limits.use(requestFrom('10.0.0.0'), undefined, 1));
});
