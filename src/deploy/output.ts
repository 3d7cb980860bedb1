/** Where the generated files go: to the reader, or into a folder. */
import { existsSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { SlipwayError } from '../protocol/coded-error.ts';
import { fileFault } from '../state/file-fault.ts';
import { makeFolder } from '../state/make-folder.ts';
import type { Deployment } from './deployment.ts';
import type { GeneratedFile, Step, Target } from './target.ts';

/** One file as it is; several, each below a line with its name. */
export function printed(files: readonly GeneratedFile[]): string {
  if (files.length === 1) return files[0]!.text;
  return files.map(({ name, text }) => `# ===== ${name} =====\n${text}`).join('\n');
}

/** As it is written on a command line. */
function shown(path: string): string {
  const near = relative('', path) || '.';
  return near.startsWith('..') ? path : near;
}

/**
 * Writes the files.
 *
 * @param folder made when there is none
 * @param force whether files that are there already are overwritten
 * @returns their paths, relative to the current folder where they are below it
 * @throws SlipwayError `SLIP_DEPLOY_OUT`; nothing is written when one of them is there
 */
export function writeFiles(folder: string, files: readonly GeneratedFile[], force: boolean): readonly string[] {
  const absolute = resolve(folder);
  const there = files.map(({ name }) => name).filter(name => existsSync(join(absolute, name)));
  if (there.length > 0 && !force) {
    const why = `${there.join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`;
    throw new SlipwayError('SLIP_DEPLOY_OUT', { folder: shown(absolute), why });
  }
  try {
    makeFolder(absolute);
    // Whoever reads and writes a file in one step can not be surprised by one that appears in between.
    for (const { name, text } of files) writeFileSync(join(absolute, name), text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    throw new SlipwayError('SLIP_DEPLOY_OUT', { folder: shown(absolute), why: fileFault(error) }, { cause: error });
  }
  return files.map(({ name }) => shown(join(absolute, name)));
}

function numbered(steps: readonly Step[]): string {
  return steps
    .map(({ title, commands }, index) => `${index + 1}. ${title}:\n${commands.map(line => `   ${line}\n`).join('')}`)
    .join('\n');
}

/** What `slipway deploy --out` prints: what was written, and what to do with it. */
export function nextSteps(target: Target, deployment: Deployment, folder: string, paths: readonly string[]): string {
  return `Written: ${paths.join(', ')}
Each explains itself in comments. Next:

${numbered(target.steps(deployment, shown(resolve(folder))))}`;
}
