import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { after, describe, test } from 'node:test';
import { TYPESCRIPT, ZOD } from '../../src/cli/init/dependency-versions.ts';
import { nameOfFolder, nameProblem } from '../../src/cli/init/project-name.ts';
import { releaseOf } from '../../src/cli/init/release.ts';
import { missing, programPath } from '../lifecycle/programs.ts';
import { withEnvironment } from '../lifecycle/slipway-process.ts';
import { eventually } from '../state/eventually.ts';
import { CommandProcess, type Ended, SLIPWAY, slipway } from './command-process.ts';

const FILES = [
  '.dockerignore',
  '.gitignore',
  'Dockerfile',
  'README.md',
  'package.json',
  'server.test.ts',
  'server.ts',
  'tsconfig.json',
];
const root = mkdtempSync(join(tmpdir(), 'slipway-init-'));
after(() => rmSync(root, { recursive: true, force: true }));

let count = 0;
function emptyFolder(): string {
  const folder = join(root, String(++count));
  mkdirSync(folder);
  return folder;
}

function init(cwd: string, ...args: string[]): Promise<Ended> {
  return slipway(['init', ...args], cwd);
}

interface Manifest {
  name: string;
  type: string;
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

function manifestIn(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

describe('slipway init', { concurrency: 2 }, () => {
  test('writes a project and says what to do next', async () => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await init(cwd, 'My Weather', '--no-install');
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const folder = join(cwd, 'My Weather');
    assert.deepEqual(readdirSync(folder).sort(), FILES);
    const { name, type, scripts, dependencies } = manifestIn(folder);
    assert.equal(name, 'my-weather');
    assert.equal(type, 'module');
    assert.deepEqual(Object.keys(scripts), ['start', 'dev', 'test', 'typecheck', 'deploy']);
    assert.match(dependencies['slipway']!, /^\^\d+\.\d+\.\d+$/);
    assert.match(readFileSync(join(folder, 'server.ts'), 'utf8'), /new McpServer\(\{ name: 'my-weather',/);
    assert.match(stdout, /\nNext\n {2}cd 'My Weather'\n {2}npm install\n {2}npm run dev /);
    assert.match(stdout, /\n {2}npx slipway call server\.ts add a=1 b=2 /);
  });

  test('takes the current folder and a scoped name; the server is named without the scope', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await init(cwd, '--name', '@me/weather', '--no-install', '--yes');
    assert.equal(code, 0);
    assert.equal(manifestIn(cwd).name, '@me/weather');
    assert.match(readFileSync(join(cwd, 'server.ts'), 'utf8'), /name: 'weather'/);
    assert.doesNotMatch(stdout, /\n {2}cd /);
  });

  test('depends on what --slipway names', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'slipway-9.9.9.tgz'), 'packed');
    const { stdout } = await init(cwd, 'new', '--slipway', 'slipway-9.9.9.tgz', '--no-install');
    const folder = join(cwd, 'new');
    assert.equal(manifestIn(folder).dependencies['slipway'], 'file:slipway-9.9.9.tgz');
    // It is there, too, where the project is built: in an image, on another machine.
    assert.equal(readFileSync(join(folder, 'slipway-9.9.9.tgz'), 'utf8'), 'packed');
    assert.match(stdout, /README\.md, slipway-9\.9\.9\.tgz\n/);
  });

  test('writes nothing when --slipway names a file that is not there', async () => {
    const cwd = emptyFolder();
    const { code, stderr } = await init(cwd, 'new', '--slipway', './absent.tgz', '--yes');
    assert.equal(code, 1);
    assert.match(stderr, /'\.\/absent\.tgz', and there is no such file.*\(SLIP_CLI_USAGE\)\n$/);
    assert.deepEqual(readdirSync(cwd), []);
  });

