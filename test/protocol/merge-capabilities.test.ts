import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as sdk from '@modelcontextprotocol/server';
import { mergeCapabilities } from '../../src/protocol/merge-capabilities.ts';

test('capabilities merge one level deep, the later ones winning', () => {
  const base = { tools: { listChanged: true }, resources: { subscribe: true }, experimental: { a: { x: 1 } } };
  const additional = {
    tools: undefined,
    logging: {},
    resources: { listChanged: true, subscribe: false },
    experimental: { a: { y: 2 }, b: {} },
  };
  const before = structuredClone(base);
  const merged = mergeCapabilities(base, additional);
  assert.deepEqual(merged, {
    tools: { listChanged: true },
    logging: {},
    resources: { subscribe: false, listChanged: true },
    experimental: { a: { y: 2 }, b: {} },
  });
  assert.deepEqual(merged, sdk.mergeCapabilities(base, additional));
  assert.deepEqual(base, before);
});
