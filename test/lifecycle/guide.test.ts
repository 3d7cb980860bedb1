// What docs/guides/run-as-a-service.md tells people to write is what systemd takes, and holds together with our defaults.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { DEFAULTS } from '../../src/host/configuration/defaults.ts';
import { missing, programPath } from './programs.ts';

const guide = readFileSync(resolve(import.meta.dirname, '../../docs/guides/run-as-a-service.md'), 'utf8');

function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, text]) => text!);
}

/** What systemd says of the units; nothing where they are well. */
function verified(units: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-units-'));
  try {
    const files = Object.entries(units).map(([name, text]) => {
      const file = join(folder, name);
      // Whether the program exists is the reader's affair.
      writeFileSync(file, text.replaceAll('/usr/bin/node', '/bin/true'));
      return file;
    });
    const program = programPath('systemd-analyze')!;
    return execFileSync(program, ['verify', ...files], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    return (error as { stderr: string }).stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('systemd takes the units of the guide', { skip: missing('systemd-analyze') }, () => {
  const [socket, service, more] = blocks('ini') as [string, string, string];
  const whole = service.replace('[Install]', `${more.replace('[Service]\n', '')}\n[Install]`);
  assert.equal(verified({ 'weather.socket': socket, 'weather.service': service }), '');
  assert.equal(verified({ 'weather.socket': socket, 'weather.service': whole }), '');
  assert.match(verified({ 'weather.service': service.replace('ExecStart=', 'ExecStrat=') }), /ExecStrat/);
});

test('nginx gives up an idle connection before the server does', () => {
  const [, seconds] = /keepalive_timeout (\d+)s;/.exec(blocks('nginx')[0]!)!;
  assert.ok(Number(seconds) * 1_000 < DEFAULTS.lameDuckMs);
  const [, stopSeconds] = /TimeoutStopSec=(\d+)/.exec(guide)!;
  assert.ok(Number(stopSeconds) * 1_000 >= DEFAULTS.lameDuckMs + DEFAULTS.drainGraceMs + 10_000);
});