  test('never overwrites what is in a folder, unless --force', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'server.ts'), 'mine');
    writeFileSync(join(cwd, 'other.ts'), 'mine');
    const refused = await init(cwd, '--no-install', '--yes');
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^slipway: .* it is not empty \(other\.ts, server\.ts\)\. [^\n]+\(SLIP_INIT_FOLDER\)\n$/,
    );
    assert.deepEqual(readdirSync(cwd).sort(), ['other.ts', 'server.ts']);
    assert.equal(readFileSync(join(cwd, 'server.ts'), 'utf8'), 'mine');

    const forced = await init(cwd, '--no-install', '--force');
    assert.equal(forced.code, 0);
    assert.match(forced.stdout, /^Overwritten: server\.ts$/m);
    assert.notEqual(readFileSync(join(cwd, 'server.ts'), 'utf8'), 'mine');
    assert.equal(readFileSync(join(cwd, 'other.ts'), 'utf8'), 'mine');
  });

  test('a folder with nothing but a repository counts as empty', async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, '.git'));
    assert.equal((await init(cwd, '--no-install')).code, 0);
    assert.ok(existsSync(join(cwd, 'server.ts')));
  });

  test('refuses a file in place of a folder, and names that npm refuses', async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, 'file'), '');
    assert.match((await init(cwd, 'file')).stderr, /there is a file of that name.*\(SLIP_INIT_FOLDER\)\n$/);
    for (const name of ['Upper', 'slipway', '']) {
      const { code, stderr } = await init(cwd, 'new', `--name=${name}`);
      assert.equal(code, 1);
      assert.match(stderr, /^slipway: [^\n]+\(SLIP_INIT_NAME\)\n$/);
    }
    assert.ok(!existsSync(join(cwd, 'new')));
  });
});

describe('slipway init and npm', {
  skip: process.platform === 'win32' && 'the npm of this test is a shell script',
}, () => {
  /** A PATH with an npm that does what the script says. */
  function pathWith(npm: string): string {
    const bin = emptyFolder();
    writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
    chmodSync(join(bin, 'npm'), 0o755);
    return `${bin}${delimiter}${process.env['PATH']}`;
  }

  async function initWith(npm: string, cwd: string, ...args: string[]): Promise<Ended> {
    const line = withEnvironment({ PATH: pathWith(npm) }, [...SLIPWAY, 'init', ...args]);
    await using child = new CommandProcess(line, cwd);
    return await child.ended();
  }

  test('installs in the new folder', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await initWith('echo "$@" > ran', cwd, 'new', '--yes');
    assert.equal(code, 0);
    assert.match(readFileSync(join(cwd, 'new/ran'), 'utf8'), /^install\b/);
    assert.doesNotMatch(stdout, /^ {2}npm install/m);
  });

  test('Ctrl-C ends npm, and is no success', { skip: missing('python3') }, async () => {
    const cwd = emptyFolder();
    const command = [programPath('python3')!, TERMINAL, JSON.stringify([['Installing', '\x03']]), ...SLIPWAY];
    const words = [...command, 'init', 'new', '--name', 'new', '--install'];
    const PATH = pathWith("trap 'kill $!; echo > ended; exit' TERM; sleep 60 & echo > begun; wait");
    await using child = new CommandProcess(withEnvironment({ PATH, NO_COLOR: '1', TERM: 'xterm' }, words), cwd);
    const { code, stdout } = await child.ended();
    assert.equal(code, 130, stdout);
    assert.match(stdout, /The files are in place: run npm install in the folder/);
    assert.ok(existsSync(join(cwd, 'new/server.ts')));
    if (existsSync(join(cwd, 'new/begun'))) await eventually(() => existsSync(join(cwd, 'new/ended')));
  });

  test('--no-install leaves it to the user', async () => {
    const cwd = emptyFolder();
    await initWith('echo "$@" > ran', cwd, 'new', '--no-install');
    assert.ok(!existsSync(join(cwd, 'new/ran')));
  });

  test('says why nothing was installed', async () => {
    const absent = "echo 'npm error code E404'; echo \"npm error 404 'slipway@^9' is not here\" >&2; exit 1";
    const unknown = await initWith(absent, emptyFolder(), 'new');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /\nslipway: [^\n]+ name a tarball with --slipway\. [^\n]+\(SLIP_INIT_INSTALL\)\n$/);
    const offline = await initWith(
      "echo 'npm error code ENET\nnpm error no network' >&2; exit 1",
      emptyFolder(),
      'new',
    );
    assert.match(offline.stderr, /not installed: no network\. [^\n]+\(SLIP_INIT_INSTALL\)\n$/);
  });
});

