import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SlipwayError } from 'slipway';
import { type LogOutput, openOutput, type WriteCallback } from '../../src/host/sight/log-output.ts';
import { LineSink } from '../../src/host/sight/log-sink.ts';
import { eventually } from '../support/serving.ts';

function place(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-log-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'lines.log');
}

/** An output whose writes end when the test says so. */
class Held implements LogOutput {
  readonly isTerminal = false;
  readonly maxWriteBytes: number = 64;
  taken = '';
  readonly pieces: string[] = [];
  done: WriteCallback | undefined;
  #bytes = '';

  write(bytes: Uint8Array, done: WriteCallback): void {
    assert.equal(this.done, undefined, 'one write at a time');
    this.#bytes = Buffer.from(bytes).toString();
    this.pieces.push(this.#bytes);
    this.done = done;
  }

  /** Takes `count` characters of the piece, or fails. */
  end(error: Error | null = null, count = this.#bytes.length): void {
    const { done } = this;
    assert.ok(done !== undefined, 'nothing is being written');
    this.done = undefined;
    if (error === null) this.taken += this.#bytes.slice(0, count);
    done(error, error === null ? count : 0);
  }

  writeSync(bytes: Uint8Array): void {
    this.taken += Buffer.from(bytes).toString();
  }

  reopen(): void {}
  close(): void {}
}

function fault(code: string): Error {
  return Object.assign(new Error(code), { code, syscall: 'write' });
}

test('lines wait for each other, for as long as they may', async t => {
  const path = place(t);
  const sink = new LineSink({ output: openOutput(path, 'logFile', 0o600), flushMs: 60 });
  t.after(() => sink.close());
  sink.write('one\n');
  sink.write('two\n');
  assert.equal(readFileSync(path, 'utf8'), '');
  await eventually(() => readFileSync(path, 'utf8') === 'one\ntwo\n');
  sink.write('three\n');
  await sink.flush();
  assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\nthree\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a full batch is written at once, and what came meanwhile soon after', async t => {
  const path = place(t);
  const sink = new LineSink({ output: openOutput(path, 'logFile', 0o600), flushMs: 60_000, batchChars: 100 });
  t.after(() => sink.close());
  const line = `${'x'.repeat(59)}\n`;
  for (let at = 0; at < 20; at++) sink.write(line);
  await eventually(() => readFileSync(path, 'utf8') === line.repeat(20));
});

test('writes end where lines end, and a line longer than a write is not torn', () => {
  const output = new Held();
  const sink = new LineSink({ output });
  const lines = ['a'.repeat(30), 'b'.repeat(30), 'c'.repeat(100), 'd'];
  for (const line of lines) sink.write(`${line}\n`);
  void sink.flush();
  while (output.done !== undefined) output.end();
  assert.deepEqual(
    output.pieces.map(piece => piece.split('\n').map(line => line.length)),
    [
      [30, 30, 0],
      [100, 0],
      [1, 0],
    ],
  );
});

test('lines that came while a write was under way do not wait for the next line', async () => {
  const output = new Held();
  const sink = new LineSink({ output, flushMs: 10 });
  sink.write('first\n');
  await eventually(() => output.done !== undefined);
  sink.write('second\n');
  await new Promise(resolve => setTimeout(resolve, 30));
  output.end();
  await eventually(() => output.done !== undefined);
  output.end();
  assert.equal(output.taken, 'first\nsecond\n');
});

test('an output that takes nothing costs lines, not memory, and is told of once', async () => {
  const output = new Held();
  const told: unknown[] = [];
  const sink = new LineSink({
    output,
    batchChars: 10,
    maxChars: 1_000,
    onTrouble: why => told.push(['trouble', why]),
    onRecovery: lost => told.push(['recovery', lost]),
  });
  const line = `${'x'.repeat(9)}\n`;
  let taken = 0;
  for (let at = 0; at < 10_000; at++) if (sink.write(line)) taken++;
  assert.equal(taken, 100);
  assert.equal(sink.lost, 9_900);
  assert.deepEqual(told, [['trouble', undefined]]);
  while (output.done !== undefined) output.end();
  assert.equal(output.taken, line.repeat(100));
  assert.deepEqual(told, [
    ['trouble', undefined],
    ['recovery', 9_900],
  ]);
  assert.ok(sink.write(line), 'it takes lines again');
});

test('flushing an output that takes nothing ends', async () => {
  const output = new Held();
  const sink = new LineSink({ output });
  sink.write('x\n');
  const start = performance.now();
  await sink.flush();
  assert.ok(performance.now() - start < 4_000);
  assert.ok(output.done !== undefined, 'the control: the write never ended');
});

test('a full disk: what is kept is written when there is room, a torn line again in whole', async () => {
  const output = new Held();
  const told: string[] = [];
  const sink = new LineSink({ output, onTrouble: why => told.push(String((why as { code?: unknown }).code)) });
  sink.write('first\n');
  sink.write('second\n');
  void sink.flush();
  output.end(null, 9); // 'first\nsec'
  output.end(fault('ENOSPC'));
  sink.write('third\n');
  assert.equal(output.done, undefined, 'it is not tried at once');
  const flushed = sink.flush();
  output.end();
  output.end();
  await flushed;
  assert.equal(output.taken, 'first\nsec\nsecond\nthird\n');
  assert.deepEqual(told, ['ENOSPC']);
  assert.equal(sink.lost, 0);
});

test('a device that is full for ever is tried again, and serves nobody ill', async t => {
  const told: unknown[] = [];
  const sink = new LineSink({
    output: openOutput('/dev/full', 'logFile', 0o600),
    flushMs: 5,
    maxChars: 100,
    onTrouble: why => told.push((why as { code?: unknown }).code),
  });
  t.after(() => sink.close());
  for (let at = 0; at < 50; at++) {
    sink.write('0123456789\n');
    await sink.flush();
  }
  assert.deepEqual(told, ['ENOSPC']);
  assert.equal(sink.lost, 50 - Math.floor(100 / 11));
});

test('nothing is kept for a reader that has gone', async () => {
  const output = new Held();
  const sink = new LineSink({ output });
  sink.write('one\n');
  sink.write('two\n');
  const flushed = sink.flush();
  output.end(fault('EPIPE'));
  await flushed;
  assert.equal(sink.lost, 2);
});

test('after a rotation, old lines are in the old file and new ones in a new one', async t => {
  const path = place(t);
  const sink = new LineSink({ output: openOutput(path, 'logFile', 0o600) });
  t.after(() => sink.close());
  sink.write('before\n');
  renameSync(path, `${path}.1`);
  await sink.reopen();
  sink.write('after\n');
  await sink.flush();
  assert.equal(readFileSync(`${path}.1`, 'utf8'), 'before\n');
  assert.equal(readFileSync(path, 'utf8'), 'after\n');
});

test('a rotation that fails is told, and the old file goes on', async t => {
  const path = place(t);
  const sink = new LineSink({ output: openOutput(path, 'logFile', 0o600) });
  t.after(() => sink.close());
  rmSync(join(path, '..'), { recursive: true });
  await assert.rejects(sink.reopen(), /ENOENT/);
  sink.write('still\n');
  await sink.flush();
  assert.equal(sink.lost, 0);
});

test('two that write to one file do not tear the lines of each other', async t => {
  const path = place(t);
  const sinks = ['a', 'b'].map(name => ({ name, sink: new LineSink({ output: openOutput(path, 'logFile', 0o600) }) }));
  for (let at = 0; at < 5_000; at++) {
    for (const { name, sink } of sinks) sink.write(`${name}${at}${name.repeat(at % 300)}.\n`);
    if (at % 100 === 0) await new Promise(resolve => setImmediate(resolve));
  }
  await Promise.all(sinks.map(({ sink }) => sink.close()));
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  assert.equal(lines.length, 10_000);
  for (const line of lines) assert.match(line, /^(?:a\d+a*|b\d+b*)\.$/);
});

test('at the end of the process everything is written, the write under way included', async t => {
  const path = place(t);
  const sink = new LineSink({ output: openOutput(path, 'logFile', 0o600), batchChars: 10 });
  t.after(() => sink.close());
  sink.write('the first batch\n');
  sink.write('rest\n');
  sink.flushSync();
  sink.write('afterwards\n');
  await eventually(() => readFileSync(path, 'utf8').length === 32);
  assert.deepEqual(readFileSync(path, 'utf8').split('\n').sort(), ['', 'afterwards', 'rest', 'the first batch']);
});

test('a file that can not be had is said at the start', t => {
  const directory = join(place(t), '..');
  const isSaid = (why: RegExp) => (error: unknown) =>
    error instanceof SlipwayError && error.code === 'SLIP_INVALID_OPTION' && why.test(error.message);
  assert.throws(() => openOutput(directory, 'logFile', 0o600), isSaid(/logFile.*it is a directory/s));
  assert.throws(() => openOutput(join(directory, 'no/such'), 'auditFile', 0o600), isSaid(/auditFile.*does not exist/s));
});
