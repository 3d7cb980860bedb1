// Every rule of --check for units: what slipway deploy writes breaks none, and a change to it breaks exactly the one meant.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkText } from '../../src/deploy/check.ts';
import { SERVICE_RULES } from '../../src/deploy/systemd/service-rules.ts';
import { SOCKET_RULES } from '../../src/deploy/systemd/socket-rules.ts';
import { changed, generated, idsOf, type RuleCase } from './rule-cases.ts';
import { unitsFor } from './units.ts';

const SERVICE = generated('systemd', 'mcp-server.service');
const SOCKET = generated('systemd', 'mcp-server.socket');
const ENVIRONMENT_FILE = /EnvironmentFile=.*/;
const inService = (line: string) => [['[Service]', `[Service]\n${line}`]] as const;

const SERVICE_CASES: readonly RuleCase[] = [
  { id: 'service-type', changes: [['Type=notify', 'Type=exec']] },
  { id: 'service-notify-access', changes: [['NotifyAccess=all', 'NotifyAccess=main']] },
  { id: 'service-watchdog', changes: [['WatchdogSec=30', '']] },
  { id: 'service-watchdog', changes: [['WatchdogSec=30', 'WatchdogSec=0']] },
  { id: 'service-restart', changes: [['Restart=always', 'Restart=on-failure']] },
  { id: 'service-restart-delay', changes: [['RestartSec=1', 'RestartSec=1min']] },
  { id: 'service-reload', changes: [[/ExecReload=.*/, '']] },
  { id: 'service-reload', changes: [[/ExecReload=.*/, 'ExecReload=/bin/kill -USR2 $MAINPID']] },
  { id: 'service-stop-time', changes: [['TimeoutStopSec=60', 'TimeoutStopSec=10s']] },
  { id: 'service-kill-mode', changes: [['KillMode=mixed', '']] },
  { id: 'service-start', changes: [[/ExecStart=.*/, '']] },
  { id: 'service-start', changes: [[/ExecStart=.*/, 'ExecStart=/usr/bin/node a.js\nExecStart=/usr/bin/node b.js']] },
  { id: 'service-command', changes: [[/ExecStart=.*/, 'ExecStart=/usr/bin/npx slipway start']] },
  { id: 'service-command', changes: [[/ExecStart=.*/, 'ExecStart=/bin/sh -c "node server.js"']] },
  { id: 'service-user', changes: [['DynamicUser=yes', '']] },
  { id: 'service-user', changes: [['DynamicUser=yes', 'User=root']] },
  { id: 'service-hardening', changes: [['ProtectSystem=strict', 'ProtectSystem=full']] },
  { id: 'service-hardening', changes: [['CapabilityBoundingSet=\n', 'CapabilityBoundingSet=CAP_SYS_ADMIN\n']] },
  { id: 'service-hardening', changes: [['UMask=0077', 'UMask=0022']] },
  { id: 'service-hardening', changes: [[/SystemCallFilter=.*\n/g, '']] },
  { id: 'service-jit', changes: inService('MemoryDenyWriteExecute=yes') },
  { id: 'service-network', changes: inService('PrivateNetwork=yes') },
  { id: 'service-network', changes: [['AF_INET AF_INET6 AF_UNIX', 'AF_INET AF_INET6']] },
  { id: 'service-network', changes: [['=AF_INET AF_INET6 AF_UNIX', '=~AF_UNIX']] },
  { id: 'service-home', changes: [['/usr/bin/node', '/home/ada/.nvm/versions/node/v26/bin/node']] },
  { id: 'service-home', changes: [['WorkingDirectory=/srv/mcp-server', 'WorkingDirectory=/root/mcp']] },
  { id: 'service-home', changes: [['WorkingDirectory=/srv/mcp-server', 'WorkingDirectory=/tmp/mcp']] },
  { id: 'service-open-files', changes: [['LimitNOFILE=65536', 'LimitNOFILE=1024']] },
  { id: 'service-resources', changes: [['MemoryMax=1G', '']] },
  { id: 'service-socket', changes: [[/Requires=.*/, '']] },
  { id: 'service-network-online', changes: [['After=network-online.target', 'After=network.target']] },
  { id: 'service-boot', changes: [['WantedBy=multi-user.target', '']] },
  { id: 'service-state', changes: [[/StateDirectory=.*/, '']] },
  {
    id: 'service-public-url',
    changes: [
      [ENVIRONMENT_FILE, ''],
      [/Environment=SLIPWAY_PUBLIC_URL=.*/, ''],
      [/Environment=SLIPWAY_ALLOWED_HOSTS=.*/, ''],
    ],
  },
  {
    id: 'service-trusted-proxies',
    changes: [
      [ENVIRONMENT_FILE, ''],
      [/Environment=SLIPWAY_TRUSTED_PROXIES=.*/, ''],
    ],
  },
  { id: 'service-address', changes: inService('Environment=SLIPWAY_HOST=0.0.0.0') },
  { id: 'service-address', changes: [['slipway.js start', 'slipway.js start --host 0.0.0.0']] },
  { id: 'service-secrets', changes: inService('Environment="A=b" "DATABASE_PASSWORD=x y"') },
  { id: 'service-secrets', changes: inService('Environment=GITHUB_TOKEN=ghp_1') },
  { id: 'service-secrets', changes: inService('Environment=DATABASE_URL=postgres://ada:secret@db/app') },
  { id: 'service-credential', changes: [[/LoadCredential=.*/, '']] },
];

