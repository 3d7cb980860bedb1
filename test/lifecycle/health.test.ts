// /healthz and /readyz: what they say while a server starts, works, has lost what it needs, and stops. Around a drain, and
// with the checks of an author, see test/http/lame-duck.test.ts too.
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { McpServer, type RunningServer } from 'slipway';
import { Readiness } from '../../src/host/readiness.ts';
import { memoryState } from '../../src/state/memory/state.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';
import { call, status, until } from './call.ts';

function echo(): McpServer {
  const server = new McpServer({ name: 'health', version: '1.0.0' });
  server.registerTool('echo', {}, () => 'echo');
  return server;
}

/** The checks that do not hold, and why. */
async function failing(running: RunningServer): Promise<(readonly [string, string | undefined])[]> {
  const { checks } = await running.readiness();
  return checks.filter(({ ok }) => !ok).map(({ name, why }) => [name, why] as const);
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'slipway-health-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('a server', { concurrency: 2 }, () => {
  test('whose state store is lost lives, and is not ready until it is back', async t => {
    const parent = folder(t);
    const stateDir = join(parent, 'state');
    const running = await serving(t, echo(), { stateDir, logger: recordedLog() });
    assert.equal(await status(running.url, '/readyz'), 200);
    renameSync(stateDir, join(parent, 'elsewhere'));
    await until(async () => (await status(running.url, '/readyz')) === 503, 'that it is not ready');
    assert.equal(await status(running.url, '/healthz'), 200);
    const [[name, why], ...more] = (await failing(running)) as [[string, string]];
    assert.deepEqual(more, []);
    assert.equal(name, 'state store');
    assert.match(why, /^The state store can not be used: /);
    assert.equal(await call(running.url, 'echo'), 'echo', 'what needs no state is answered');
    renameSync(join(parent, 'elsewhere'), stateDir);
    await until(async () => (await status(running.url, '/readyz')) === 200, 'that it is ready again');
  });

  test('is ready only when every check holds, of the options and of the server, and each is given its time', async t => {
    const server = echo();
    let up = true;
    let aborted = false;
    server.addReadinessCheck('cache', async () => up);
    server.addReadinessCheck(
      'slow',
      signal => (up ? true : new Promise(() => signal.addEventListener('abort', () => (aborted = true)))),
      { timeoutMs: 40 },
    );
    const ready = () => {
      if (!up) throw new Error('no upstream');
    };
    const running = await serving(t, server, { ready });
    assert.equal(await status(running.url, '/readyz'), 200);
    up = false;
    await until(async () => (await status(running.url, '/readyz')) === 503, 'that it is not ready');
    assert.deepEqual(await failing(running), [
      ['ready', 'no upstream'],
      ['cache', 'it says no'],
      ['slow', "The hook 'slow' did not end within 40 ms"],
    ]);
    assert.equal(aborted, true);
    up = true;
    await until(async () => (await status(running.url, '/readyz')) === 200, 'that it is ready again');
  });

  test('that is asked by many probes at once runs its checks once', async () => {
    const state = memoryState();
    let runs = 0;
    const check = { name: 'database', timeoutMs: 1_000, run: () => void runs++ };
    const readiness = new Readiness(state, () => [check], recordedLog);
    const reports = await Promise.all(Array.from({ length: 50 }, () => readiness.report(false)));
    assert.ok(reports.every(({ ready }) => ready));
    assert.equal(runs, 1);
    assert.equal((await readiness.report(true)).ready, false, 'that it stops is known at once all the same');
    await state.close();
  });

  test('that stops is not ready from the first moment of its lame-duck time on', async t => {
    const running = await serving(t, echo(), { lameDuckMs: 4_000 });
    assert.equal(await call(running.url, 'echo'), 'echo');
    void running.close();
    assert.equal(await status(running.url, '/readyz'), 503);
    assert.equal(await status(running.url, '/healthz'), 200);
    assert.deepEqual(await failing(running), [['serving', 'it is about to stop']]);
    assert.equal(await call(running.url, 'echo'), 'echo');
  });
});
