// `npm run conformance`: the official suite against the everything server, at every revision the suite knows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type FixtureProcess, startFixture } from './fixture-process.ts';
import { EXCLUDED_PREFIXES, KNOWN_GAPS } from './known-gaps.ts';
import { locateSuite, runSuite, type SuiteResult, type SuiteRun } from './suite.ts';
import { judge, unusedGaps, type Verdict } from './verdict.ts';

const { values: options } = parseArgs({
  options: {
    scenario: { type: 'string' },
    'spec-version': { type: 'string' },
    url: { type: 'string' },
  },
});

const RUNS: SuiteRun[] = [
  requirementSet('2025-11-25', { scenarios: 33, required: 30 }),
  requirementSet('2026-07-28', { scenarios: 50, required: 37 }),
  wholeSuite('2025-11-25', 33),
  wholeSuite('2025-06-18', 27),
  wholeSuite('2026-07-28', 40),
  wholeSuite('2025-03-26', 1),
  // Without a revision every scenario runs at its newest one before 2026-07-28, the extensions among them.
  { name: 'suite all', revision: '2025-11-25', args: ['--suite', 'all'], scenarios: 65 },
];

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

// More at once would stretch the suite's own time limits (half a second for a stream) on a small machine.
const PARALLEL_RUNS = 2;

function requirementSet(revision: SuiteRun['revision'], counts: { scenarios: number; required: number }): SuiteRun {
  return { name: `requirements ${revision}`, revision, args: ['--requirements', revision], ...counts };
}

function wholeSuite(revision: SuiteRun['revision'], scenarios: number): SuiteRun {
  return { name: `suite all ${revision}`, revision, args: ['--suite', 'all', '--spec-version', revision], scenarios };
}

/** Runs one scenario with the suite's own verbose output; resolves with the suite's exit code. */
async function runOne(scenario: string, url: string): Promise<number> {
  const { binary } = await locateSuite();
  const version = options['spec-version'] === undefined ? [] : ['--spec-version', options['spec-version']];
  const args = [binary, 'server', '--url', url, '--scenario', scenario, '--verbose', ...version];
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit', signal: stop.signal }), 'exit');
  return typeof code === 'number' ? code : 1;
}

async function runAll(url: string): Promise<number> {
  const { version } = await locateSuite();
  console.log(`@modelcontextprotocol/conformance ${version} against ${url}\n`);
  const folder = await mkdtemp(join(tmpdir(), 'slipway-conformance-'));
  const results: SuiteResult[] = [];
  try {
    const waiting = RUNS.entries();
    const work = async () => {
      for (const [index, run] of waiting) results[index] = await runSuite(run, url, folder, stop.signal);
    };
    // Every worker has ended before the folder goes, also when one of them fails.
    const workers = await Promise.allSettled(Array.from({ length: PARALLEL_RUNS }, work));
    for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  const verdicts = results.map(result => judge(result, KNOWN_GAPS, Object.keys(EXCLUDED_PREFIXES)));
  printTable(results, verdicts);
  printReasons(verdicts);
  const problems = verdicts.flatMap((verdict, index) =>
    verdict.problems.map(problem => `${RUNS[index]!.name}: ${problem}`),
  );
  problems.push(
    ...unusedGaps(
      KNOWN_GAPS,
      verdicts.map(({ used }, index) => ({ used, revision: RUNS[index]!.revision })),
    ),
  );
  const ended = fixture?.ended();
  if (ended !== undefined) problems.push(ended);
  for (const problem of problems) console.log(`FAILED  ${problem}`);
  if (problems.length > 0) console.log();
  const passed = verdicts.reduce((sum, verdict) => sum + verdict.passed, 0);
  console.log(`${passed} passed, ${problems.length} failed`);
  return problems.length === 0 ? 0 : 1;
}

function printTable(results: SuiteResult[], verdicts: Verdict[]): void {
  const rows = [['run', 'required', 'passed', 'known gaps', 'excluded', 'checks', 'problems', 'seconds']];
  for (const [index, { run, seconds }] of results.entries()) {
    const verdict = verdicts[index]!;
    rows.push([
      run.name,
      run.required === undefined ? '-' : `${verdict.requiredPassed}/${run.required}`,
      `${verdict.passed}/${run.scenarios}`,
      String(verdict.gaps.length),
      String(verdict.excluded.length),
      String(verdict.checks),
      String(verdict.problems.length),
      seconds.toFixed(1),
    ]);
  }
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)));
  for (const row of rows) {
    console.log(
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    );
  }
  console.log();
}

function printReasons(verdicts: Verdict[]): void {
  for (const gap of KNOWN_GAPS) {
    if (!verdicts.some(verdict => verdict.used.has(gap))) continue;
    const what = gap.check === undefined ? gap.scenario : `${gap.scenario}/${gap.check}`;
    console.log(`known gap  ${what} at ${gap.revisions.join(', ')} (${gap.reason})`);
  }
  for (const [prefix, reason] of Object.entries(EXCLUDED_PREFIXES)) console.log(`excluded   ${prefix}* (${reason})`);
  console.log();
}

let fixture: FixtureProcess | undefined;
try {
  if (options.url === undefined) fixture = await startFixture();
  const url = options.url ?? fixture!.url;
  process.exitCode = options.scenario === undefined ? await runAll(url) : await runOne(options.scenario, url);
  if (process.exitCode !== 0 && fixture?.log()) console.error(`\nstderr of the fixture:\n${fixture.log()}`);
} catch (error) {
  console.error(stop.signal.aborted ? 'stopped' : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  await fixture?.stop();
}
