// Several processes behind one port: they share sessions, are replaced when they end, and stop together.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { Backoff } from '../../src/host/process/backoff.ts';
import { CommandProcess } from '../cli/command-process.ts';
import { SessionClient } from '../support/session-client.ts';
import { call, differentAnswers, status, until } from './call.ts';
import { LIFECYCLE_SERVER, SlipwayProcess, withEnvironment } from './slipway-process.ts';

const fixture = (name: string) => resolve(import.meta.dirname, 'fixtures', name);
const skip = existsSync('/proc/self/stat') ? false : 'finds the workers in /proc, which only Linux has';

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const ended = (pids: readonly number[]) => until(() => !pids.some(lives), `the end of ${pids}`);

/** A call that has begun. */
async function slowCall(server: SlipwayProcess, ms: number): Promise<{ answer: Promise<string> }> {
  const count = server.count('stderr', /begun/);
  const answer = call(await server.listening(), 'slow', { ms }).catch(() => 'lost');
  await server.untilCount('stderr', /begun/, count + 1);
  return { answer };
}

/** Two workers of a primary that has its own patience; see the fixture. */
function impatient(t: TestContext, heartbeatTimeoutMs: number, startTimeoutMs: number, file: string): CommandProcess {
  const state = mkdtempSync(join(tmpdir(), 'slipway-impatient-'));
  t.after(() => rmSync(state, { recursive: true, force: true }));
  const times = [heartbeatTimeoutMs, startTimeoutMs].map(String);
  const node = [process.execPath, '--conditions=@slipway/source', fixture('impatient-primary.ts'), ...times, file];
  return new CommandProcess(
    withEnvironment({ SLIPWAY_STATE_DIR: state, SLIPWAY_PORT: 0, MARK_FILE: join(state, 'mark') }, node),
  );
}

describe('workers', { concurrency: 2, skip }, () => {
  test('serve one port, all of them, and sessions that any of them began', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2 });
    const url = await server.listening();
    const workers = server.workers().map(String);
    assert.equal(workers.length, 2);
    const client = await SessionClient.begin(url, { headers: { connection: 'close' } });
    const pids = new Set<string>();
    for (let tries = 0; pids.size < 2 && tries < 200; tries++) {
      const { result } = await client.call('pid');
      pids.add(result.content[0].text);
    }
    assert.deepEqual([...pids].sort(), workers.sort());
    assert.equal(await call(url, 'ppid'), String(server.child.pid));
    assert.equal(await call(url, 'environment'), '', 'what the primary tells them is not for what they start');
  });

  test('that end are replaced, later each time; clients that come meanwhile wait', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 1 });
    const url = await server.listening();
    const pids = new Set([await call(url, 'pid')]);
    for (let time = 1; time <= 4; time++) {
      await assert.rejects(call(url, 'exit'));
      pids.add(await call(url, 'pid'));
      await server.untilCount('stderr', /worker 1 serves again/, time);
    }
    assert.equal(pids.size, 5);
    const lines = server.stderr.split('\n').filter(line => line.startsWith('{'));
    const logged = lines.map(line => JSON.parse(line) as { time: string; msg: string; inMs?: number });
    const of = (message: RegExp) => logged.filter(({ msg }) => message.test(msg));
    assert.equal(of(/worker 1 ended unexpectedly: exit code 7/).length, 4);
    const delays = of(/is started again/);
    assert.deepEqual(
      delays.map(({ inMs }) => inMs),
      [100, 200, 400, 800],
    );
    for (const [at, { time, inMs }] of delays.entries()) {
      const waited = Date.parse(of(/serves again/)[at]!.time) - Date.parse(time);
      assert.ok(waited >= inMs! - 5, `${waited} ms rather than ${inMs}`);
    }
  });

  test('are not started again more often than every so often', () => {
    const backoff = new Backoff(100, 1_000);
    const next = () => backoff.next();
    assert.deepEqual([next(), next(), next(), next(), next(), next()], [100, 200, 400, 800, 1_000, 1_000]);
    backoff.reset();
    assert.equal(next(), 100);
  });

  test('that get a signal of their own are replaced before they go, and finish their calls', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2 });
    await server.listening();
    const calls = [await slowCall(server, 700), await slowCall(server, 700)];
    const [first] = server.workers();
    process.kill(first!, 'SIGTERM');
    await server.until('stderr', /leaves: SIGTERM/);
    for (const { answer } of calls) assert.equal(await answer, 'finished');
    await ended([first!]);
    await server.until('stderr', /serves again/);
    assert.equal((await differentAnswers(await server.listening(), 'pid', 2)).size, 2);
  });

  test('stop together: not ready, still answering new clients, until a second signal ends them at once', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2, SLIPWAY_LAME_DUCK_MS: 60_000 });
    const url = await server.listening();
    const { answer } = await slowCall(server, 60_000);
    const workers = server.workers();
    server.child.kill('SIGTERM');
    await until(async () => (await status(url, '/readyz')) === 503, 'that it is not ready');
    assert.equal(await status(url, '/healthz'), 200);
    assert.match(await call(url, 'pid'), /^\d+$/);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 143);
    assert.equal(await answer, 'lost');
    await ended(workers);
  });

  test('stop together: calls in flight are answered, then all have ended and the exit code is 0', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2 });
    const url = await server.listening();
    const calls = [await slowCall(server, 900), await slowCall(server, 900)];
    const workers = server.workers();
    server.child.kill('SIGTERM');
    for (const { answer } of calls) assert.equal(await answer, 'finished');
    assert.equal((await server.ended()).code, 0);
    await ended(workers);
    await assert.rejects(status(url, '/healthz'), 'nobody listens any more');
    assert.doesNotMatch(server.stderr, /unexpectedly/);
  });

  test('end by themselves when their primary is killed, once their calls are answered', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2 });
    await server.listening();
    const { answer } = await slowCall(server, 700);
    const workers = server.workers();
    server.child.kill('SIGKILL');
    assert.equal(await answer, 'finished');
    await ended(workers);
  });

  test('that hang are killed and replaced; those that never get ready are killed, and the others serve', async t => {
    await using hanging = impatient(t, 4_000, 60_000, LIFECYCLE_SERVER);
    await using waiting = impatient(t, 30_000, 6_000, fixture('second-never-ready.ts'));
    const url = await hanging.listening();
    call(url, 'hang').catch(() => {});
    await hanging.until('stderr', /hangs \(its event loop does not turn\) and is killed/);
    await hanging.until('stderr', /ended unexpectedly: SIGKILL/);
    await hanging.until('stderr', /serves again/);
    assert.equal((await differentAnswers(url, 'pid', 2)).size, 2);
    const other = await waiting.listening();
    assert.match(waiting.stderr, /not ready within 6000 ms: it is killed/);
    assert.match(waiting.stderr, /a worker does not start/);
    assert.equal(await call(other, 'pid'), await call(other, 'pid'));
  });

  test('are not started where the port is taken, and the message is that of one process', async t => {
    const taken = createServer().listen(0, '127.0.0.1');
    t.after(() => taken.close());
    await new Promise(listening => taken.once('listening', listening));
    const { port } = taken.address() as { port: number };
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2, SLIPWAY_PORT: port });
    const { code, stderr } = await server.ended();
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^slipway: Port ${port} on 127\\.0\\.0\\.1 is in use .*\\n$`));
  });
});
