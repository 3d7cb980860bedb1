import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { takeStandardOutput } from '../../src/transport/stdio/standard-output.ts';
import { started, textOf } from './stdio-process.ts';

describe('standard output', { concurrency: 2 }, () => {
  test('carries messages only; what the server file prints goes to standard error', async t => {
    const server = started(t);
    await server.initialize();
    assert.equal(textOf(await server.ask('tools/call', { name: 'print' })), 'printed');
    server.hangUp();
    const { stdout, stderr } = await server.ended();
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .map(line => (JSON.parse(line) as { id: number }).id),
      [1, 2],
    );
    for (const printed of [
      'printed while loading',
      'written while loading',
      'printed by console.log',
      'printed by console.info',
      'printed by console.debug',
      'printed by process.stdout.write',
      'printed at the end',
    ]) {
      assert.ok(stderr.includes(`${printed}\n`), printed);
    }
    assert.match(stderr, /^slipway: quay serves over stdio\. The end of its input or Ctrl-C stops it\.$/m);
  });

  test('is given back once everybody who took it is done', () => {
    const { write } = process.stdout;
    const one = takeStandardOutput();
    const other = takeStandardOutput();
    assert.notEqual(process.stdout.write, write);
    one.release();
    one.release();
    assert.notEqual(process.stdout.write, write, 'the other still has it');
    other.release();
    assert.equal(process.stdout.write, write);
  });
});
