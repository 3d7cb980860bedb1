// What a process has written when it is over, however it ended.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { callTool } from '../support/mcp-post.ts';
import { eventually } from '../support/serving.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/logging-process.ts');

function argumentsOf(...rest: string[]): string[] {
  return ['--conditions=@slipway/source', FIXTURE, ...rest];
}

// biome-ignore lint/suspicious/noExplicitAny: lines of every shape
function linesIn(text: string): any[] {
  return text
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line));
}

function run(...rest: string[]): { stderr: string; status: number | null } {
  return spawnSync(process.execPath, argumentsOf(...rest), { encoding: 'utf8', timeout: 10_000 });
}

for (const [ending, status] of [
  ['return', 0],
  ['exit', 3],
  ['throw', 1],
] as const) {
  test(`lines of before pino is loaded are written when the process ends (${ending})`, () => {
    const before = Date.now();
    const result = run(ending);
    assert.equal(result.status, status, result.stderr);
    const [first, second, ...more] = linesIn(result.stderr);
    assert.deepEqual(more, []);
    const { time, pid, ...rest } = first;
    assert.deepEqual(rest, { level: 'info', password: '[redacted]', a: 1, msg: 'first' });
    assert.equal(new Date(time).toISOString(), time);
    assert.ok(new Date(time).getTime() >= before && new Date(time).getTime() <= Date.now());
    assert.ok(pid > 0 && pid === second.pid);
    assert.equal(second.part, 'state');
    assert.equal(second.error.message, 'told');
    assert.equal(second.error.cause.message, 'why');
    assert.match(second.error.stack, /logging-process/);
  });
}

test('waiting lines keep their time and their order; pino writes the same shape as its stand-in', () => {
  const { stderr, status } = run('flush');
  assert.equal(status, 0, stderr);
  const lines = linesIn(stderr);
  assert.deepEqual(
    lines.map(({ msg, level }) => [msg, level]),
    [
      ['first', 'info'],
      ['second', 'warn'],
      ['third', 'error'],
      ['fourth', 'error'],
    ],
  );
  assert.deepEqual([lines[2].pinoIsLoaded, lines[3].pinoIsLoaded], [false, true]);
  const times = lines.map(({ time }) => Date.parse(time));
  assert.ok(times[2]! - times[0]! >= 29, 'the first line was made 30 ms before the third');
  const withoutPino = linesIn(run('exit').stderr);
  const shape = (line: object): string[] => Object.keys(line);
  assert.deepEqual(shape(lines[0]), shape(withoutPino[0]));
  assert.deepEqual(shape(lines[1].error), shape(withoutPino[1].error));
});

test('a file gets the same lines', t => {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-log-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'out.log');
  const { stderr } = run('throw', file);
  assert.deepEqual(linesIn(stderr), []);
  assert.deepEqual(
    linesIn(readFileSync(file, 'utf8')).map(({ msg }) => msg),
    ['first', 'second'],
  );
});

function inTerminal(env: Record<string, string>): string {
  const command = [process.execPath, ...argumentsOf('flush')].map(word => `'${word}'`).join(' ');
  const { NO_COLOR: _1, FORCE_COLOR: _2, ...rest } = process.env;
  const options = { encoding: 'utf8', timeout: 10_000, env: { ...rest, TERM: 'xterm', ...env } } as const;
  return spawnSync('script', ['-qec', command, '/dev/null'], options).stdout;
}

const SCRIPT = { skip: existsSync('/usr/bin/script') ? false : 'needs script(1) for a terminal' };

test('a terminal gets lines for people, in colour unless NO_COLOR says no', SCRIPT, () => {
  const ESC = '\u001b[';
  const coloured = inTerminal({});
  assert.ok(coloured.includes(ESC), coloured);
  assert.match(coloured, /first/);
  assert.equal(linesIn(coloured).length, 0);
  const plain = inTerminal({ NO_COLOR: '1' });
  assert.ok(!plain.includes(ESC), plain);
  assert.match(plain, /INFO.*: first \{.*"a":1/);
  assert.match(plain, /ERROR.*: fourth/);
  assert.match(plain, /Error: told[\s\S]*logging-process/);
});

function served(t: TestContext): { child: ChildProcess; url: Promise<string> } {
  const child = spawn(process.execPath, argumentsOf('serve'), { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  child.stderr!.pause();
  const url = new Promise<string>((resolve, reject) => {
    child.stdout!.setEncoding('utf8').once('data', text => resolve(String(text).trim()));
    child.once('exit', code => reject(new Error(`it ended with ${code}`)));
  });
  return { child, url };
}

test('nobody reads standard error: calls are answered, and once somebody does, the loss is told', async t => {
  const { child, url } = served(t);
  const to = await url;
  for (let at = 0; at < 10; at++) {
    const { result } = await callTool(to, 'shout');
    assert.equal(result.content[0].text, 'done');
  }
  let text = '';
  child.stderr!.setEncoding('utf8').on('data', more => {
    text += more;
  });
  child.stderr!.resume();
  await eventually(() => text.includes('lines of this log were lost'), 'the line that tells the loss');
  const lines = linesIn(text.slice(0, text.lastIndexOf('\n')));
  const shouted = lines.filter(({ msg }) => msg === 'shouted').length;
  const { lost } = lines.find(({ msg }) => msg === 'lines of this log were lost');
  assert.ok(shouted > 100 && shouted < 1_000, `${shouted} lines of 2,000 were kept`);
  assert.ok(lost >= 2_000 - shouted - 5, `${lost} lost, ${shouted} written`);
  child.stdin!.end();
  await eventually(() => child.exitCode === 0, 'the end of the process');
});

test('nobody reads standard error: the process ends all the same', async t => {
  const { child, url } = served(t);
  await callTool(await url, 'shout');
  child.stdin!.end();
  await eventually(() => child.exitCode === 0, 'the end of the process');
});
