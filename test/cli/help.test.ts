import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { COMMANDS } from '../../src/cli/commands.ts';
import { slipway } from './command-process.ts';

describe('what slipway says about itself', { concurrency: 2 }, () => {
  for (const flag of ['--version', '-V']) {
    test(`${flag} prints the version of package.json`, async () => {
      const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
      const { version } = JSON.parse(manifest) as { version: string };
      assert.deepEqual(await slipway([flag]), { code: 0, stdout: `${version}\n`, stderr: '' });
    });
  }

  for (const args of [['--help'], ['-h'], []]) {
    test(`slipway ${args.join(' ')} lists the commands, with examples`, async () => {
      const { code, stdout, stderr } = await slipway(args);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      for (const { name, summary } of COMMANDS) {
        assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
        assert.ok(stdout.replace(/\s+/g, ' ').includes(summary), 'wrapped or not');
      }
      assert.match(stdout, /\nExamples:\n {2}slipway /);
    });
  }

  for (const { name, flags, examples, note } of COMMANDS) {
    test(`slipway ${name} --help explains every flag and shows its examples`, async () => {
      const { code, stdout, stderr } = await slipway([name, '--help']);
      assert.equal(code, 0);
      assert.equal(stderr, '');
      for (const flag of flags) {
        const value = flag.value === undefined ? '' : ` <${flag.value}>`;
        assert.match(stdout, new RegExp(`--${flag.name}${value} .*\\S`));
      }
      assert.ok(examples.length > 0);
      assert.ok(stdout.includes(note ?? ''));
      for (const { line, does } of examples) {
        assert.ok(line.startsWith(`slipway ${name}`));
        assert.match(stdout, new RegExp(`^  ${line.replaceAll('.', '\\.')} +${does.replaceAll('.', '\\.')}$`, 'm'));
      }
    });
  }
});
