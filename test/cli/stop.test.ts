import assert from 'node:assert/strict';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { callTool } from './call-tool.ts';
import { CommandProcess, SLIPWAY } from './command-process.ts';

const slowServer = resolve(import.meta.dirname, 'fixtures/slow-server.ts');

/** A server that is answering a call right now, for `ms` milliseconds more. */
async function busyServer(ms: number, ...flags: string[]) {
  const server = new CommandProcess([...SLIPWAY, 'start', slowServer, '--port', '0', ...flags]);
  const url = await server.listening();
  const answer = callTool(url, 'modern', 'slow', { ms }).then(
    ({ text }) => text,
    () => 'cut off',
  );
  await server.until('stderr', /begun/);
  return { server, url, answer };
}

describe('stopping slipway start', { concurrency: 2 }, () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal} lets the call in flight finish, takes no new one and exits with 0`, async () => {
      const { server, url, answer } = await busyServer(800, '--lame-duck-ms', '0', '--no-access-log');
      await using _ = server;
      server.child.kill(signal);
      await server.until('stderr', /stopping/);
      await assert.rejects(fetch(url, { method: 'POST', body: '{}' }));
      assert.equal(await answer, 'finished');
      const { code, stderr } = await server.ended();
      assert.equal(code, 0);
      assert.equal(stderr, 'begun\nslipway: stopping; calls in flight may finish. Once more stops at once.\n');
    });
  }

  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`a second signal, ${signal}, exits at once`, async () => {
      // Longer than a stopping server waits, so that only the second signal can have ended it.
      const { server, answer } = await busyServer(60_000);
      await using _ = server;
      server.child.kill('SIGINT');
      await server.until('stderr', /stopping/);
      server.child.kill(signal);
      const { code } = await server.ended();
      assert.equal(code, exitCode);
      assert.equal(await answer, 'cut off');
    });
  }

  /** @param between what happens between the start and the signal */
  async function exitsInTime(flags: string[], between: (url: string) => Promise<unknown>): Promise<void> {
    await using server = new CommandProcess([...SLIPWAY, 'start', slowServer, '--port', '0', ...flags]);
    await between(await server.listening());
    server.child.kill('SIGTERM');
    const [code] = await once(server.child, 'exit', { signal: AbortSignal.timeout(3_000) });
    assert.equal(code, 0);
  }

  test('a server that nobody has connected to exits without waiting', () => exitsInTime([], async () => {}));

  test('without a lame-duck time, neither does an idle connection keep it', () =>
    exitsInTime(['--lame-duck-ms', '0'], async url => {
      await fetch(url, { method: 'POST', body: '{}' }).then(response => response.text());
    }));
});
