import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@modelcontextprotocol/server';
import {
  DEFAULT_MAX_REQUEST_BODY_SIZE,
  readRequestBody,
  resolveMaxRequestBodySize,
} from '../../src/transport/http/request-body.ts';

function post(body: string | ReadableStream<Uint8Array> | null, headers: Record<string, string> = {}): Request {
  return new Request('http://h/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit);
}

test('a body within the limit is its text; one over it is not', async () => {
  assert.deepEqual(await readRequestBody(post('é{}')), { tooLarge: false, text: 'é{}' });
  assert.deepEqual(await readRequestBody(post(null)), { tooLarge: false, text: '' });
  assert.deepEqual(await readRequestBody(post('1234'), 4), { tooLarge: false, text: '1234' });
  assert.deepEqual(await readRequestBody(post('12345'), 4), { tooLarge: true });
});

test('an announced length over the limit is refused without a look at the body', async () => {
  const request = post('1', { 'content-length': '5000000' });
  assert.deepEqual(await readRequestBody(request), { tooLarge: true });
  assert.equal(request.bodyUsed, false);
});

test('an endless body is read no further than the limit, and its source is told', async () => {
  let sent = 0;
  let cancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 1000;
      controller.enqueue(new Uint8Array(1000));
    },
    cancel() {
      cancelled = true;
    },
  });
  assert.deepEqual(await readRequestBody(post(endless), 10_000), { tooLarge: true });
  assert.equal(cancelled, true);
  assert.ok(sent < 20_000, String(sent));
});

test('a character that is split over two chunks arrives whole', async () => {
  const bytes = new TextEncoder().encode('\u{1F600}');
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(bytes.subarray(0, 2));
      controller.enqueue(bytes.subarray(2));
      controller.close();
    },
  });
  assert.deepEqual(await readRequestBody(post(body)), { tooLarge: false, text: '\u{1F600}' });
});

test('the default limit is the official one; a limit must be a positive number', () => {
  assert.equal(DEFAULT_MAX_REQUEST_BODY_SIZE, sdk.DEFAULT_MAX_REQUEST_BODY_SIZE);
  assert.equal(resolveMaxRequestBodySize(undefined), DEFAULT_MAX_REQUEST_BODY_SIZE);
  assert.equal(resolveMaxRequestBodySize(1), 1);
  for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY, '9' as unknown as number]) {
    assert.throws(() => resolveMaxRequestBodySize(value), RangeError);
  }
});
