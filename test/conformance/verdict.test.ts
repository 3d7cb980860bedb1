import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Check, SuiteResult } from './suite.ts';
import { judge } from './verdict.ts';

const success: Check = { id: 'works', status: 'SUCCESS' };
const failure: Check = { id: 'broken', status: 'FAILURE', errorMessage: 'no answer' };
const warning: Check = { id: 'retry', status: 'WARNING', errorMessage: 'no retry field' };
const skipped: Check = { id: 'later', status: 'SKIPPED' };
const untested: Check = { id: 'resume', status: 'INFO', description: 'the server did not disconnect' };
const note: Check = { id: 'incoming-response', status: 'INFO' };

function result(scenarios: Record<string, Check[] | undefined>, run: Partial<SuiteResult['run']> = {}): SuiteResult {
  const entries = new Map(Object.entries(scenarios));
  return {
    run: { name: 'a run', revision: '2025-11-25', args: [], scenarios: entries.size, ...run },
    scenarios: entries,
    requiredNames: new Set(),
    seconds: 0,
  };
}

test('only a success passes: a failure, a warning, a skip, a test left out and a missing report are problems', () => {
  const verdict = judge(
    result({
      good: [success, note],
      bad: [success, failure],
      warned: [success, warning],
      left: [success, skipped],
      untested: [success, untested],
      lost: undefined,
    }),
    [],
  );
  assert.equal(verdict.passed, 1);
  assert.equal(verdict.checks, 5);
  assert.deepEqual(
    verdict.problems.map(problem => problem.split(':')[0]),
    ['bad', 'warned', 'left', 'untested', 'lost left no checks.json behind'],
  );
});

test('a scenario without a single success passes for the suite, and proves nothing here', () => {
  const verdict = judge({ ...result({ quiet: [note] }), requiredNames: new Set(['quiet']) }, []);
  assert.deepEqual([verdict.passed, verdict.requiredPassed], [0, 0]);
  assert.match(verdict.problems[0]!, /quiet proves nothing/);
});

test('a required scenario counts when it passes', () => {
  const scenarios = result({ good: [success], bad: [failure], more: [success] });
  const verdict = judge({ ...scenarios, requiredNames: new Set(['good', 'bad']) }, []);
  assert.deepEqual([verdict.passed, verdict.requiredPassed], [2, 1]);
});

test('an excluded scenario may fail or be skipped, and may not pass', () => {
  const quiet = judge(result({ 'tasks-a': [success, failure], 'tasks-b': [success, skipped] }), ['tasks-']);
  assert.deepEqual(quiet.problems, []);
  assert.deepEqual(quiet.excluded, ['tasks-a', 'tasks-b']);
  assert.deepEqual([quiet.passed, quiet.checks], [0, 0]);
  for (const checks of [[success], [success, warning]]) {
    assert.match(judge(result({ 'tasks-a': checks }), ['tasks-']).problems[0]!, /excluded and passes/);
  }
});

test('only the named prefixes are excluded', () => {
  assert.equal(judge(result({ 'mytasks-a': [failure] }), ['tasks-']).problems.length, 1);
});

test('a run that selects fewer scenarios than the pinned release, or requires fewer, is a problem', () => {
  const verdict = judge(result({ good: [success] }, { scenarios: 2, required: 1 }), []);
  assert.equal(verdict.problems.length, 2);
});
