import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@modelcontextprotocol/server';
import {
  HEADER_MISMATCH,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  UnsupportedProtocolVersionError,
  UrlElicitationRequiredError,
} from '../../src/protocol/protocol-error.ts';

const page = { mode: 'url' as const, message: 'Sign in', url: 'https://example.com/', elicitationId: '1' };

function shape(error: ProtocolError | sdk.ProtocolError): unknown {
  return {
    class: error.constructor.name,
    name: error.name,
    code: error.code,
    message: error.message,
    data: error.data,
  };
}

test('the codes are those of the official SDK, and -32020 besides', () => {
  for (const [name, code] of Object.entries(ProtocolErrorCode))
    assert.equal(code, sdk.ProtocolErrorCode[name as keyof typeof ProtocolErrorCode], name);
  assert.equal(HEADER_MISMATCH, -32020);
});

test('each class builds the same error as the official SDK', () => {
  const versions = { supported: ['2026-07-28'], requested: '1999-01-01' };
  const missing = { requiredCapabilities: { sampling: {}, roots: {} } };
  const twins = [
    [new ProtocolError(-32000, 'x', { a: 1 }), new sdk.ProtocolError(-32000, 'x', { a: 1 })],
    [new ProtocolError(-32000, 'x'), new sdk.ProtocolError(-32000, 'x')],
    [new ResourceNotFoundError('a:b'), new sdk.ResourceNotFoundError('a:b')],
    [new ResourceNotFoundError('a:b', 'gone'), new sdk.ResourceNotFoundError('a:b', 'gone')],
    [new UnsupportedProtocolVersionError(versions), new sdk.UnsupportedProtocolVersionError(versions)],
    [new MissingRequiredClientCapabilityError(missing), new sdk.MissingRequiredClientCapabilityError(missing)],
    [new UrlElicitationRequiredError([page]), new sdk.UrlElicitationRequiredError([page])],
    [new UrlElicitationRequiredError([page, page]), new sdk.UrlElicitationRequiredError([page, page])],
  ] as const;
  for (const [ours, theirs] of twins) {
    assert.deepEqual(shape(ours), shape(theirs));
    assert.ok(ours instanceof ProtocolError && ours instanceof Error && ProtocolError.isInstance(ours));
  }
  assert.equal(new ResourceNotFoundError('a:b').uri, 'a:b');
  assert.deepEqual(new UnsupportedProtocolVersionError(versions).supported, versions.supported);
  assert.equal(new UnsupportedProtocolVersionError(versions).requested, versions.requested);
  assert.deepEqual(new MissingRequiredClientCapabilityError(missing).requiredCapabilities, { sampling: {}, roots: {} });
  assert.deepEqual(new UrlElicitationRequiredError([page]).elicitations, [page]);
  assert.equal(ResourceNotFoundError.isInstance(new ProtocolError(-32602, 'x', { uri: 'a:b' })), false);
});

test('fromError finds the class that the official SDK finds', () => {
  const wire: readonly (readonly [number, unknown])[] = [
    [-32602, { uri: 'a:b' }],
    [-32602, { uri: 'a:b', reason: 'x' }],
    [-32602, { uri: 1 }],
    [-32602, undefined],
    [-32002, { uri: 'a:b', reason: 'x' }],
    [-32002, undefined],
    [-32021, { requiredCapabilities: {} }],
    [-32021, { requiredCapabilities: [] }],
    [-32022, { supported: [], requested: 'x' }],
    [-32022, { supported: 'x', requested: 'x' }],
    [-32042, { elicitations: [page] }],
    [-32042, {}],
    [-32603, { uri: 'a:b' }],
    [-32603, 'text'],
  ];
  for (const [code, data] of wire) {
    const ours = shape(ProtocolError.fromError(code, 'x', data));
    assert.deepEqual(ours, shape(sdk.ProtocolError.fromError(code, 'x', data)), `${code} ${JSON.stringify(data)}`);
  }
});
