/** From the start of the process to the first connection it would accept, less what an empty Node process takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Measurement, Row } from './row.ts';
import { pinned, SERVER_CORE } from './server-process.ts';
import { median } from './statistics.ts';

const ROUNDS = 11;
const root = resolve(import.meta.dirname, '..');

/** Users run the built package; without a build the sources are measured, which have to be stripped of types first. */
const built = existsSync(resolve(root, 'dist/index.js'));

async function untilReady(): Promise<number> {
  const condition = built ? [] : ['--conditions=@slipway/source'];
  const command = [process.execPath, ...condition, resolve(root, 'bench/servers/start.mjs')];
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

async function measure(): Promise<Measurement> {
  await emptyProcess();
  await untilReady();
  const differences: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const empty = await emptyProcess();
    differences.push((await untilReady()) - empty);
  }
  return {
    value: median(differences),
    low: Math.min(...differences),
    high: Math.max(...differences),
    samples: ROUNDS,
  };
}

export const startRow: Row = {
  name: 'start',
  work: `start to ready (${built ? 'the built package' : 'from the sources: run npm run build first'})`,
  yardstick: 'node -e 0',
  unit: 'ms',
  target: { floor: 150, aim: 80, better: 'lower' },
  measure,
};
