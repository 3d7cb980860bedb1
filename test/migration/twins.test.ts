/** Each server, with the import replaced and nothing else, is accepted by the compiler under the project's strict options. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SERVERS } from './server-list.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

function compile(project: string): Promise<string> {
  return new Promise(resolve => {
    execFile(process.execPath, [compiler, '-p', project], { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      resolve(error === null ? '' : `${stdout}${stderr}` || String(error));
    });
  });
}

test('the twins compile', { timeout: 120_000 }, async () => {
  // Inside the checkout, so that 'slipway' resolves to this package.
  const folder = await mkdtemp(join(HERE, 'twins-'));
  try {
    await mkdir(join(folder, 'servers'));
    for (const name of SERVERS) {
      const text = await readFile(join(HERE, 'servers', `${name}.ts`), 'utf8');
      const twin = text.replace(/from '@modelcontextprotocol\/(server|server\/stdio|node)'/g, "from 'slipway'");
      assert.notEqual(twin, text, name);
      await writeFile(join(folder, 'servers', `${name}.ts`), twin);
    }
    const project = { extends: '../../../tsconfig.json', include: ['servers'] };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
    assert.equal(await compile(join(folder, 'tsconfig.json')), '');
  } finally {
    await rm(folder, { recursive: true });
  }
});