const TERMINAL = resolve(import.meta.dirname, 'fixtures/terminal.py');

describe('slipway init at a terminal', { skip: missing('python3') }, () => {
  async function typing(
    cwd: string,
    steps: readonly (readonly [string, string])[],
    args: string[] = [],
  ): Promise<Ended> {
    const command = [programPath('python3')!, TERMINAL, JSON.stringify(steps), ...SLIPWAY, 'init', ...args];
    await using child = new CommandProcess(withEnvironment({ NO_COLOR: '1', TERM: 'xterm' }, command), cwd);
    return await child.ended();
  }

  test('asks for what is not given', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await typing(cwd, [
      ['In which folder?', 'asked\r'],
      ['What is it called?', 'calculator\r'],
      ['Install its dependencies', 'n'],
    ]);
    assert.equal(code, 0, stdout);
    assert.equal(manifestIn(join(cwd, 'asked')).name, 'calculator');
    assert.match(stdout, /npm install/);
  });

  test('takes what it suggests for an empty answer, and does not ask for what is given', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await typing(cwd, [['What is it called?', '\r']], ['weather', '--no-install']);
    assert.equal(code, 0, stdout);
    assert.equal(manifestIn(join(cwd, 'weather')).name, 'weather');
    assert.doesNotMatch(stdout, /In which folder/);
  });

  test('asks again for an answer that it can not use', async () => {
    const cwd = emptyFolder();
    const { code } = await typing(
      cwd,
      [
        ['What is it called?', 'Upper\r'],
        ['lower-case', '\x15fine\r'],
      ],
      ['weather', '--no-install'],
    );
    assert.equal(code, 0);
    assert.equal(manifestIn(join(cwd, 'weather')).name, 'fine');
  });

  test('Ctrl-C leaves nothing behind', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await typing(cwd, [['In which folder?', '\x03']]);
    assert.equal(code, 130);
    assert.match(stdout, /Nothing was written/);
    assert.deepEqual(readdirSync(cwd), []);
  });

  test('--yes asks nothing', async () => {
    const cwd = emptyFolder();
    const { code, stdout } = await typing(cwd, [], ['weather', '--yes', '--no-install']);
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /\?/);
  });
});

describe('the parts of a new project', () => {
  test('depend on the versions that this checkout is tested with', () => {
    const { devDependencies } = manifestIn(resolve(import.meta.dirname, '../..'));
    assert.equal(ZOD, `^${devDependencies['zod']}`);
    assert.equal(TYPESCRIPT, `^${devDependencies['typescript']}`);
  });

  test('a specification of slipway is a path only where it looks like one', () => {
    for (const spec of ['1.2.3', '^1', 'latest', 'https://example.com/slipway.tgz', 'github:me/slipway']) {
      assert.deepEqual(releaseOf(spec), { spec, tarball: undefined });
    }
    const folder = emptyFolder();
    assert.deepEqual(releaseOf(folder), { spec: `file:${folder}`, tarball: undefined });
    const tarball = join(folder, 'a.tgz');
    writeFileSync(tarball, '');
    for (const spec of [tarball, `file:${tarball}`]) assert.deepEqual(releaseOf(spec), { spec: 'file:a.tgz', tarball });
    for (const spec of ['absent.tgz', './absent', `${folder}/b.tgz`]) {
      assert.throws(() => releaseOf(spec), { code: 'SLIP_CLI_USAGE' });
    }
  });

  test('a folder suggests a name', () => {
    assert.equal(nameOfFolder('/x/My Server!'), 'my-server');
    assert.equal(nameOfFolder('/x/.hidden'), 'hidden');
    for (const odd of ['/', '/x/...', '/x/slipway', '/x/日本']) assert.equal(nameOfFolder(odd), 'my-server');
  });

  test('names are those of npm', () => {
    for (const name of ['a', 'my-server', 'x.y_z', '@me/x']) assert.equal(nameProblem(name), undefined);
    for (const name of ['', 'A', '.x', '_x', 'a b', '@me', '@me/', 'zod', 'a'.repeat(215)])
      assert.ok(nameProblem(name));
  });
});
