// The hooks of a server: where they come from, their time limits, what a process does with them, over stdio too. Their
// order among each other and around calls is in test/http/lame-duck.test.ts.
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { McpServer } from 'slipway';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';
import { SlipwayProcess, withEnvironment } from './slipway-process.ts';

const HOOKED = resolve(import.meta.dirname, 'fixtures/hooked-server.ts');

const mcp = () => new McpServer({ name: 'hooks', version: '1.0.0' });

/** What the hooks of the fixture have said. */
function said({ stderr }: { stderr: string }): string[] {
  return [...stderr.matchAll(/^hook: (.*)$/gm)].map(([, text]) => text!);
}

describe('hooks', { concurrency: 2 }, () => {
  test('of the options run around those of the server', async t => {
    const order: string[] = [];
    const server = mcp();
    server.onStart(() => void order.push('start of the server'));
    server.onStop(() => void order.push('stop of the server'));
    const running = await serving(t, server, {
      onStart: () => void order.push('start of the options'),
      onStop: () => void order.push('stop of the options'),
    });
    await running.close();
    assert.deepEqual(order, [
      'start of the options',
      'start of the server',
      'stop of the server',
      'stop of the options',
    ]);
  });

  test('that stop have a time limit each: one that misses it is told so and logged, and the others run', async t => {
    const logger = recordedLog();
    const server = mcp();
    let stopped = false;
    let aborted = false;
    server.onStop(() => void (stopped = true));
    server.onStop(signal => new Promise(() => signal.addEventListener('abort', () => (aborted = true))), {
      name: 'queue',
      timeoutMs: 30,
    });
    const running = await serving(t, server, { logger });
    assert.equal(running.stopHooksMs, 10_030);
    await running.close();
    assert.deepEqual([stopped, aborted], [true, true]);
    const [entry, ...more] = logger.entries.filter(({ level }) => level === 'error');
    assert.deepEqual(more, []);
    assert.equal(entry!.fields.during, 'stop hook queue');
    assert.equal(entry!.fields.error.code, 'SLIP_HOOK_TIMEOUT');
  });

  test('that stop run for a server that could not start too: the hook before may have opened something', async t => {
    const order: string[] = [];
    const server = mcp();
    server.onStart(() => void order.push('open'));
    server.onStart(() => Promise.reject(new Error('no')));
    server.onStart(() => void order.push('never'));
    server.onStop(() => void order.push('close'));
    await assert.rejects(serving(t, server, { logger: recordedLog() }), { code: 'SLIP_HOOK_FAILED' });
    assert.deepEqual(order, ['open', 'close']);
  });

  test('have to be functions, and their times whole numbers of milliseconds', () => {
    const server = mcp();
    const refused = (why: RegExp) => ({ code: 'SLIP_INVALID_OPTION', message: why });
    assert.throws(() => server.onStart('connect' as never), refused(/onStart.*it is no function/));
    assert.throws(() => server.onStop(() => {}, { timeoutMs: 0 }), refused(/onStop\.timeoutMs.*0 is no whole number/));
    assert.throws(() => server.addReadinessCheck('a', () => {}, { timeoutMs: 1.5 }), refused(/ready\.timeoutMs.*1\.5/));
  });

  test('run in a process that is stopped by a signal', async () => {
    await using server = new SlipwayProcess({}, [HOOKED]);
    await server.listening();
    assert.deepEqual(said(server), ['start']);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 0);
    assert.deepEqual(said(server), ['start', 'stop 2', 'stop 1']);
  });

  test('that fail keep a process from starting, in one line', async () => {
    await using server = new SlipwayProcess({ FAIL: 'start' }, [HOOKED]);
    const { code, stderr, stdout } = await server.ended();
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^slipway: The start hook 'database' failed: no database at db\.internal\..*SLIP_HOOK_FAILED/m,
    );
    assert.doesNotMatch(stdout, /listens/);
  });

  const stdio = (variables: Record<string, string> = {}) =>
    new CommandProcess(withEnvironment(variables, [...SLIPWAY, 'start', '--stdio', HOOKED]), undefined, 'pipe');

  test('run over stdio: before the first message is read, and when the client has left', async () => {
    await using server = stdio();
    const list = { jsonrpc: '2.0', id: 1, method: 'ping' };
    server.child.stdin!.write(`${JSON.stringify(list)}\n`);
    await server.until('stdout', /"id":1.*\n/);
    assert.deepEqual(said(server), ['start']);
    server.child.stdin!.end();
    const { code, stdout, stderr } = await server.ended();
    assert.equal(code, 0);
    assert.deepEqual(said(server), ['start', 'stop 2', 'stop 1']);
    assert.match(stderr, /printed by a hook/);
    assert.doesNotMatch(stdout, /printed by a hook/);
  });

  test('that fail over stdio end the process with 1, in one line', async () => {
    await using server = stdio({ FAIL: 'start' });
    const { code, stdout, stderr } = await server.ended();
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /^slipway: The start hook 'database' failed: no database at db\.internal\..*SLIP_HOOK_FAILED/m,
    );
    assert.deepEqual(said(server), ['start', 'stop 2', 'stop 1']);
  });
});
