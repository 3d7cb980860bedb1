// Sockets that another process holds and hands over (sd_listen_fds): what they are for, and what is wrong with them.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SLIPWAY } from '../cli/command-process.ts';
import { call, status, until } from './call.ts';
import { childrenOf } from './child-processes.ts';
import { missing } from './programs.ts';
import { LIFECYCLE_SERVER, type Settings } from './slipway-process.ts';
import { SocketHolder } from './socket-holder.ts';

const skip = missing('python3');
const START = [...SLIPWAY, 'start', LIFECYCLE_SERVER];
const QUICK = { SLIPWAY_LAME_DUCK_MS: 200 };

async function url(holder: SocketHolder, index = 0): Promise<string> {
  const { host, port } = await holder.target(index);
  return `http://${host}:${port}/mcp`;
}

describe('a socket that is handed over', { concurrency: 2, skip }, () => {
  test('is served; clients that come before or between servers wait', async () => {
    await using holder = new SocketHolder(START, QUICK);
    const at = await url(holder);
    const early = call(at, 'pid');
    const first = await holder.start();
    assert.equal(await early, String(first));
    assert.equal(await call(at, 'environment'), '', 'the variables are not for what the server starts');
    assert.equal(await holder.stop(), 0);
    const between = call(at, 'pid');
    const second = await holder.start();
    assert.equal(await between, String(second));
    assert.match(
      holder.program.stdout,
      new RegExp(`lifecycle listens on ${at}\n`),
      'the address is that of the socket',
    );
  });

  test('is served by workers, and still is when all of them were killed', async () => {
    await using holder = new SocketHolder(START, { ...QUICK, SLIPWAY_WORKERS: 2 });
    const at = await url(holder);
    const primary = await holder.start();
    assert.equal(await call(at, 'ppid'), String(primary));
    const workers = childrenOf(primary);
    assert.equal(workers.length, 2);
    for (const worker of workers) process.kill(worker, 'SIGKILL');
    await until(() => !childrenOf(primary).some(pid => workers.includes(pid)), 'their end');
    assert.ok(!workers.includes(Number(await call(at, 'pid'))));
    assert.equal(await holder.stop(), 0);
  });

  for (const workers of [undefined, 2]) {
    test(`with the name admin is the operator's, beside the other (workers: ${workers ?? 'none'})`, async () => {
      const variables: Settings = { ...QUICK, SOCKETS: 2, FDNAMES: 'admin:http' };
      await using holder = new SocketHolder(START, workers ? { ...variables, SLIPWAY_WORKERS: workers } : variables);
      const [admin, endpoint] = [await url(holder, 0), await url(holder, 1)];
      await holder.start();
      await holder.program.until('stdout', /lifecycle listens on/);
      assert.match(await call(endpoint, 'pid'), /^\d+$/);
      const metrics = await fetch(new URL('/metrics', admin)).then(response => response.text());
      assert.match(metrics, /^mcp_server_operation_duration_seconds_count\{.*gen_ai_tool_name="pid".*\} 1$/m);
      if (workers !== undefined) assert.match(metrics, /^slipway_workers 2$/m);
      const ready = (await fetch(new URL('/readyz', admin)).then(response => response.json())) as { ready: boolean };
      assert.equal(ready.ready, true);
      assert.equal(await status(endpoint, '/metrics'), 404, 'it is not on the public one');
      assert.equal(await holder.stop(), 0);
    });
  }

  test('for another process is left alone, and the log says so', async () => {
    await using holder = new SocketHolder(START, { ...QUICK, FDS_PID: 1, SLIPWAY_PORT: 0 });
    const held = await url(holder);
    await holder.start();
    const [, own] = await holder.program.until('stdout', /lifecycle listens on (\S+)/);
    assert.notEqual(own, held);
    assert.match(holder.program.stderr, /LISTEN_FDS is for process 1, and this is \d+: the sockets are not used/);
    assert.match(await call(own!, 'pid'), /^\d+$/);
  });

  const refused: [string, Settings, RegExp][] = [
    ['no number of sockets', { FDS: 'all' }, /LISTEN_FDS is 'all', not a number from 1/],
    ['none', { FDS: 0 }, /LISTEN_FDS is '0', not a number from 1/],
    ['no process id', { FDS_PID: 'me' }, /LISTEN_PID is 'me', not a process id/],
    ['a descriptor that is none', { FDS: 2, FDNAMES: 'http:admin' }, /descriptor 4 is not (open|a socket)/],
    ['names for others', { FDNAMES: 'http:admin' }, /LISTEN_FDNAMES has 2 names \('http:admin'\) for 1 sockets/],
    ['one that nobody would serve', { SOCKETS: 2 }, /there are 2, and one is for the endpoint/],
    ['one for the operator alone', { FDNAMES: 'admin' }, /the only socket is named 'admin'/],
  ];
  for (const [what, variables, why] of refused) {
    test(`is refused in one line: ${what}`, async () => {
      await using holder = new SocketHolder(START, { ...QUICK, ...variables });
      await holder.start();
      const [line] = await holder.program.until('stderr', /^.*\(SLIP_SOCKET_ACTIVATION\)\n/m);
      assert.match(line, why);
      assert.equal(await holder.wait(), 1);
      assert.equal(holder.program.stderr, line, 'and nothing else');
    });
  }
});
