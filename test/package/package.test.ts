import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { callTool } from '../cli/call-tool.ts';
import { CommandProcess } from '../cli/command-process.ts';
import { readmeServer } from '../readme-blocks.ts';
import { installPacked, type PackedPackage, typeCheck } from './packed-package.ts';

const SERVER = readmeServer();

/** The same with an argument that the schema does not have. */
const MISTAKEN = SERVER.replace('({ a, b })', '({ a, b, c })');

const SCRIPT = `import { serve, type RunningServer } from 'slipway';
import server from './server.ts';

const running: RunningServer = await serve(server, { port: 0 });
console.log('listens on ' + running.url);
`;

/** A user's own test. */
const TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, serveHttp } from 'slipway/testing';
import server from './server.ts';

test('adds', async () => {
  const client = await connect(server);
  const result = await client.callTool('add', { a: 1, b: 2 });
  assert.equal(result.text, '3');
  await client.close();
});

test('adds over HTTP', async () => {
  const served = await serveHttp(server);
  const client = await served.connect({ protocolVersion: '2025-11-25' });
  assert.equal((await client.callTool('add', { a: 2, b: 2 })).text, '4');
  await served.close();
});
`;

/** The same for a compiler that takes no paths that end in .ts. */
const TYPED = TEST.replace(
  "import server from './server.ts';",
  "import { McpServer } from 'slipway';\nconst server = new McpServer({ name: 'a', version: '1.0.0' });",
);

describe('the packed package in an empty project', () => {
  let packed: PackedPackage;
  const npx = (...args: string[]) => [join(packed.project, 'node_modules/.bin/slipway'), ...args];

  before(async () => {
    packed = await installPacked();
    await writeFile(join(packed.project, 'server.ts'), SERVER);
    await writeFile(join(packed.project, 'mistaken.ts'), MISTAKEN);
    await writeFile(join(packed.project, 'script.ts'), SCRIPT);
    await writeFile(join(packed.project, 'add.test.ts'), TEST);
    await writeFile(join(packed.project, 'typed.ts'), TYPED);
  });
  after(() => packed?.remove());

  test('contains what a user needs and nothing else', () => {
    const strangers = packed.files.filter(
      path => !/^(bin\/slipway\.js|dist\/.+\.(js|d\.ts)|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/.test(path),
    );
    assert.deepEqual(strangers, []);
    for (const path of [
      'bin/slipway.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
      'README.md',
      'LICENSE',
    ]) {
      assert.ok(packed.files.includes(path), path);
    }
    assert.deepEqual(
      packed.files.filter(path => /(^|\/)test\/|\.test\./.test(path)),
      [],
    );
  });

  test('brings no server, client or framework of other makers along', () => {
    for (const name of ['@modelcontextprotocol', 'express', 'fastify', 'tmcp', 'fastmcp', 'typescript', 'node']) {
      assert.ok(!existsSync(join(packed.project, 'node_modules', name)), name);
    }
    assert.ok(existsSync(join(packed.project, 'node_modules/ajv')));
  });

  test('its types accept a server and infer the arguments of a tool', async () => {
    assert.equal(await typeCheck(packed.project, 'server.ts'), '');
    assert.match(await typeCheck(packed.project, 'mistaken.ts'), /mistaken\.ts\(\d+,\d+\): error TS2339: .*'c'/);
  });

  test('npx slipway --version', async () => {
    await using command = new CommandProcess(npx('--version'), packed.project);
    assert.deepEqual(await command.ended(), { code: 0, stdout: `${packed.manifest.version}\n`, stderr: '' });
  });

  test('npx slipway start serves a TypeScript file in both eras and stops', async () => {
    await using server = new CommandProcess(npx('start', '--port', '0'), packed.project);
    const url = await server.listening();
    for (const era of ['modern', 'legacy'] as const) {
      assert.equal((await callTool(url, era, 'add', { a: 2, b: 3 })).text, '5');
    }
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 0);
  });

  test('import { serve } works in a script', async () => {
    await using script = new CommandProcess([process.execPath, 'script.ts'], packed.project);
    const url = await script.listening();
    assert.equal((await callTool(url, 'modern', 'add', { a: 20, b: 22 })).text, '42');
  });

  test('slipway/testing tests a server with node:test', async () => {
    assert.equal(await typeCheck(packed.project, 'typed.ts'), '');
    await using child = new CommandProcess(
      // As a shell would, not as a part of this run.
      ['env', '-u', 'NODE_TEST_CONTEXT', process.execPath, '--test', 'add.test.ts'],
      packed.project,
    );
    const { code, stdout, stderr } = await child.ended();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /pass 2/);
  });

  test('npx slipway call and list', async () => {
    await using call = new CommandProcess(npx('call', 'server.ts', 'add', 'a=1', 'b=2'), packed.project);
    assert.deepEqual(await call.ended(), { code: 0, stdout: '3\n', stderr: '' });
    await using list = new CommandProcess(npx('list', 'server.ts', '--json'), packed.project);
    const { tools } = JSON.parse((await list.ended()).stdout) as { tools: { name: string }[] };
    assert.equal(tools[0]!.name, 'add');
  });
});
