/** `npm run build`: the package's JavaScript and type declarations, in a fresh dist/. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { tsc: string } };

rmSync(resolve(root, 'dist'), { recursive: true, force: true });
const compiler = spawnSync(process.execPath, [resolve(dirname(manifest), bin.tsc), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = compiler.status ?? 1;
