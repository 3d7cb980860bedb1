// A new user's first minutes: the packed package writes a server, which installs, compiles, passes its test and serves.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callTool } from '../cli/call-tool.ts';
import { CommandProcess } from '../cli/command-process.ts';
import { installPacked, npm, type PackedPackage, runInShell } from './packed-package.ts';

describe('slipway init of the packed package', () => {
  let packed: PackedPackage;
  let project: string;

  /** A program of the new project. */
  const ours = (...args: string[]) => [join(project, 'node_modules/.bin/slipway'), ...args];

  before(async () => {
    packed = await installPacked();
    const folder = dirname(packed.project);
    project = join(folder, 'calculator');
    const init = [join(packed.project, 'node_modules/.bin/slipway'), 'init', 'calculator', '--yes'];
    // What is in npm's cache need not come over the network.
    const quick = ['env', 'npm_config_prefer_offline=true'];
    assert.match(await runInShell([...quick, ...init, '--slipway', packed.tarball], folder), /^Next$/m);
  });
  after(() => packed?.remove());

  test('depends on the release that it was given', async () => {
    const { dependencies } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    assert.equal(dependencies['slipway'], `file:${basename(packed.tarball)}`);
    const installed = await readFile(join(project, 'node_modules/slipway/package.json'), 'utf8');
    assert.equal((JSON.parse(installed) as { version: string }).version, packed.manifest.version);
  });

  test('the new server compiles, and a mistake in it does not', async () => {
    await npm(['run', '--silent', 'typecheck'], project);
    await writeFile(join(project, 'mistaken.ts'), "import server from './server.ts';\nserver.registerTol('x');\n");
    await assert.rejects(npm(['run', '--silent', 'typecheck'], project), /mistaken\.ts\(2,8\): error TS2551/);
    await writeFile(join(project, 'mistaken.ts'), '');
  });

  test('its test passes, and fails when the tool is wrong', async () => {
    assert.match(await npm(['test', '--silent'], project), /^(?:ℹ|#) pass 1$/m);
    const server = join(project, 'server.ts');
    const source = await readFile(server, 'utf8');
    await writeFile(server, source.replace('a + b', 'a - b'));
    await assert.rejects(npm(['test', '--silent'], project), /(?:ℹ|#) fail 1/);
    await writeFile(server, source);
  });

  test('npm start serves it, without an intermediate that keeps signals from it', async () => {
    await using server = new CommandProcess(ours('start', '--port', '0'), project);
    const url = await server.listening();
    assert.equal((await callTool(url, 'modern', 'add', { a: 1, b: 2 })).text, '3');
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 0);
  });

  test('slipway dev reloads it', async () => {
    await using dev = new CommandProcess(ours('dev', '--port', '0'), project);
    const url = await dev.listening();
    await dev.until('stdout', /Watching server\.ts/);
    const server = join(project, 'server.ts');
    await writeFile(server, (await readFile(server, 'utf8')).replace('a + b', 'a * b'));
    await dev.until('stdout', /server\.ts changed: reloaded/);
    assert.equal((await callTool(url, 'modern', 'add', { a: 3, b: 4 })).text, '12');
    await writeFile(server, 'export default ;\n');
    await dev.until('stdout', /^ +> 1 \| export default ;$/m);
    assert.doesNotMatch(dev.stdout + dev.stderr, /^\s+at /m);
    dev.child.kill('SIGINT');
    assert.equal((await dev.ended()).code, 0);
  });
});
