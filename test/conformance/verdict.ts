import type { KnownGap, Revision } from './known-gaps.ts';
import type { Check, SuiteResult } from './suite.ts';

/** What one run of the suite comes to, after the known gaps and exclusions have been taken into account. */
export interface Verdict {
  passed: number;
  requiredPassed: number;
  /** Scenarios that fail, or prove nothing, for a known reason. */
  gaps: string[];
  excluded: string[];
  checks: number;
  /** Everything that fails the run, in words. */
  problems: string[];
  /** The entries of the list this run needed. */
  used: Set<KnownGap>;
}

/**
 * Judges one run: a scenario passes when at least one of its checks is a SUCCESS, none is a FAILURE, and every WARNING
 * and SKIPPED is a known gap. A known gap the run does not need is a problem, and so is an excluded scenario that passes.
 */
export function judge(result: SuiteResult, gaps: KnownGap[], excludedPrefixes: string[]): Verdict {
  const { run, scenarios } = result;
  const verdict: Verdict = {
    passed: 0,
    requiredPassed: 0,
    gaps: [],
    excluded: [],
    checks: 0,
    problems: [],
    used: new Set(),
  };
  if (scenarios.size !== run.scenarios) {
    verdict.problems.push(`the suite selected ${scenarios.size} scenarios instead of ${run.scenarios}`);
  }
  if (run.required !== undefined && result.requiredNames.size !== run.required) {
    verdict.problems.push(`the revision requires ${result.requiredNames.size} scenarios instead of ${run.required}`);
  }

  for (const [scenario, checks] of scenarios) {
    if (excludedPrefixes.some(prefix => scenario.startsWith(prefix))) {
      verdict.excluded.push(scenario);
      if (passesOutright(checks)) verdict.problems.push(`${scenario} is excluded and passes: it has to count now`);
      continue;
    }
    const applicable = gaps.filter(gap => gap.scenario === scenario && gap.revisions.includes(run.revision));
    const problems = problemsOf(scenario, checks, applicable, verdict);
    verdict.problems.push(...problems);
    verdict.checks += checks?.filter(check => check.status === 'SUCCESS').length ?? 0;
    // The suite counts a required scenario as passed when no check of it is a FAILURE, whatever it proved.
    const withoutFailure = checks !== undefined && !checks.some(check => check.status === 'FAILURE');
    if (withoutFailure && result.requiredNames.has(scenario)) verdict.requiredPassed += 1;
    if (problems.length === 0 && !verdict.gaps.includes(scenario)) verdict.passed += 1;
  }
  return verdict;
}

function problemsOf(scenario: string, checks: Check[] | undefined, gaps: KnownGap[], verdict: Verdict): string[] {
  if (checks === undefined) return [`${scenario} left no checks.json behind`];
  const failures = checks.filter(check => check.status === 'FAILURE');
  const failing = gaps.find(gap => gap.check === undefined);
  if (failing !== undefined) {
    if (failures.length === 0) return [`${scenario} passes: its entry in known-gaps.ts has to go`];
    verdict.used.add(failing);
    verdict.gaps.push(scenario);
    return [];
  }

  const problems = failures.map(check => describe(scenario, check));
  for (const check of checks) {
    if (check.status === 'SUCCESS' || check.status === 'FAILURE') continue;
    const known = gaps.find(gap => gap.check === check.id);
    if (known !== undefined) verdict.used.add(known);
    else if (check.status !== 'INFO') problems.push(describe(scenario, check));
  }
  for (const gap of gaps) {
    if (!verdict.used.has(gap)) problems.push(`${scenario}: nothing needs the allowance for ${gap.check} any more`);
  }
  if (!checks.some(check => check.status === 'SUCCESS')) {
    if (gaps.some(gap => verdict.used.has(gap))) verdict.gaps.push(scenario);
    else if (problems.length === 0) problems.push(`${scenario} proves nothing: none of its checks is a SUCCESS`);
  }
  return problems;
}

/** Entries no run needed at one of their revisions: the scenario has gone, or the name is misspelt. */
export function unusedGaps(gaps: KnownGap[], judged: { revision: Revision; used: Set<KnownGap> }[]): string[] {
  return gaps.flatMap(gap =>
    gap.revisions
      .filter(revision => !judged.some(run => run.revision === revision && run.used.has(gap)))
      .map(revision => `${gap.scenario}${gap.check ? `/${gap.check}` : ''} at ${revision}: no run needed this entry`),
  );
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