const SOCKET_CASES: readonly RuleCase[] = [
  { id: 'socket-stream', changes: [['ListenStream=127.0.0.1:8087', 'ListenDatagram=127.0.0.1:8087']] },
  { id: 'socket-address', changes: [['ListenStream=127.0.0.1:8087', 'ListenStream=8087']] },
  { id: 'socket-address', changes: [['ListenStream=127.0.0.1:8087', 'ListenStream=0.0.0.0:8087']] },
  { id: 'socket-accept', changes: [['Accept=no', 'Accept=yes']] },
  { id: 'socket-name', changes: [['FileDescriptorName=http', 'FileDescriptorName=admin']] },
  { id: 'socket-boot', changes: [['WantedBy=sockets.target', '']] },
];

const KINDS = [
  ['mcp-server.service', SERVICE, SERVICE_CASES, SERVICE_RULES],
  ['mcp-server.socket', SOCKET, SOCKET_CASES, SOCKET_RULES],
] as const;

for (const [name, text, cases, rules] of KINDS) {
  describe(`--check for ${name}`, () => {
    for (const given of [{}, { user: 'mcp', server: 'src/server.ts', 'max-body-bytes': '1000' }]) {
      test(`what slipway deploy writes breaks no rule (${JSON.stringify(given)})`, () => {
        assert.deepEqual(checkText(name, unitsFor({ node: '/usr/bin/node', ...given })[name]!).findings, []);
      });
    }

    for (const { id, changes } of cases) {
      test(`${id}: ${changes.map(([, replacement]) => replacement.replaceAll(/\s+/g, ' ')).join(' ') || 'a line is missing'}`, () => {
        assert.deepEqual(idsOf(checkText(name, changed(text, changes)).findings), [id]);
      });
    }

    test('every rule has a case', () => {
      const covered = new Set(cases.map(({ id }) => id));
      assert.deepEqual(
        rules.map(({ id }) => id).filter(id => !covered.has(id)),
        [],
      );
    });
  });
}

test('what a file of variables may say, and what flags say, is not told as missing', () => {
  const flags = changed(SERVICE, [
    [ENVIRONMENT_FILE, ''],
    [/Environment=SLIPWAY_.*\n/g, ''],
    [
      'slipway.js start',
      'slipway.js start --public-url https://a.example.com --trusted-proxies=loopback --state-dir /a',
    ],
  ]);
  assert.deepEqual(checkText('a.service', flags).findings, []);
  const file = changed(SERVICE, [[/Environment=SLIPWAY_.*\n/g, '']]);
  assert.deepEqual(checkText('a.service', file).findings, []);
});

test('a variable that only has to do with secrets is none', () => {
  const words = [
    'TOKENIZER=gpt',
    'OAUTH_TOKEN_URL=https://a.example.com/token',
    'ADA_PASSWORD_FILE=/run/a',
    'URL=http://a:1/b',
  ];
  const text = changed(SERVICE, inService(`Environment=${words.join(' ')}`));
  assert.deepEqual(checkText('a.service', text).findings, []);
});

describe('drop-ins', () => {
  const changes = [['MemoryMax=1G', '']] as const;

  test('say what the unit does not, and each fault is told in its file', t => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-units-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const unit = join(folder, 'a.service');
    const dropIn = join(folder, 'a.service.d', 'override.conf');
    assert.deepEqual(idsOf(checkText(unit, changed(SERVICE, changes)).findings), ['service-resources'], 'control');
    mkdirSync(join(folder, 'a.service.d'));
    writeFileSync(dropIn, '[Service]\nMemoryMax=2G\n');
    assert.deepEqual(checkText(unit, changed(SERVICE, changes)).findings, []);
    writeFileSync(dropIn, '[Service]\nMemoryMax=2G\nRestart=no\n');
    const [finding] = checkText(unit, changed(SERVICE, changes)).findings;
    assert.deepEqual([finding!.id, finding!.file, finding!.line], ['service-restart', dropIn, 3]);
    writeFileSync(dropIn, 'Restart\n');
    assert.throws(() => checkText(unit, SERVICE), { code: 'SLIP_DEPLOY_SYNTAX', message: /override\.conf.*line 1/ });
  });

  test('by themselves are asked only for what they say', () => {
    const found = checkText('a.service.d/override.conf', '[Service]\nMemoryMax=2G\nRestart=no\n').findings;
    assert.deepEqual(
      found.map(({ id, line }) => [id, line]),
      [['service-restart', 3]],
    );
  });
});
