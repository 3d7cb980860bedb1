/**
 * `npm test`: formatter and linter, types, every test file, then the official conformance suite.
 * `npm test -- test/http test/cli/start.test.ts` runs only the test files below those paths.
 *
 * What tests need from the system is installed first, where that is possible (system-packages.ts).
 *
 * The last line reads `N passed, N failed` and sums all of it; the exit code is 0 only when nothing failed.
 */
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { installSystemPackages } from './system-packages.ts';
import { reportTests } from './test-report.ts';

const root = resolve(import.meta.dirname, '..');

/** A test that hangs fails after this. */
const TEST_TIMEOUT_MS = 120_000;

/** A file that leaves a socket or a timer open never ends by itself; after this, what still runs is ended and failed. */
const RUN_TIMEOUT_MS = 10 * 60_000;

interface Count {
  passed: number;
  failed: number;
}

/** Runs an npm script and shows what it prints; resolves with its exit code and its last line. */
function npmScript(name: string): Promise<{ code: number; lastLine: string }> {
  console.log(`\n> npm run ${name}`);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const child = spawn(npm, ['run', '--silent', name], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output += text;
  });
  return new Promise((done, fail) => {
    child.on('error', fail);
    child.on('close', code => done({ code: code ?? 1, lastLine: output.trimEnd().split('\n').at(-1) ?? '' }));
  });
}

/** A step that passes or fails as a whole. */
async function step(name: string): Promise<Count> {
  const { code } = await npmScript(name);
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** The conformance runner counts its scenarios itself; a run that ends badly without saying so is one failure. */
async function conformance(): Promise<Count> {
  const { code, lastLine } = await npmScript('conformance');
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lastLine) ?? [];
  if (passed === undefined) return { passed: 0, failed: 1 };
  return { passed: Number(passed), failed: code === 0 ? Number(failed) : Math.max(1, Number(failed)) };
}

async function tests(files: string[]): Promise<Count> {
  console.log(`\n> node --test (${files.length} files)`);
  const stream = run({
    files,
    cwd: root,
    // Most tests wait more than they work: for a process to start, for a time to pass.
    concurrency: availableParallelism() + 1,
    execArgv: ['--conditions=@slipway/source'],
    timeout: TEST_TIMEOUT_MS,
    signal: AbortSignal.timeout(RUN_TIMEOUT_MS),
  });
  return reportTests(stream, root);
}

const parts = process.argv.slice(2).map(part => resolve(root, part));
const files = globSync('test/**/*.test.ts', { cwd: root })
  .map(file => resolve(root, file))
  .filter(file => parts.length === 0 || parts.some(part => file === part || file.startsWith(`${part}/`)))
  .sort();

const counts: Count[] = [];
const installed = installSystemPackages();
if (parts.length === 0) counts.push(await step('lint'), await step('typecheck'));
await installed;
// A path that matches nothing is a typing mistake, not a success.
counts.push(files.length > 0 ? await tests(files) : { passed: 0, failed: 1 });
if (files.length === 0) console.error('no test file matches');
if (parts.length === 0) counts.push(await conformance());

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = counts.reduce((sum, count) => sum + count.failed, 0);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
