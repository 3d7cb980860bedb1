// slipway doctor server.ts: what the tools of a server file say by themselves.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { CLIENTS } from '../../src/doctor/client.ts';
import { type LintReport, lint } from '../../src/doctor/lints/lint.ts';
import { offeredTools } from '../../src/doctor/lints/offered-tools.ts';
import { loadServerFile } from '../../src/host/server-file.ts';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';

function fixture(name: string): string {
  return resolve(import.meta.dirname, 'fixtures', name);
}

async function linted(name: string): Promise<LintReport> {
  return lint(await offeredTools(await loadServerFile(fixture(name))), name, CLIENTS);
}

function rows({ report }: LintReport): readonly number[] {
  return report.findings.map(({ row }) => row).sort((one, other) => one - other);
}

async function command(...args: string[]) {
  return commandIn(undefined, ...args);
}

async function commandIn(cwd: string | undefined, ...args: string[]) {
  await using run = new CommandProcess([...SLIPWAY, 'doctor', ...args], cwd);
  // Awaited here: the process ends with this block.
  return await run.ended();
}

describe('the lints of a server file', () => {
  test('names, schemas, deadlines, questions, sizes', async () => {
    const found = await linted('risky-server.ts');
    assert.deepEqual(rows(found), [47, 48, 90, 94, 100]);
    const evidence = Object.fromEntries(found.report.findings.map(({ row, evidence: [first] }) => [row, first]));
    assert.match(JSON.stringify(evidence[47]), /'report' may take 300 s/);
    assert.match(JSON.stringify(evidence[48]), /'book' asks/);
    assert.match(JSON.stringify(evidence[90]), /files\.read/);
    assert.match(JSON.stringify(evidence[100]), /'export' may return 1000000 characters/);
  });

  test('what the directory wants, and who is without it', async () => {
    const { advice } = await linted('risky-server.ts');
    assert.deepEqual(
      advice.map(({ title, tools }) => [title, ...tools]),
      [
        ['No title', 'report'],
        ['Neither readOnlyHint nor destructiveHint', 'report'],
        ['readOnlyHint and destructiveHint together', 'book'],
        ['No description', 'files.read'],
        ['No deadline', 'files.read'],
      ],
    );
  });

  test('a careful server: nothing at all', async () => {
    const found = await linted('careful-server.ts');
    assert.deepEqual([rows(found), found.advice], [[], []]);
    assert.deepEqual(found.tools, ['read', 'book']);
  });

  test('a server that answers tools/list by itself is asked', async () => {
    const found = await linted('own-list-server.ts');
    assert.deepEqual(rows(found), [91, 92]);
  });
});

describe('slipway doctor server.ts', () => {
  test('exit code 1 for what fails the chosen client, and 0 for what fails others only', async () => {
    const claude = await command(fixture('risky-server.ts'));
    assert.equal(claude.code, 1, claude.stderr);
    assert.match(claude.stdout, /Row 90: Tool name that Claude refuses {2}fails Claude/);
    assert.match(claude.stdout, /2 things in the tools will fail Claude/);
    const chatgpt = await command(fixture('risky-server.ts'), '--profile', 'chatgpt');
    assert.equal(chatgpt.code, 0, chatgpt.stdout);
  });

  test('as JSON and as JUnit XML', async () => {
    const json = await command(fixture('risky-server.ts'), '--json');
    const report = JSON.parse(json.stdout);
    assert.deepEqual([report.format, report.exitCode, report.verdict, report.tools.length], [1, 1, 'failing', 4]);
    const junit = await command(fixture('risky-server.ts'), '--junit');
    assert.match(junit.stdout, /<testsuite name="slipway doctor: tools" tests="13" failures="2"/);
  });

  test('a deadline of the configuration is one, as slipway start would have it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slipway-doctor-lint-'));
    try {
      const file = fixture('risky-server.ts');
      await writeFile(join(folder, 'slipway.config.js'), 'export default { toolTimeoutMs: 90_000 };');
      const slow = await commandIn(folder, file);
      assert.match(slow.stdout, /'files\.read' may take 90 s/, slow.stderr);
      assert.doesNotMatch(slow.stdout, /No deadline/);
      await writeFile(join(folder, 'slipway.config.js'), 'export default { toolTimeoutMs: 0 };');
      const broken = await commandIn(folder, file);
      assert.deepEqual([broken.code, broken.stderr.includes('SLIP_CONFIG_INVALID')], [2, true], broken.stderr);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('a file that is missing, is no server, or makes none offline: exit code 2', async () => {
    for (const [file, code] of [
      [fixture('nowhere.ts'), 'SLIP_CLI_FILE_MISSING'],
      [resolve(import.meta.dirname, 'kit/running.ts'), 'SLIP_CLI_NO_SERVER'],
      [fixture('refusing-factory.ts'), 'SLIP_CLI_FILE_BROKEN'],
    ] as const) {
      const ended = await command(file);
      assert.deepEqual([ended.code, ended.stderr.includes(code)], [2, true], ended.stderr);
    }
  });
});
