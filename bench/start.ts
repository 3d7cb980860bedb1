/** From the start of the process to the first connection it would accept, less what an empty Node process takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Measurement, Row, Target } from './row.ts';
import { pinned, SERVER_CORE } from './server-process.ts';
import { median } from './statistics.ts';

const ROUNDS = 11;
const root = resolve(import.meta.dirname, '..');

/** Users run the built package; without a build the sources are measured, which have to be stripped of types first. */
const built = existsSync(resolve(root, 'dist/index.js'));

async function untilReady(args: readonly string[]): Promise<number> {
  const condition = built ? [] : ['--conditions=@slipway/source'];
  const command = [process.execPath, ...condition, resolve(root, 'bench/servers/start.mjs'), ...args];
  const begin = performance.now();
  const child = spawn(...pinned(SERVER_CORE, command), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  let stderr = '';
  child.stderr.on('data', chunk => (stderr += chunk));
  await Promise.race([once(child.stdout, 'data'), exited]);
  const elapsed = performance.now() - begin;
  if (child.exitCode !== null) throw new Error(`the server did not start:\n${stderr}`);
  child.kill('SIGKILL');
  await exited;
  return elapsed;
}

async function emptyProcess(): Promise<number> {
  const begin = performance.now();
  const child = spawn(...pinned(SERVER_CORE, [process.execPath, '-e', '0']), { stdio: 'ignore' });
  await once(child, 'exit');
  return performance.now() - begin;
}

async function measure(args: readonly string[]): Promise<Measurement> {
  await emptyProcess();
  await untilReady(args);
  const differences: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const empty = await emptyProcess();
    differences.push((await untilReady(args)) - empty);
  }
  return {
    value: median(differences),
    low: Math.min(...differences),
    high: Math.max(...differences),
    samples: ROUNDS,
  };
}

/** The state is there already, as after every start but the first: what it takes to make it is in the warm-up. */
async function measureRestart(): Promise<Measurement> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
  try {
    const measurement = await measure([folder]);
    if (!existsSync(join(folder, 'state.db'))) throw new Error('no state was kept: run npm run build first');
    return measurement;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const what = built ? 'the built package' : 'from the sources: run npm run build first';
const yardstick = 'node -e 0';
const unit = 'ms';
const target: Target = { floor: 150, aim: 80, better: 'lower' };

export const startRows: readonly Row[] = [
  { name: 'start', work: `start to ready (${what})`, yardstick, unit, target, measure: () => measure([]) },
  {
    name: 'start-sqlite',
    work: 'the same with the stateDir of a process that was killed',
    yardstick,
    unit,
    target,
    measure: measureRestart,
  },
];
