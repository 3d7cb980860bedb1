import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The revisions the suite runs at: `--spec-version`, or the revision of a requirement set. */
export type Revision = '2025-03-26' | '2025-06-18' | '2025-11-25' | '2026-07-28';

/** One entry of a `checks.json` file, as far as the verdict needs it. */
export interface Check {
  id: string;
  status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  errorMessage?: string;
  description?: string;
}

/** One invocation of the suite. */
export interface SuiteRun {
  name: string;
  revision: Revision;
  args: string[];
  /** How many scenarios the pinned release selects: a run that selects fewer proves less than it claims. */
  scenarios: number;
  /** How many of them the revision requires; only for a requirement set. */
  required?: number;
}

export interface SuiteResult {
  run: SuiteRun;
  /** Every scenario the suite announced, with its checks; `undefined` when it left no checks.json behind. */
  scenarios: Map<string, Check[] | undefined>;
  requiredNames: Set<string>;
  seconds: number;
}

const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json');

/** The suite's version and the file its `conformance` command runs. */
export async function locateSuite(): Promise<{ version: string; binary: string; root: string }> {
  const { version, bin } = JSON.parse(await readFile(manifest, 'utf8')) as {
    version: string;
    bin: { conformance: string };
  };
  const root = dirname(manifest);
  return { version, binary: join(root, bin.conformance), root };
}

/** Runs the suite's `server` command to its end and reads every checks.json it wrote below `folder`. */
export async function runSuite(run: SuiteRun, url: string, folder: string, signal: AbortSignal): Promise<SuiteResult> {
  const { binary, root } = await locateSuite();
  const output = await mkdtemp(join(folder, 'run-'));
  const started = performance.now();
  const args = ['server', '--url', url, ...run.args, '--timeout', '20000', '--output-dir', output];
  const { stdout, stderr } = await finish(spawn(process.execPath, [binary, ...args], { signal }));

  const scenarios = new Map<string, Check[] | undefined>();
  for (const [, name] of stdout.matchAll(/^=== Running scenario: (\S+) ===$/gm)) scenarios.set(name!, undefined);
  if (scenarios.size === 0) throw new Error(`${run.name}: the suite ran no scenario\n${stdout}${stderr}`);
  for (const entry of await readdir(output)) {
    const name = /^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$/.exec(entry)?.[1];
    if (name === undefined || !scenarios.has(name)) throw new Error(`${run.name}: unexpected folder ${entry}`);
    // A scenario that throws leaves its folder empty.
    const file = join(output, entry, 'checks.json');
    if (existsSync(file)) scenarios.set(name, JSON.parse(await readFile(file, 'utf8')) as Check[]);
  }
  return {
    run,
    scenarios,
    requiredNames: run.required === undefined ? new Set() : await requiredScenarios(root, run.revision),
    seconds: (performance.now() - started) / 1000,
  };
}

/** The list `server:` of a requirement set, which is a flat list of names in a YAML file. */
async function requiredScenarios(root: string, revision: Revision): Promise<Set<string>> {
  const lines = (await readFile(join(root, 'requirements', `${revision}.yaml`), 'utf8')).split('\n');
  const names = new Set<string>();
  for (const line of lines.slice(lines.indexOf('server:') + 1)) {
    const name = /^ {2}- (\S+)$/.exec(line)?.[1];
    if (name === undefined) break;
    names.add(name);
  }
  return names;
}

function finish(child: ReturnType<typeof spawn>): Promise<{ stdout: string; stderr: string }> {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', () => resolve(output));
  });
}
