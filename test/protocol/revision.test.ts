import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@modelcontextprotocol/server';
import * as requestMeta from '../../src/protocol/request-meta.ts';
import * as revision from '../../src/protocol/revision.ts';

test('the revisions of the handshake and the reserved keys are those of the official SDK', () => {
  assert.equal(revision.LATEST_PROTOCOL_VERSION, sdk.LATEST_PROTOCOL_VERSION);
  assert.equal(revision.DEFAULT_NEGOTIATED_PROTOCOL_VERSION, sdk.DEFAULT_NEGOTIATED_PROTOCOL_VERSION);
  assert.deepEqual(revision.SUPPORTED_PROTOCOL_VERSIONS, sdk.SUPPORTED_PROTOCOL_VERSIONS);
  const keys = Object.entries(requestMeta).filter(([name]) => name.endsWith('_META_KEY'));
  assert.equal(keys.length, 10);
  const theirs: Record<string, unknown> = { ...sdk };
  for (const [name, key] of keys) assert.equal(key, theirs[name], name);
});

test('the eras part at 2026-07-28', () => {
  for (const version of revision.MODERN_REVISIONS) assert.equal(revision.eraOf(version), 'modern');
  for (const version of revision.SUPPORTED_PROTOCOL_VERSIONS) assert.equal(revision.eraOf(version), 'legacy');
  assert.equal(revision.isModernRevision('2026-07-27'), false);
  assert.equal(revision.isModernRevision('2027-01-01'), true);
});
