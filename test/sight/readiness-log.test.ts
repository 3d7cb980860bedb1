// What is not ready is in the operator's log, with why, once: probes only hear that it is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import type { StateHealth } from '../../src/state/state.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { eventually, serving } from '../support/serving.ts';

test('a lost state store is logged though nobody probes, and so is that it works again', async t => {
  let health: StateHealth = { ok: true };
  const state = { ...memoryState(), health: () => health };
  const logger = recordedLog();
  const { url } = await serving(t, new McpServer({ name: 'watched', version: '1.0.0' }), { state, logger });
  health = { ok: false, why: 'its directory is gone' };
  const entries = () => logger.entries.map(({ level, message, fields }) => [level, message, fields.why]);
  const lost = ['error', 'not ready: state store', 'its directory is gone'];
  await eventually(() => entries().length > 0, 'a line');
  for (let count = 0; count < 3; count++) assert.equal((await fetch(new URL('/readyz', url))).status, 503);
  assert.deepEqual(entries(), [lost]);
  health = { ok: true };
  assert.equal((await fetch(new URL('/readyz', url))).status, 200);
  assert.deepEqual(entries(), [lost, ['info', 'ready again: state store', undefined]]);
});

test('a check of the author is logged when a probe has found it failing', async t => {
  let up = false;
  const logger = recordedLog();
  const ready = () => {
    if (!up) throw new Error('no database');
  };
  const { url } = await serving(t, new McpServer({ name: 'watched', version: '1.0.0' }), { ready, logger });
  assert.equal((await fetch(new URL('/readyz', url))).status, 503);
  assert.deepEqual(
    logger.entries.map(({ level, fields }) => [level, fields.why]),
    [['error', 'no database']],
  );
  up = true;
  // The outcome is remembered for a second.
  const now = performance.now();
  t.mock.method(performance, 'now', () => now + 1_001);
  assert.equal((await fetch(new URL('/readyz', url))).status, 200);
  assert.equal(logger.entries.length, 2);
});
