/** The package as a user gets it: packed from this checkout, installed into an empty project. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

interface Manifest {
  version: string;
  files: string[];
  devDependencies: Record<string, string>;
}

export interface PackedPackage {
  /** Paths inside the tarball. */
  readonly files: string[];
  readonly manifest: Manifest;
  /** The path of the tarball. */
  readonly tarball: string;
  /** A project with the package installed. */
  readonly project: string;
  remove(): Promise<void>;
}

/** npm and the test runner pass settings of their own down to what they start; a user's shell has none of them. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const own = /^npm_(lifecycle|package|command|execpath)|^NODE_TEST_CONTEXT$/;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  return { ...Object.fromEntries(kept), NODE_OPTIONS: '' };
}

/** Runs a program as in a user's shell; rejects with what it printed when it fails. */
export async function runInShell([program, ...args]: readonly string[], cwd: string): Promise<string> {
  try {
    return (await run(program!, args, { cwd, env: cleanEnvironment(), maxBuffer: 1e7 })).stdout;
  } catch (error) {
    // The compiler of the build reports on stdout.
    const { message, stdout } = error as { message: string; stdout: string };
    throw new Error(`${message}\n${stdout}`, { cause: error });
  }
}

export function npm(args: readonly string[], cwd: string): Promise<string> {
  return runInShell([process.platform === 'win32' ? 'npm.cmd' : 'npm', ...args], cwd);
}

/** What is built from, beside the files that are packed as they are. */
const SOURCES = ['package.json', 'scripts', 'src', 'tsconfig.json', 'tsconfig.build.json'];

/** Others may be building in the checkout at the same time. */
async function copyOfCheckout(folder: string, { files }: Manifest): Promise<string> {
  const copy = join(folder, 'checkout');
  const packed = files.filter(path => path !== 'dist');
  for (const path of [...SOURCES, ...packed]) await cp(join(ROOT, path), join(copy, path), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** Packs the checkout (which builds it) and installs the tarball, and zod, into an empty project. */
export async function installPacked(): Promise<PackedPackage> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-package-'));
  const project = join(folder, 'project');
  await mkdir(project);
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const checkout = await copyOfCheckout(folder, manifest);
  const packed = await npm(['pack', '--json', '--pack-destination', folder], checkout);
  // The build prints before the JSON does; newer npm keys the list by package name.
  const parsed = JSON.parse(packed.slice(packed.search(/^[[{]/m))) as object;
  const [entry] = Object.values(parsed) as { filename: string; files: { path: string }[] }[];
  await writeFile(join(project, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }\n');
  const zod = `zod@${manifest.devDependencies['zod']}`;
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const tarball = join(folder, entry!.filename);
  await npm(['install', tarball, zod, ...quiet], project);
  return {
    files: entry!.files.map(({ path }) => path),
    tarball,
    manifest,
    project,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Type-checks a file of a project with this checkout's compiler, strictly and without skipping declarations. */
export async function typeCheck(project: string, file: string): Promise<string> {
  const tsconfig = {
    compilerOptions: {
      strict: true,
      noEmit: true,
      target: 'es2022',
      module: 'nodenext',
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    files: [file],
  };
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify(tsconfig));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  return run(process.execPath, [compiler, '-p', '.'], { cwd: project, env: cleanEnvironment() }).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}
