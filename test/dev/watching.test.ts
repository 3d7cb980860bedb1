import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { callTool } from '../cli/call-tool.ts';
import { DevProcess, DevProject, serverText, valueText } from './dev-project.ts';

const ENV = "server.registerTool('env', {}, async () => [process.env.DEV_TEST, process.env.DEV_OWN].join(' '));";
const READS = `import { readFileSync } from 'node:fs';
const template = readFileSync('templates/hello.txt', 'utf8');
server.registerTool('template', {}, async () => template);`;

describe('slipway dev watches', { concurrency: 2 }, () => {
  test('the files that the server consists of, wherever they are, and no others', async () => {
    using project = new DevProject({
      'server.ts': serverText(
        "import '../developed-elsewhere/part.ts';".replace('../developed-elsewhere', './deep/er'),
      ),
      'deep/er/part.ts': '',
      'other.ts': '',
      'value.test.ts': '',
    });
    await using dev = new DevProcess(project);
    await dev.listening();
    for (const path of ['other.ts', 'value.test.ts', 'notes.db', 'node_modules/x.ts', '.hidden/x.ts', 'deep/x.ts']) {
      project.write(path, '// changed\n');
    }
    // Were one of those noticed, it would be told before this one, or with it.
    const told = await dev.after(() => project.write('deep/er/part.ts', '// changed\n'));
    assert.match(told, /^✓ deep\/er\/part\.ts changed: reloaded/m);
    assert.doesNotMatch(dev.stdout, /other|test\.ts|notes|node_modules|hidden|deep\/x/);
  });

  test('a folder that goes and comes back, as when branches are changed', async () => {
    using project = new DevProject({
      'server.ts': serverText("import './lib/deep/part.ts';"),
      'lib/deep/part.ts': 'export {};\n',
    });
    await using dev = new DevProcess(project);
    await dev.listening();
    await dev.after(() => project.write('lib/deep/part.ts', 'export const early = 1;\n'));
    for (let times = 0; times < 2; times++) {
      const gone = await dev.after(() => project.move('lib', 'away'));
      assert.match(gone, /^✗ lib\/deep\/part\.ts changed, and server\.ts does not load/m);
      const back = await dev.after(() => project.move('away', 'lib'));
      assert.match(back, /^✓ lib\/deep\/part\.ts changed: reloaded/m);
    }
    const told = await dev.after(() => project.write('lib/deep/part.ts', 'export const late = 1;\n'));
    assert.match(told, /^✓ lib\/deep\/part\.ts changed: reloaded/m);
  });

  test('files that a reload has brought in', async () => {
    using project = new DevProject({ 'lib/late.ts': 'export {};\n' });
    await using dev = new DevProcess(project);
    await dev.listening();
    await dev.after(() => project.write('server.ts', serverText("import './lib/late.ts';")));
    const told = await dev.after(() => project.write('lib/late.ts', 'export const late = 1;\n'));
    assert.match(told, /^✓ lib\/late\.ts changed/m);
  });

  test('slipway.config.ts, also one that was not there', async () => {
    using project = new DevProject({
      'server.ts': serverText("server.registerTool('long', {}, async () => 'x'.repeat(99));"),
    });
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    const long = async () => (await callTool(url, 'modern', 'long')).text;
    assert.equal((await long()).length, 99);
    const config = (text: string) => project.write('slipway.config.ts', `export default ${text};\n`);
    const told = await dev.after(() => config('{ maxResultChars: 50 }'));
    assert.match(told, /^✓ slipway\.config\.ts changed/m);
    assert.match(await long(), /SLIP_RESULT_TOO_LARGE/);
    const broken = await dev.after(() => config('{ maxResultChars: -1, port: 1 }'));
    assert.match(
      broken,
      /The configuration is not valid: maxResultChars in slipway\.config\.ts .*\(SLIP_CONFIG_INVALID\)/,
    );
    const moved = await dev.after(() => config('{ port: 1 }'));
    assert.equal((await long()).length, 99, 'on the port that it has');
    assert.doesNotMatch(moved, /To listen on/, 'the environment of this test decides on the port');
  });

  test('.env, whose variables are set where the environment does not say something else', async () => {
    using project = new DevProject({ 'server.ts': serverText(ENV), '.env': 'DEV_TEST=first\nDEV_OWN=file\n' });
    await using dev = new DevProcess(project, [], { DEV_OWN: 'environment' });
    const url = await dev.listening();
    assert.equal((await callTool(url, 'modern', 'env')).text, 'first environment');
    const told = await dev.after(() => project.write('.env', 'DEV_TEST="second"\n'));
    assert.match(told, /^✓ \.env changed/m);
    assert.equal((await callTool(url, 'modern', 'env')).text, 'second environment');
  });

  test('what --watch names: files that the server reads', async () => {
    using project = new DevProject({ 'server.ts': serverText(READS), 'templates/hello.txt': 'Hello', 'more.txt': '' });
    await using dev = new DevProcess(project, ['--watch', 'templates', '--watch', 'more.txt']);
    const url = await dev.listening();
    const told = await dev.after(() => project.write('templates/hello.txt', 'Good morning'));
    assert.match(told, /^✓ templates\/hello\.txt changed/m);
    assert.equal((await callTool(url, 'modern', 'template')).text, 'Good morning');
    const file = await dev.after(() => project.write('more.txt', 'more'));
    assert.match(file, /^✓ more\.txt changed/m);
    await dev.after(() => project.write('templates/deep/new.txt', 'new'));
  });

  test('a file that is saved before it is known to belong to the server', async () => {
    const waits = "console.error('loading');\nawait new Promise(resolve => setTimeout(resolve, 1_500));\n";
    const later = serverText().replace(
      "import { value } from './value.ts';",
      `${waits}const { value } = await import('./value.ts');`,
    );
    using project = new DevProject({ 'server.ts': later });
    await using dev = new DevProcess(project);
    await dev.until('stderr', /loading/);
    const told = await dev.after(() => project.write('value.ts', valueText('two')));
    assert.match(told, /^✓ value\.ts changed: reloaded/m);
    assert.equal((await callTool(await dev.listening(), 'modern', 'value')).text, 'two');
  });

  test('several files that are saved at once are one change', async () => {
    using project = new DevProject();
    await using dev = new DevProcess(project);
    const url = await dev.listening();
    const told = await dev.after(() => {
      project.write('value.ts', valueText('two'));
      project.write('server.ts', serverText("server.registerTool('fresh', {}, async () => 'x');"));
    });
    assert.match(told, /^✓ (?:value\.ts, server\.ts|server\.ts, value\.ts) changed: reloaded/m);
    assert.equal((await callTool(url, 'modern', 'value')).text, 'two');
  });
});
