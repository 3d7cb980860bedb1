import assert from 'node:assert/strict';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { SLIPWAY } from '../cli/command-process.ts';
import { MODERN_META, QUAY, type StdioProcess, started, textOf } from './stdio-process.ts';

const SPINNING = resolve(import.meta.dirname, 'fixtures/spinning.ts');

/** Seconds that an ending may take beyond what it waits for: starting and stopping a process on a busy machine. */
const SLACK_MS = 4_000;

async function busy(server: StdioProcess, ms: number): Promise<number> {
  const id = server.begin('tools/call', { name: 'slow', arguments: { ms } });
  await server.until('stderr', /begun/);
  return id;
}

describe('the end of a server on stdio', { concurrency: 2 }, () => {
  test('comes with the end of the input, with code 0', async t => {
    const server = started(t);
    await server.initialize();
    const before = performance.now();
    server.hangUp();
    const { code } = await server.ended();
    assert.equal(code, 0);
    assert.ok(performance.now() - before < SLACK_MS, 'promptly');
  });

  test('comes at once where there is no input at all', async t => {
    const server = started(t);
    server.hangUp();
    assert.deepEqual([(await server.ended()).code, server.stdout], [0, '']);
  });

  test('waits for calls in flight, whose answers arrive', async t => {
    const server = started(t);
    const id = await busy(server, 700);
    server.hangUp();
    const { code } = await server.ended();
    assert.equal(code, 0);
    assert.equal(textOf(await server.answer(id).catch(() => assert.fail('no answer'))), 'finished');
  });

  test('waits no longer than its grace', async t => {
    const server = started(t);
    await busy(server, 60_000);
    const before = performance.now();
    server.hangUp();
    const { code } = await server.ended();
    const ms = performance.now() - before;
    assert.equal(code, 0);
    assert.ok(ms > 4_500 && ms < 5_000 + SLACK_MS, `${ms} ms`);
    assert.deepEqual(server.messages, []);
  });

  test('does not wait for what only the client could answer', async t => {
    const server = started(t);
    await server.initialize('2025-11-25', { elicitation: {} });
    server.begin('tools/call', { name: 'ask' });
    await server.message(({ method }) => method === 'elicitation/create');
    const before = performance.now();
    server.hangUp();
    await server.ended();
    assert.ok(performance.now() - before < SLACK_MS);
  });

  test('does not wait for listeners; they learn that it is the end', async t => {
    const server = started(t);
    const id = server.begin('subscriptions/listen', { notifications: { toolsListChanged: true }, _meta: MODERN_META });
    await server.message(({ method }) => method === 'notifications/subscriptions/acknowledged');
    const before = performance.now();
    server.hangUp();
    await server.ended();
    assert.ok(performance.now() - before < SLACK_MS);
    assert.equal((await server.message(message => message.id === id)).result?.['resultType'], 'complete');
  });

  for (const how of ['the end of its input', 'SIGTERM'] as const) {
    test(`comes after ${how} although a call keeps every timer from firing`, async t => {
      const server = started(t, [...SLIPWAY, 'start', '--stdio', SPINNING]);
      server.begin('tools/call', { name: 'spin' });
      await server.until('stderr', /begun/);
      if (how === 'SIGTERM') server.child.kill(how);
      else server.hangUp();
      const before = performance.now();
      const { stderr } = await server.ended();
      const ms = performance.now() - before;
      assert.ok(ms > 4_500 && ms < 7_000 + SLACK_MS, `${ms} ms`);
      assert.match(stderr, /a call keeps it busy beyond the time/);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} lets calls in flight finish and takes no new ones`, async t => {
      const server = started(t);
      const id = await busy(server, 1_500);
      server.child.kill(signal);
      await server.until('stderr', /stopping/);
      const refused = await server.ask('ping');
      assert.equal(refused.error?.data?.code, 'SLIP_STOPPING');
      assert.equal(textOf(await server.answer(id)), 'finished');
      assert.equal((await server.ended()).code, 0);
    });
  }

  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`a second signal, ${signal}, ends it at once`, async t => {
      const server = started(t);
      await busy(server, 60_000);
      server.child.kill('SIGINT');
      await server.until('stderr', /stopping/);
      const before = performance.now();
      server.child.kill(signal);
      assert.equal((await server.ended()).code, exitCode);
      assert.ok(performance.now() - before < SLACK_MS);
    });
  }

  test('is quiet when the client no longer reads', async t => {
    const server = started(t);
    await server.initialize();
    server.child.stdout!.destroy();
    server.begin('tools/call', { name: 'large', arguments: { bytes: 500_000 } });
    const [code] = await once(server.child, 'exit');
    assert.equal(code, 0);
    assert.doesNotMatch(server.stderr, /EPIPE|Error/);
  });

  test('comes although nobody reads the log', async t => {
    const server = started(t);
    server.child.stderr!.destroy();
    for (let times = 0; times < 3; times++) await server.ask('tools/call', { name: 'print' });
    server.hangUp();
    assert.equal((await server.ended()).code, 0);
  });

  test('leaves nothing behind the last answer', async t => {
    const server = started(t);
    server.begin('tools/call', { name: 'wait' });
    await server.until('stderr', /waiting/);
    const ping = server.begin('ping');
    await server.answer(ping);
    server.child.kill('SIGTERM');
    const { stdout, stderr } = await server.ended();
    assert.equal(stdout, `{"jsonrpc":"2.0","id":${ping},"result":{}}\n`);
    assert.match(stderr, /aborted/, 'the handler that was waited for in vain is told');
    assert.match(stderr, /printed at the end/);
  });
});

describe('before it serves', { concurrency: 2 }, () => {
  test('errors are on stderr alone, with code 1', async t => {
    const server = started(t, [...SLIPWAY, 'start', '--stdio', 'no-such-file.ts']);
    const { code, stdout, stderr } = await server.ended();
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /SLIP_CLI_FILE_MISSING/);
  });

  test('a file that never ends loading ends with the input', async t => {
    const server = started(t, [...SLIPWAY, 'start', '--stdio', resolve(import.meta.dirname, 'fixtures/loading.ts')]);
    await server.until('stderr', /loading/);
    server.hangUp(`{"jsonrpc":"2.0","id":1,"method":"ping"}\n`);
    const { code, stdout, stderr } = await server.ended();
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /its input has ended, and \S+ is still loading/);
  });

  test('a file that ends the process does not do so without a word', async t => {
    const server = started(t, [...SLIPWAY, 'start', '--stdio', resolve(import.meta.dirname, 'fixtures/leaving.ts')]);
    const { code, stdout, stderr } = await server.ended();
    assert.deepEqual([code, stdout], [0, '']);
    assert.match(stderr, /leaving\.ts ended the process while it was loaded/);
  });

  test('a file that waits for what never happens is told apart from one that waits for the client', async t => {
    const waiting = resolve(import.meta.dirname, 'fixtures/waiting.ts');
    const server = started(t, [...SLIPWAY, 'start', '--stdio', waiting]);
    const { code, stderr } = await server.ended();
    assert.equal(code, 1);
    assert.match(stderr, /waits at the top level for something that never happens/);
  });

  for (const flags of [
    ['--port', '3000'],
    ['--host', '::1'],
    ['--response-mode', 'json'],
  ]) {
    test(`${flags[0]} is refused beside --stdio`, async t => {
      const server = started(t, [...SLIPWAY, 'start', QUAY, '--stdio', ...flags]);
      const { code, stdout, stderr } = await server.ended();
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, new RegExp(`${flags[0]} is for HTTP.*SLIP_CLI_USAGE`));
    });
  }

  test('the help shows what to put into claude_desktop_config.json', async t => {
    const server = started(t, [...SLIPWAY, 'start', '--help']);
    const { stdout } = await server.ended();
    const [, snippet] = /claude_desktop_config\.json[^\n]*\n((?: {2}.*\n)+)/.exec(stdout) ?? [];
    const { mcpServers } = JSON.parse(snippet ?? '') as {
      mcpServers: Record<string, { command: string; args: string[] }>;
    };
    const [entry] = Object.values(mcpServers);
    assert.equal(entry?.command, 'npx');
    assert.deepEqual(entry?.args.slice(2, 5), ['slipway', 'start', '--stdio']);
  });
});
