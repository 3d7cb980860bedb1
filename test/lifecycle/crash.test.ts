// What is thrown and not caught: it is logged, calls in flight are answered, and the process ends with 1.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { call, until } from './call.ts';
import { SlipwayProcess } from './slipway-process.ts';

const LISTENING_SERVER = resolve(import.meta.dirname, 'fixtures/listening-server.ts');

/** The lines of the log that say of something thrown. */
function faults(server: SlipwayProcess): { during: string; error: { message: string; stack: string } }[] {
  const lines = server.stderr.split('\n').filter(line => line.includes('"during"'));
  return lines.map(line => JSON.parse(line));
}

describe('something thrown that nobody catches', { concurrency: 2 }, () => {
  test('by a promise is logged once; calls in flight are answered, and the exit code is 1', async () => {
    await using server = new SlipwayProcess({});
    const url = await server.listening();
    const answer = call(url, 'slow', { ms: 900 });
    await server.until('stderr', /begun/);
    await call(url, 'reject');
    assert.equal(await answer, 'finished');
    assert.equal((await server.ended()).code, 1);
    const [fault, ...more] = faults(server);
    assert.deepEqual(more, []);
    assert.equal(fault!.during, 'unhandled rejection');
    assert.equal(fault!.error.message, 'rejected and not awaited');
    assert.match(fault!.error.stack, /lifecycle-server\.ts:\d+/);
  });

  test('by a timer, again and again: the log stays short, and it ends all the same', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_LAME_DUCK_MS: 5_000 });
    const url = await server.listening();
    const answer = call(url, 'slow', { ms: 2_000 });
    await server.until('stderr', /begun/);
    await call(url, 'throw');
    assert.equal(await answer, 'finished');
    assert.equal((await server.ended()).code, 1);
    const found = faults(server);
    assert.equal(found[0]!.during, 'uncaught exception');
    assert.equal(found[0]!.error.message, 'thrown by a timer');
    assert.equal(found[1]!.error.message, 'thrown by an interval');
    assert.ok(found.length <= 10, `${found.length} lines`);
  });

  test('while it stops anyway makes the exit code 1', async () => {
    await using server = new SlipwayProcess({ SLIPWAY_LAME_DUCK_MS: 3_000 });
    const url = await server.listening();
    await call(url, 'pid');
    server.child.kill('SIGTERM');
    await server.until('stderr', /stopping/);
    await call(url, 'reject');
    assert.equal((await server.ended()).code, 1);
    assert.equal(faults(server).length, 1);
  });

  test('is followed at once by the end, if a signal says so', async () => {
    await using server = new SlipwayProcess({});
    const url = await server.listening();
    const answer = call(url, 'slow', { ms: 60_000 }).catch(() => 'lost');
    await server.until('stderr', /begun/);
    await call(url, 'reject');
    await server.until('stderr', /unhandled rejection/);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 143);
    assert.equal(await answer, 'lost');
  });

  test('by a promise does not end a server that listens for it on its own', async () => {
    await using server = new SlipwayProcess({}, [LISTENING_SERVER]);
    const url = await server.listening();
    await call(url, 'reject');
    await server.until('stderr', /its own affair: not awaited/);
    assert.match(await call(url, 'pid'), /^\d+$/);
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 0);
  });

  const skip = existsSync('/proc/self/stat') ? false : 'finds the workers in /proc, which only Linux has';
  test('in a worker ends that worker once its successor serves; the service goes on', { skip }, async () => {
    await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 1 });
    const url = await server.listening();
    const before = await call(url, 'pid');
    const answer = call(url, 'slow', { ms: 900 });
    await server.until('stderr', /begun/);
    await call(url, 'reject');
    await server.until('stderr', /worker 1 leaves: something was thrown that nobody caught/);
    // Connections that come now are for the successor.
    assert.notEqual(await call(url, 'pid'), before);
    assert.equal(await answer, 'finished');
    await until(() => !server.workers().includes(Number(before)), 'the end of the first');
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 0);
    assert.equal(faults(server).length, 1);
  });
});
