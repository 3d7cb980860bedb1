import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KnownGap } from './known-gaps.ts';
import type { Check, SuiteResult } from './suite.ts';
import { judge, unusedGaps } from './verdict.ts';

const REVISION = '2025-11-25';
const success: Check = { id: 'works', status: 'SUCCESS' };
const failure: Check = { id: 'broken', status: 'FAILURE', errorMessage: 'no answer' };
const warning: Check = { id: 'retry', status: 'WARNING', errorMessage: 'no retry field' };

function result(scenarios: Record<string, Check[] | undefined>, run: Partial<SuiteResult['run']> = {}): SuiteResult {
  const entries = new Map(Object.entries(scenarios));
  return {
    run: { name: 'a run', revision: REVISION, args: [], scenarios: entries.size, ...run },
    scenarios: entries,
    requiredNames: new Set(),
    seconds: 0,
  };
}

test('a failure, an unlisted warning, an unlisted skip and a missing report are problems', () => {
  const skipped: Check = { id: 'later', status: 'SKIPPED' };
  const verdict = judge(
    result({
      good: [success],
      bad: [success, failure],
      warned: [success, warning],
      left: [success, skipped],
      lost: undefined,
    }),
    [],
    [],
  );
  assert.equal(verdict.passed, 1);
  assert.deepEqual(
    verdict.problems.map(problem => problem.split(':')[0]),
    ['bad', 'warned', 'left', 'lost left no checks.json behind'],
  );
});

test('a listed failure is a known gap as long as the scenario fails', () => {
  const gaps: KnownGap[] = [{ scenario: 'push', revisions: [REVISION], reason: 'later' }];
  const failing = judge(result({ push: [failure] }), gaps, []);
  assert.deepEqual(failing.problems, []);
  assert.deepEqual(failing.gaps, ['push']);
  assert.equal(failing.passed, 0);

  const passing = judge(result({ push: [success] }), gaps, []);
  assert.match(passing.problems[0]!, /push passes/);
});

test('a gap counts only at its own revisions', () => {
  const gaps: KnownGap[] = [{ scenario: 'push', revisions: ['2025-06-18'], reason: 'later' }];
  assert.equal(judge(result({ push: [failure] }), gaps, []).problems.length, 1);
});

test('an allowance covers its own check, and nothing needs it once the warning is gone', () => {
  const gaps: KnownGap[] = [{ scenario: 'polling', check: 'retry', revisions: [REVISION], reason: 'later' }];
  const warned = judge(result({ polling: [success, warning] }), gaps, []);
  assert.deepEqual(warned.problems, []);
  assert.equal(warned.passed, 1);

  assert.match(judge(result({ polling: [success] }), gaps, []).problems[0]!, /nothing needs the allowance for retry/);
  assert.equal(judge(result({ polling: [{ ...warning, id: 'other' }, warning] }), gaps, []).problems.length, 1);
});

test('an excluded scenario may fail or be skipped, and may not pass', () => {
  const skipped: Check = { id: 'later', status: 'SKIPPED' };
  const quiet = judge(result({ 'tasks-a': [success, failure], 'tasks-b': [success, skipped] }), [], ['tasks-']);
  assert.deepEqual(quiet.problems, []);
  assert.deepEqual(quiet.excluded, ['tasks-a', 'tasks-b']);
  assert.match(judge(result({ 'tasks-a': [success] }), [], ['tasks-']).problems[0]!, /excluded and passes/);
});

test('a scenario without a single success passes for the suite, and counts here as a gap that has to be listed', () => {
  const info: Check = { id: 'stateless', status: 'INFO' };
  const gaps: KnownGap[] = [{ scenario: 'sessions', check: 'stateless', revisions: [REVISION], reason: 'later' }];
  const listed = judge({ ...result({ sessions: [info] }), requiredNames: new Set(['sessions']) }, gaps, []);
  assert.deepEqual(listed.problems, []);
  assert.deepEqual([listed.passed, listed.requiredPassed, listed.gaps], [0, 1, ['sessions']]);

  assert.match(judge(result({ sessions: [info] }), [], []).problems[0]!, /proves nothing/);
  assert.match(judge(result({ sessions: [success] }), gaps, []).problems[0]!, /nothing needs the allowance/);
});

test('a run that selects fewer scenarios than the pinned release, or requires fewer, is a problem', () => {
  const verdict = judge(result({ good: [success] }, { scenarios: 2, required: 1 }), [], []);
  assert.equal(verdict.problems.length, 2);
});

test('an entry no run needed is reported for each of its revisions', () => {
  const gap: KnownGap = { scenario: 'gone', revisions: ['2025-06-18', REVISION], reason: 'later' };
  assert.equal(unusedGaps([gap], [{ revision: REVISION, used: new Set([gap]) }]).length, 1);
  assert.equal(unusedGaps([gap], [{ revision: REVISION, used: new Set() }]).length, 2);
});
