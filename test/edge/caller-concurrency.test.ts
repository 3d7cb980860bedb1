import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallerConcurrency } from '../../src/transport/http/caller-concurrency.ts';
import { requestFrom, requestOf } from './limited-request.ts';

test('a caller has so many calls at the same time, and one that ends makes room', () => {
  const callers = new CallerConcurrency(2);
  const ann = requestOf('ann');
  callers.enter(ann);
  assert.equal(callers.isBusy(requestOf('ann')), false);
  assert.equal(callers.isBusy(requestOf('ann'), 2), true);
  callers.enter(requestOf('ann', '192.0.2.9'));
  assert.equal(callers.isBusy(requestOf('ann')), true);
  assert.equal(callers.isBusy(requestOf('bea')), false);
  assert.equal(callers.isBusy(requestFrom('192.0.2.1')), false);
  callers.leave(ann);
  assert.equal(callers.isBusy(requestOf('ann')), false);
});

test('who has no calls takes no memory', () => {
  const callers = new CallerConcurrency(3);
  const requests = Array.from({ length: 1000 }, (_, at) => requestFrom(`10.0.${at >> 8}.${at & 255}`));
  for (const request of requests) callers.enter(request, 2);
  assert.equal(callers.size, 1000);
  for (const request of requests) callers.leave(request, 2);
  assert.equal(callers.size, 0);
  // One leave too many is no credit.
  callers.leave(requests[0]!);
  callers.enter(requests[0]!, 3);
  assert.equal(callers.isBusy(requests[0]!), true);
});

test('one address, whatever its token was before, and IPv6 by /64', () => {
  const callers = new CallerConcurrency(1);
  callers.enter(requestFrom('2001:db8::1'));
  assert.equal(callers.isBusy(requestFrom('2001:db8::2')), true);
  assert.equal(callers.isBusy(requestFrom('2001:db8:0:1::2')), false);
  assert.equal(callers.isBusy(requestFrom(undefined)), false);
});

test('without a limit there is no counter', () => {
  assert.equal(CallerConcurrency.of(undefined), undefined);
});
