import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { callTool } from '../cli/call-tool.ts';
import { childrenOf } from '../lifecycle/child-processes.ts';
import { DevProcess, DevProject, serverText } from './dev-project.ts';

const onLinux = process.platform === 'linux' ? false : 'processes are looked up in /proc';

const MORE = `import { writeFileSync } from 'node:fs';
server.onStop(() => writeFileSync('stopped', ''));
server.registerTool('endless', {}, () => new Promise(() => console.error('called')));
server.registerTool('crash', {}, async () => void setTimeout(() => { throw new Error('late'); }));
server.registerTool('exit', {}, async () => process.exit(3));
server.registerTool('throw', {}, async () => { throw new TypeError('no such thing'); });`;

describe('slipway dev', { concurrency: 2 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`ends at once on ${signal}, with a call in flight, and leaves no process`, { skip: onLinux }, async () => {
      using project = new DevProject({ 'server.ts': serverText(MORE) });
      await using dev = new DevProcess(project);
      const url = await dev.listening();
      const call = callTool(url, 'modern', 'endless').catch(() => 'cut');
      await dev.until('stdout', /Watching/);
      await dev.until('stderr', /called/);
      const children = childrenOf(dev.child.pid!);
      assert.equal(children.length, 1);
      dev.child.kill(signal);
      assert.equal((await dev.ended()).code, 0);
      assert.ok(children.every(pid => !existsSync(`/proc/${pid}`)));
      assert.ok(existsSync(join(project.folder, 'stopped')), 'stop hooks have run');
      await call;
    });
  }

  test('a server that ended or crashed after a while is loaded again', async () => {
    using project = new DevProject({ 'server.ts': serverText(MORE) });
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    await new Promise(resolve => setTimeout(resolve, 1_100));
    const ended = await dev.after(() => void callTool(url, 'modern', 'exit').catch(() => {}));
    assert.match(ended, /^✓ the server has ended its process: reloaded/m);
    await new Promise(resolve => setTimeout(resolve, 1_100));
    const crashed = await dev.after(() => void callTool(url, 'modern', 'crash').catch(() => {}));
    assert.match(crashed, /^✓ something was thrown that nobody caught: reloaded/m);
    assert.match(dev.stderr, /uncaught exception: Error: late \(server\.ts:\d+\)\n {2}/);
    assert.equal((await callTool(url, 'modern', 'value')).text, 'one');
  });

  test('one that crashes at once waits for a change', async () => {
    using project = new DevProject({ 'server.ts': serverText("setTimeout(() => { throw new Error('soon'); }, 100);") });
    await using dev = new DevProcess(project);
    await dev.told(1);
    // On a busy machine it crashes before it serves, and is told as one that does not load.
    assert.match(dev.stdout, /^✗ (?:something was thrown that nobody caught, soon after|server\.ts does not load)/m);
    await Promise.any(
      (['stdout', 'stderr'] as const).map(stream => dev.until(stream, /Error: soon \(server\.ts:\d+\)/)),
    );
    assert.doesNotMatch(dev.stdout + dev.stderr, /^\s+at /m);
    const told = await dev.after(() => project.write('server.ts', serverText()));
    assert.match(told, /^✓ server\.ts changed: reloaded/m);
  });

  test('shows calls, and errors of handlers with their place, without frames of its own', async () => {
    using project = new DevProject({ 'server.ts': serverText(MORE) });
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    await callTool(url, 'modern', 'value');
    await callTool(url, 'modern', 'throw');
    await dev.until('stderr', /tools\/call throw tool error [\d.]+ ms\n/);
    assert.match(dev.stderr, /^\d\d:\d\d:\d\d tools\/call value ok [\d.]+ ms$/m);
    assert.match(dev.stderr, /^\S+ tools\/call throw: TypeError: no such thing \(server\.ts:\d+\)$/m);
    assert.match(dev.stderr, /^ +> \d+ \| server\.registerTool\('throw'/m);
    assert.doesNotMatch(dev.stderr, /tool-call\.ts|node:internal/);
    await fetch(url, { method: 'PUT' });
    await dev.until('stderr', /refused 405 PUT \/mcp SLIP_HTTP_METHOD\n/);
  });

  test('keeps to what is said about the log', async () => {
    using project = new DevProject();
    await using dev = new DevProcess(project, ['--log-format', 'json']);
    await callTool(await dev.listening(), 'modern', 'value');
    await dev.until('stderr', /^\{"level":"info".*"tool":"value".*\}$/m);
  });

  test('refuses a busy port and a file that is not there, in one line', async () => {
    using project = new DevProject();
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise(resolve => holder.once('listening', resolve));
    const { port } = holder.address() as { port: number };
    await using busy = new DevProcess(project, ['--port', String(port)]);
    const ended = await busy.ended();
    assert.match(ended.stderr, /^slipway: [^\n]+\(SLIP_CLI_PORT_BUSY\)\n$/);
    assert.equal(ended.code, 1);
    holder.close();
    await using absent = new DevProcess(project, ['absent.ts']);
    assert.match(
      (await absent.ended()).stderr,
      /^slipway: There is no file 'absent\.ts'[^\n]+\(SLIP_CLI_FILE_MISSING\)\n$/,
    );
  });
});
