/**
 * `npm run build`: the package's JavaScript and type declarations, in a fresh dist/.
 *
 * The JavaScript is bundled: node reads a few files instead of 170, which is half of the time from start to ready
 * (docs/decisions/0017-bundled-package.md). Dependencies stay outside.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { build } from 'rolldown';

const root = resolve(import.meta.dirname, '..');
const dist = resolve(root, 'dist');
const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { tsc: string } };

const { dependencies: ours } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const dependencies = Object.keys(ours);

rmSync(dist, { recursive: true, force: true });
const declarations = spawnSync(process.execPath, [resolve(dirname(manifest), bin.tsc), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (declarations.status === 0) {
  await build({
    cwd: root,
    input: { index: 'src/index.ts', 'testing/index': 'src/testing/index.ts', 'cli/main': 'src/cli/main.ts' },
    platform: 'node',
    // The oldest Node that package.json allows: what it does not know is written in other words.
    transform: { target: 'node22.18' },
    external: id => id.startsWith('node:') || dependencies.some(name => id === name || id.startsWith(`${name}/`)),
    output: {
      dir: dist,
      format: 'esm',
      entryFileNames: '[name].js',
      // One folder deep, like the entries' sources: what they read relative to themselves stays where it is.
      chunkFileNames: 'chunks/[name]-[hash].js',
      comments: { legal: true },
    },
  });
} else process.exitCode = declarations.status ?? 1;
