/** The units that `slipway deploy systemd` writes, as files, and what systemd's own programs say of them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeploymentTexts, deploymentOf } from '../../src/deploy/deployment.ts';
import { systemdTarget } from '../../src/deploy/systemd/target.ts';
import { programPath } from '../lifecycle/programs.ts';
import { DOMAIN } from './nginx-site.ts';

/** Their texts by name. */
export function unitsFor(given: DeploymentTexts = {}): Record<string, string> {
  // systemd-analyze looks whether the program is there.
  const node = given.node ?? process.execPath;
  const deployment = { ...deploymentOf({ domain: DOMAIN, ...given }), node };
  return Object.fromEntries(systemdTarget.files(deployment).map(({ name, text }) => [name, text]));
}

function withFiles<Result>(texts: Readonly<Record<string, string>>, use: (paths: readonly string[]) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-units-'));
  try {
    const paths = Object.entries(texts).map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    });
    return use(paths);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `systemd-analyze verify` says; nothing where the units are well. */
export function verified(texts: Readonly<Record<string, string>>): string {
  return withFiles(texts, paths => {
    const { stdout, stderr } = spawnSync(programPath('systemd-analyze')!, ['verify', ...paths], { encoding: 'utf8' });
    return `${stdout}${stderr}`;
  });
}

/** The exposure that `systemd-analyze security` computes: 0 to 10, less is better. */
export function exposureOf(name: string, text: string): number {
  return withFiles({ [name]: text }, ([path]) => {
    const program = programPath('systemd-analyze')!;
    const { stdout } = spawnSync(program, ['security', '--offline=yes', '--no-pager', path!], { encoding: 'utf8' });
    const [, exposure] = /Overall exposure level for \S+: (\d+\.\d+)/.exec(stdout) ?? [];
    if (exposure === undefined) throw new Error(`systemd-analyze says nothing of an exposure: ${stdout}`);
    return Number(exposure);
  });
}

/** The system calls of a set of systemd (`@system-service`), or a single one. */
export function systemCalls(set: string): string[] {
  if (!set.startsWith('@')) return [set];
  const said = execFileSync(programPath('systemd-analyze')!, ['syscall-filter', '--no-pager', set], {
    encoding: 'utf8',
  });
  const names = said
    .split('\n')
    .slice(1)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  return names.flatMap(systemCalls);
}
