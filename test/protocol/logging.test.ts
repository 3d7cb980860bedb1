import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LOGGING_LEVELS, severityOf } from '../../src/protocol/logging.ts';

test('severities grow from debug to emergency', () => {
  assert.deepEqual(LOGGING_LEVELS.map(severityOf), [0, 1, 2, 3, 4, 5, 6, 7]);
});
