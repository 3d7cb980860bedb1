// Output whose reader has gone, as behind `| head`.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { SLIPWAY } from './command-process.ts';

describe('an output that nobody reads any more', () => {
  for (const args of [['--help'], ['doctor', '--list']]) {
    test(`slipway ${args.join(' ')} ends without a word`, async () => {
      const [command, ...rest] = SLIPWAY;
      const child = spawn(command!, [...rest, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      const [code] = await once(child, 'close');
      assert.equal(stderr, '');
      assert.equal(code, 0);
    });
  }
});
