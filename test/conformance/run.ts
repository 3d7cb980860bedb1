// `npm run conformance`: the official suite against the everything server, at every revision the suite knows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXCLUDED_PREFIXES } from './excluded.ts';
import { type FixtureProcess, startFixture } from './fixture-process.ts';
import { type Judged, printExclusions, printTable } from './report.ts';
import { locateSuite, runSuite, type SuiteResult, type SuiteRun } from './suite.ts';
import { judge } from './verdict.ts';

const { values: options } = parseArgs({
  options: {
    /** One scenario, with the suite's own verbose output. */
    scenario: { type: 'string' },
    'spec-version': { type: 'string' },
    /** A server that runs already, in place of the fixture. */
    url: { type: 'string' },
    /** The name of one pass; default: all of them. */
    pass: { type: 'string' },
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

/** The server with what it keeps in memory, in a directory, and with every answer an event stream out of that. */
const PASSES: Readonly<Record<string, (folder: string) => string[]>> = {
  memory: () => [],
  sqlite: folder => ['--state-dir', join(folder, 'state')],
  'sqlite, streams': folder => ['--state-dir', join(folder, 'state-of-streams'), '--response-mode', 'sse'],
};

// More at once would stretch the suite's own time limits (half a second for a stream) on a small machine.
const PARALLEL_RUNS = 2;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

function requirementSet(revision: SuiteRun['revision'], counts: { scenarios: number; required: number }): SuiteRun {
  return { name: `requirements ${revision}`, revision, args: ['--requirements', revision], ...counts };
}

function wholeSuite(revision: SuiteRun['revision'], scenarios: number): SuiteRun {
  return { name: `suite all ${revision}`, revision, args: ['--suite', 'all', '--spec-version', revision], scenarios };
}

/** Runs one scenario; resolves with the suite's exit code. */
async function runOne(scenario: string, url: string): Promise<number> {
  const { binary } = await locateSuite();
  const version = options['spec-version'] === undefined ? [] : ['--spec-version', options['spec-version']];
  const args = [binary, 'server', '--url', url, '--scenario', scenario, '--verbose', ...version];
  const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit', signal: stop.signal }), 'exit');
  return typeof code === 'number' ? code : 1;
}

async function runAll(pass: string, url: string, folder: string): Promise<Judged[]> {
  const results: SuiteResult[] = [];
  const waiting = RUNS.entries();
  const work = async () => {
    for (const [index, run] of waiting) results[index] = await runSuite(run, url, folder, stop.signal);
  };
  // Every worker has ended before the folder goes, also when one of them fails.
  const workers = await Promise.allSettled(Array.from({ length: PARALLEL_RUNS }, work));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return results.map(result => ({ pass, result, verdict: judge(result, Object.keys(EXCLUDED_PREFIXES)) }));
}

/** Starts the fixture of a pass for as long as `use` takes. */
async function withFixture<T>(pass: string, folder: string, use: (fixture: FixtureProcess) => Promise<T>): Promise<T> {
  const args = PASSES[pass];
  if (args === undefined) throw new Error(`there is no pass '${pass}', but ${Object.keys(PASSES).join(', ')}`);
  const fixture = await startFixture(args(folder));
  try {
    return await use(fixture);
  } finally {
    await fixture.stop();
  }
}

/** Every problem of a pass in one line each, and what the server said when there are some. */
function problemsOf(judged: readonly Judged[], fixture: FixtureProcess | undefined): string[] {
  const problems = judged.flatMap(({ pass, result, verdict }) =>
    verdict.problems.map(problem => `${pass}: ${result.run.name}: ${problem}`),
  );
  const ended = fixture?.ended();
  if (ended !== undefined) problems.push(ended);
  if (problems.length > 0 && fixture?.log()) console.error(`stderr of the fixture:\n${fixture.log()}`);
  return problems;
}

async function main(folder: string): Promise<number> {
  const { scenario, url } = options;
  if (scenario !== undefined) {
    if (url !== undefined) return runOne(scenario, url);
    return withFixture(options.pass ?? 'memory', folder, fixture => runOne(scenario, fixture.url));
  }
  const { version } = await locateSuite();
  console.log(`@modelcontextprotocol/conformance ${version}\n`);
  const judged: Judged[] = [];
  const problems: string[] = [];
  const take = (some: Judged[], fixture?: FixtureProcess) => {
    judged.push(...some);
    problems.push(...problemsOf(some, fixture));
  };
  if (url !== undefined) take(await runAll(url, url, folder));
  else {
    for (const pass of options.pass === undefined ? Object.keys(PASSES) : [options.pass]) {
      await withFixture(pass, folder, async fixture => take(await runAll(pass, fixture.url, folder), fixture));
    }
  }
  printTable(judged);
  printExclusions();
  for (const problem of problems) console.log(`FAILED  ${problem}`);
  if (problems.length > 0) console.log();
  const passed = judged.reduce((sum, { verdict }) => sum + verdict.passed, 0);
  console.log(`${passed} passed, ${problems.length} failed`);
  return problems.length === 0 ? 0 : 1;
}

const folder = await mkdtemp(join(tmpdir(), 'slipway-conformance-'));
try {
  process.exitCode = await main(folder);
} catch (error) {
  console.error(stop.signal.aborted ? 'stopped' : error);
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
