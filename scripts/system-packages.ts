/**
 * What some tests need from the system: real nginx and Caddy in front, openssl for their certificates, promtool for the alert
 * rules, systemd's own programs for its units, python3 to hold a socket as systemd would,
 * uvicorn and Starlette for a server that redirects as they do. Installed from Debian's packages
 * where that is possible; otherwise those tests are skipped and say so.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Program, and Debian's packages that have it and what belongs to it. */
const NEEDED: readonly (readonly [program: string, ...debianPackages: string[]])[] = [
  ['nginx', 'nginx-light'],
  ['promtool', 'prometheus'],
  ['python3', 'python3'],
  ['openssl', 'openssl'],
  ['systemd-analyze', 'systemd'],
  ['caddy', 'caddy'],
  ['uvicorn', 'uvicorn', 'python3-starlette'],
];

/** Debian keeps servers where only root's path leads. */
const PATH = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];

/** Installing takes a minute at most; a registry that does not answer must not hold up the tests. */
const PATIENCE_MS = 180_000;

function isThere(program: string): boolean {
  return PATH.some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function run(program: string, args: string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const child = spawn(program, args, { stdio: 'ignore', env, timeout: PATIENCE_MS });
  return new Promise(resolve => {
    child.on('error', () => resolve(false));
    child.on('close', code => resolve(code === 0));
  });
}

/** Installs without starting services: on a developer's machine nothing must begin to listen. */
async function install(packages: string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-packages-'));
  const policy = join(folder, 'policy-rc.d');
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', POLICYRCD: policy };
  const install = (names: string[]) => run('apt-get', ['install', '-y', '--no-install-recommends', ...names], env);
  if (!(await install(packages)) && (await run('apt-get', ['update'], env)) && !(await install(packages))) {
    // One that this release of Debian does not have keeps the others away.
    for (const name of packages) await install([name]);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Sees to it that the programs are there, if it may: as root, on Debian, unless `SLIPWAY_TEST_INSTALL=0`. */
export async function installSystemPackages(): Promise<void> {
  const missing = () => NEEDED.filter(([program]) => !isThere(program));
  const packages = missing().flatMap(([, ...debianPackages]) => debianPackages);
  if (packages.length === 0) return;
  const may = process.getuid?.() === 0 && isThere('apt-get') && process.env['SLIPWAY_TEST_INSTALL'] !== '0';
  if (may) await install(packages);
  for (const [program, ...debianPackages] of missing()) {
    const line = `apt-get install ${debianPackages.join(' ')}`;
    console.log(`${program} is not installed: the tests that need it are left out. To run them: ${line}`);
  }
}
