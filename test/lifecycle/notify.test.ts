// What a service manager hears (sd_notify), at a real socket, by the real systemd-notify.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { call } from './call.ts';
import { NotifySocket } from './notify-socket.ts';
import { missing } from './programs.ts';
import { SlipwayProcess } from './slipway-process.ts';

const skip = missing('python3', 'systemd-notify');

describe('a service manager', { concurrency: 2, skip }, () => {
  test('hears when it is ready, what it does, and when it stops; in this order', async () => {
    await using socket = await NotifySocket.open();
    await using server = new SlipwayProcess({ NOTIFY_SOCKET: socket.path });
    const url = await server.listening();
    const ready = await socket.heard('READY');
    assert.deepEqual(Object.fromEntries(ready), { READY: '1', STATUS: `Serving lifecycle on ${url}` });
    assert.equal(await call(url, 'environment'), '', 'the variables are not for what the server starts');
    server.child.kill('SIGTERM');
    const stopping = await socket.heard('STOPPING');
    assert.equal(stopping.get('STOPPING'), '1');
    assert.match(stopping.get('STATUS')!, /^Stopping/);
    // 300 of the lame duck, 30,000 of the grace, 10,000 for the rest.
    assert.equal(stopping.get('EXTEND_TIMEOUT_USEC'), '40300000');
    assert.equal((await server.ended()).code, 0);
    assert.equal(socket.with('WATCHDOG').length, 0, 'nobody has asked for it');
    assert.deepEqual(
      socket.messages.map(message => [...message.keys()][0]).filter(name => name !== 'BARRIER'),
      ['READY', 'STOPPING'],
    );
  });

  test('hears every so often that the event loop turns, and no more when it does not', async () => {
    await using socket = await NotifySocket.open();
    await using server = new SlipwayProcess({ NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: 400_000 });
    const url = await server.listening();
    await socket.heard('WATCHDOG', 4);
    call(url, 'hang').catch(() => {});
    // What was sent before the call began may still be on its way.
    await pause(1_500);
    const before = socket.with('WATCHDOG').length;
    await pause(1_500);
    assert.equal(socket.with('WATCHDOG').length, before);
    assert.equal(server.child.exitCode, null);
  });

  test('hears of reloads: of the beginning, and of the end however it ends', async t => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-notify-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'slipway.config.mjs');
    writeFileSync(file, 'export default { workers: 2, lameDuckMs: 200 };\n');
    await using socket = await NotifySocket.open();
    await using server = new SlipwayProcess({ NOTIFY_SOCKET: socket.path, SLIPWAY_CONFIG: file });
    const url = await server.listening();
    assert.equal((await socket.heard('READY')).get('STATUS'), `Serving lifecycle on ${url} with 2 workers`);
    assert.equal(await call(url, 'environment'), '');
    const now = process.hrtime.bigint() / 1_000n;
    server.child.kill('SIGHUP');
    const reloading = await socket.heard('RELOADING');
    const at = BigInt(reloading.get('MONOTONIC_USEC')!);
    assert.ok(at >= now && at <= process.hrtime.bigint() / 1_000n, 'the clock is the one that systemd reads');
    assert.match((await socket.heard('READY', 2)).get('STATUS')!, /with 2 workers$/);
    writeFileSync(file, 'export default { wrokers: 2 };\n');
    server.child.kill('SIGHUP');
    assert.match((await socket.heard('READY', 3)).get('STATUS')!, /with 2 workers; the last reload was given up/);
    assert.equal(socket.with('RELOADING').length, 2);
    assert.match(server.stderr, /wrokers/);
    server.child.kill('SIGTERM');
    await socket.heard('STOPPING');
    assert.equal((await server.ended()).code, 0);
  });

  test('that can not be reached keeps nobody from serving: the log says so, once', async () => {
    const settings = { NOTIFY_SOCKET: '/nowhere/notify', WATCHDOG_USEC: 200_000 };
    await using server = new SlipwayProcess(settings);
    const url = await server.listening();
    await server.until('stderr', /systemd is not told: systemd-notify ended with code 1/);
    await using without = new SlipwayProcess({ ...settings, PATH: '/nowhere' });
    await without.until('stderr', /systemd is not told: systemd-notify can not be run \(spawn systemd-notify ENOENT\)/);
    await pause(500);
    assert.equal(server.count('stderr', /systemd is not told/), 1);
    assert.equal(without.count('stderr', /systemd is not told/), 1);
    assert.match(await call(url, 'pid'), /^\d+$/);
    for (const one of [server, without]) {
      one.child.kill('SIGTERM');
      assert.equal((await one.ended()).code, 0);
    }
  });

  test('that watches another process hears nothing of this one', async () => {
    await using socket = await NotifySocket.open();
    const settings = { NOTIFY_SOCKET: socket.path, WATCHDOG_USEC: 100_000, WATCHDOG_PID: 1 };
    await using server = new SlipwayProcess(settings);
    await server.listening();
    await socket.heard('READY');
    await pause(700);
    assert.equal(socket.with('WATCHDOG').length, 0);
  });
});
