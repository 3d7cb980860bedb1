// The server under what its unit allows: system calls, address families, no capabilities, its environment and its socket. What
// takes the whole of systemd (folders, users, devices, /proc) can not be tried without booting it.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseUnit, type Unit, wordsOf } from '../../src/deploy/systemd/unit.ts';
import { CommandProcess, SLIPWAY } from '../cli/command-process.ts';
import { NotifySocket } from '../lifecycle/notify-socket.ts';
import { missing, programPath } from '../lifecycle/programs.ts';
import { LIFECYCLE_SERVER, withEnvironment } from '../lifecycle/slipway-process.ts';
import { modern } from '../support/mcp-post.ts';
import { DOMAIN } from './nginx-site.ts';
import { rawPost } from './raw-post.ts';
import { systemCalls, unitsFor } from './units.ts';

const FAMILIES: Readonly<Record<string, number>> = { AF_UNIX: 1, AF_INET: 2, AF_INET6: 10 };

/** What is allowed by SystemCallFilter=, as systemd reads it: an allow-list, less what later lines take out. */
function allowedCalls(unit: Unit): string[] {
  const allowed = new Set<string>();
  for (const { value } of unit.all('Service', 'SystemCallFilter')) {
    const denied = value.startsWith('~');
    for (const call of wordsOf(value.replace(/^~/, '')).flatMap(systemCalls)) {
      if (denied) allowed.delete(call);
      else allowed.add(call);
    }
  }
  return [...allowed];
}

function confinementOf(unit: Unit) {
  const families = wordsOf(unit.value('Service', 'RestrictAddressFamilies')!);
  return {
    calls: allowedCalls(unit),
    families: families.map(family => FAMILIES[family]!),
    files: Number(unit.value('Service', 'LimitNOFILE')),
  };
}

const call = modern('tools/call', { name: 'environment', arguments: {} });

describe('under the confinement of its unit', { skip: missing('systemd-analyze', 'systemd-notify', 'python3') }, () => {
  test('the server starts, tells systemd, answers what the proxy passes on, and drains', async t => {
    const unit = parseUnit(unitsFor()['mcp-server.service']!);
    const folder = mkdtempSync(join(tmpdir(), 'slipway-confined-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'unit.json');
    writeFileSync(file, JSON.stringify(confinementOf(unit)));
    await using manager = await NotifySocket.open();
    const own = Object.fromEntries([...unit.environment()].map(([name, { text }]) => [name, text]));
    const variables = {
      ...own,
      SLIPWAY_STATE_DIR: join(folder, 'state'),
      SLIPWAY_LAME_DUCK_MS: 100,
      NOTIFY_SOCKET: manager.path,
      WATCHDOG_USEC: 1_000_000,
    };
    const confined = [programPath('python3')!, join(import.meta.dirname, 'fixtures/confined.py'), file];
    await using server = new CommandProcess(
      withEnvironment(variables, [...confined, ...SLIPWAY, 'start', LIFECYCLE_SERVER]),
    );
    const [, port] = await server.until('stdout', /holds port (\d+)/);
    await server.until('stdout', /unix/);
    // The controls: the filter is at work.
    assert.match(server.stdout, /^sched_setaffinity errno 1$/m);
    assert.match(server.stdout, /^netlink errno 1$/m);
    assert.match(server.stdout, /^unix allowed$/m);

    assert.match((await manager.heard('READY')).get('STATUS')!, /^Serving lifecycle/);
    await manager.heard('WATCHDOG', 2);
    const behind = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' };
    const answered = await rawPost(Number(port), call, { host: DOMAIN, ...behind });
    assert.equal(answered.status, 200, answered.body);
    assert.equal((await rawPost(Number(port), call, { host: 'evil.example.com', ...behind })).status, 403);
    server.child.kill('SIGTERM');
    await manager.heard('STOPPING');
    const { code, stderr } = await server.ended();
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /EPERM|systemd is told nothing/);
  });
});
