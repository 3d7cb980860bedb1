import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@modelcontextprotocol/server';
import { SdkError, SdkErrorCode, SdkHttpError } from '../../src/protocol/sdk-error.ts';

test('the codes are the official ones', () => {
  assert.deepEqual({ ...SdkErrorCode }, { ...sdk.SdkErrorCode });
});

test('an error is told by its class and its code', () => {
  const error = new SdkHttpError(SdkErrorCode.ClientHttpForbidden, 'no', { status: 403, statusText: 'Forbidden' });
  assert.ok(error instanceof SdkError && error instanceof Error);
  assert.ok(SdkError.isInstance(error) && SdkHttpError.isInstance(error));
  assert.equal(SdkHttpError.isInstance(new SdkError(SdkErrorCode.NotConnected, 'x')), false);
  assert.deepEqual([error.name, error.code, error.message], ['SdkHttpError', 'CLIENT_HTTP_FORBIDDEN', 'no']);
  assert.deepEqual([error.status, error.statusText], [403, 'Forbidden']);
  assert.deepEqual(new SdkError(SdkErrorCode.SendFailed, 'x', { why: 1 }).data, { why: 1 });
});
