import type { Check, SuiteResult } from './suite.ts';

/** What the suite writes down beside its checks, and the one option that it only takes note of: answers without a stream. */
const NOTES: ReadonlySet<string> = new Set([
  'outgoing-request',
  'incoming-response',
  'incoming-sse-event',
  'stream-closed',
  'server-sse-streams-functional',
]);

/** What one run of the suite comes to. */
export interface Verdict {
  passed: number;
  requiredPassed: number;
  excluded: string[];
  checks: number;
  /** Everything that fails the run, in words. */
  problems: string[];
}

/**
 * Judges one run: a scenario passes when at least one of its checks is a SUCCESS and none is a FAILURE, a WARNING or
 * SKIPPED, nor an INFO that says that something could not be tested. An excluded scenario that passes is a problem.
 */
export function judge(result: SuiteResult, excludedPrefixes: string[]): Verdict {
  const { run, scenarios } = result;
  const verdict: Verdict = { passed: 0, requiredPassed: 0, excluded: [], checks: 0, problems: [] };
  if (scenarios.size !== run.scenarios) {
    verdict.problems.push(`the suite selected ${scenarios.size} scenarios instead of ${run.scenarios}`);
  }
  if (run.required !== undefined && result.requiredNames.size !== run.required) {
    verdict.problems.push(`the revision requires ${result.requiredNames.size} scenarios instead of ${run.required}`);
  }

  for (const [scenario, checks] of scenarios) {
    const problems = problemsOf(scenario, checks);
    if (excludedPrefixes.some(prefix => scenario.startsWith(prefix))) {
      verdict.excluded.push(scenario);
      if (passesOutright(checks)) verdict.problems.push(`${scenario} is excluded and passes: it has to count now`);
      continue;
    }
    verdict.problems.push(...problems);
    verdict.checks += checks?.filter(check => check.status === 'SUCCESS').length ?? 0;
    if (problems.length > 0) continue;
    verdict.passed += 1;
    if (result.requiredNames.has(scenario)) verdict.requiredPassed += 1;
  }
  return verdict;
}

function problemsOf(scenario: string, checks: Check[] | undefined): string[] {
  if (checks === undefined) return [`${scenario} left no checks.json behind`];
  const problems = checks
    .filter(({ status, id }) => status !== 'SUCCESS' && !(status === 'INFO' && NOTES.has(id)))
    .map(check => describe(scenario, check));
  if (problems.length === 0 && !checks.some(({ status }) => status === 'SUCCESS')) {
    problems.push(`${scenario} proves nothing: none of its checks is a SUCCESS`);
  }
  return problems;
}

function passesOutright(checks: Check[] | undefined): boolean {
  if (checks === undefined) return false;
  const statuses = new Set(checks.map(check => check.status));
  return statuses.has('SUCCESS') && !statuses.has('FAILURE') && !statuses.has('SKIPPED');
}

function describe(scenario: string, check: Check): string {
  const detail = (check.errorMessage ?? check.description ?? '').replaceAll(/\s+/g, ' ').slice(0, 300);
  return `${scenario}: ${check.status} ${check.id}: ${detail}`;
}
