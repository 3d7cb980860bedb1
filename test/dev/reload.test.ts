import assert from 'node:assert/strict';
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { callTool } from '../cli/call-tool.ts';
import { DevProcess, DevProject, serverText, valueText } from './dev-project.ts';

async function valueAt(url: string): Promise<string> {
  return (await callTool(url, 'modern', 'value')).text;
}

describe('slipway dev', { concurrency: 2 }, () => {
  test('serves a changed file on the same port, and says what changed and how long it took', async () => {
    using project = new DevProject();
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    await dev.until('stdout', /Watching server\.ts/);
    assert.equal(await valueAt(url), 'one');
    const imported = await dev.after(() => project.write('value.ts', valueText('two')));
    assert.match(imported, /^✓ value\.ts changed: reloaded in \d+ ms\n/m);
    assert.equal(await valueAt(url), 'two');
    const replaced = await dev.after(() => project.replace('value.ts', valueText('three')));
    assert.match(replaced, /^✓ value\.ts changed: reloaded/m);
    assert.equal(await valueAt(url), 'three');
    assert.equal([...dev.stdout.matchAll(/listens on/g)].length, 1, 'how to connect is told once');
  });

  test('prints which tools came, went and changed', async () => {
    using project = new DevProject({ 'server.ts': serverText("server.registerTool('old', {}, async () => 'x');") });
    await using dev = new DevProcess(project);
    await dev.listening();
    const more =
      "server.registerTool('fresh', {}, async () => 'x');\nserver.registerPrompt('greet', {}, async () => 'Hi');";
    const told = await dev.after(() => project.write('server.ts', serverText(more, 'Says the value')));
    assert.match(told, /^ {2}~ tool value: description$/m);
    assert.match(told, /^ {2}- tool old$/m);
    assert.match(told, /^ {2}\+ tool fresh$/m);
    assert.match(told, /^ {2}\+ prompt greet$/m);
    const same = await dev.after(() => project.write('value.ts', valueText('two')));
    assert.doesNotMatch(same, /^ {2}[+~-]/m);
  });

  test('shows what does not load with its lines, and the last good version serves on', async () => {
    using project = new DevProject();
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    const broken = await dev.after(() => project.write('value.ts', 'export const a = 1;\nexport const value = ;\n'));
    assert.match(broken, /^✗ value\.ts changed, and server\.ts does not load: the last good version still serves\n/m);
    assert.match(broken, /'server\.ts' could not be loaded: [^\n]+ \(value\.ts:2\)\. \(SLIP_CLI_FILE_BROKEN\)/);
    assert.match(broken, /^ +> 2 \| export const value = ;$/m);
    assert.doesNotMatch(dev.stdout + dev.stderr, /^\s+at /m, 'no stack');
    assert.equal(await valueAt(url), 'one');
    await dev.after(() => project.write('value.ts', valueText('mended')));
    assert.equal(await valueAt(url), 'mended');
  });

  test('waits for a file that does not load at the start, and for one that is missing', async () => {
    using project = new DevProject({ 'server.ts': 'export default ;\n' });
    await using dev = new DevProcess(project);
    await dev.told(1);
    assert.match(dev.stdout, /^✗ server\.ts does not load: nothing serves, and requests wait for a change\n/m);
    const missing = await dev.after(() => project.write('server.ts', serverText("import './sub/absent.ts';")));
    assert.match(missing, /server\.ts imports 'sub\/absent\.ts', which does not exist/);
    project.write('sub/absent.ts', '');
    const url = await dev.listening();
    assert.equal(await valueAt(url), 'one');
    const gone = await dev.after(() => unlinkSync(join(project.folder, 'value.ts')));
    assert.match(gone, /^✗ value\.ts changed, .*\n.* imports 'value\.ts', which does not exist/m);
    await dev.after(() => project.write('value.ts', valueText('back')));
    assert.equal(await valueAt(url), 'back');
  });

  test('a request that comes while nothing serves is answered once something does', async () => {
    const pid = "server.registerTool('pid', {}, async () => process.pid);";
    using project = new DevProject({ 'server.ts': serverText(pid) });
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    await dev.after(() => project.write('value.ts', 'export const value = ;\n'));
    const serving = Number((await callTool(url, 'modern', 'pid')).text);
    // Nothing is left, and what would take its place does not load.
    await dev.after(() => process.kill(serving, 'SIGKILL'));
    const waiting = valueAt(url);
    await dev.after(() => project.write('value.ts', valueText('later')));
    assert.equal(await waiting, 'later');
  });

  test('a change while it loads gives that load up', async () => {
    using project = new DevProject();
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    project.write('value.ts', `${valueText('never')}await new Promise(resolve => setTimeout(resolve, 3_600_000));\n`);
    await new Promise(resolve => setTimeout(resolve, 300));
    const told = await dev.after(() => project.write('value.ts', valueText('two')));
    assert.match(told, /^✓ value\.ts changed: reloaded/m);
    assert.equal(await valueAt(url), 'two');
  });
});
