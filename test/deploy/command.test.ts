// The command: what it prints, what it writes, what it refuses.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { deploymentOf } from '../../src/deploy/deployment.ts';
import { TARGETS } from '../../src/deploy/targets.ts';
import { slipway } from '../cli/command-process.ts';
import { guideFile } from './guide-files.ts';
import { DOMAIN } from './nginx-site.ts';

const DOMAIN_FLAG = ['--domain', DOMAIN];

function folderOf(t: TestContext): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-deploy-')));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe('slipway deploy', { concurrency: 2 }, () => {
  for (const target of TARGETS) {
    const files = target.files(deploymentOf({ domain: DOMAIN }));

    test(`${target.name} prints what it writes`, async () => {
      const { code, stdout, stderr } = await slipway(['deploy', target.name, ...DOMAIN_FLAG]);
      assert.deepEqual([code, stderr], [0, '']);
      for (const { name, text } of files) {
        assert.ok(stdout.includes(text), name);
        assert.equal(stdout.includes(`# ===== ${name} =====\n`), files.length > 1);
      }
    });

    test(`${target.name}: every file says what it is, and ends with commands to install and to check it`, () => {
      for (const { name, text } of files) {
        assert.match(text, /Written by slipway deploy/, name);
        if (name === '.dockerignore') continue;
        const end = text.slice(text.lastIndexOf('\n\n'));
        assert.match(end, /^# Install.*:\n# {3}/m, name);
        assert.match(end, /^# Check:\n# {3}/m, name);
      }
    });

    test(`${target.name}: a shell understands its commands`, () => {
      for (const { commands } of target.steps(deploymentOf({ domain: DOMAIN, user: 'mcp' }), 'deploy')) {
        for (const command of commands) execFileSync('/bin/sh', ['-n', '-c', command]);
      }
    });
  }

  test('machine: four commands from a server file to a service behind TLS', async t => {
    const folder = folderOf(t);
    const { code, stdout, stderr } = await slipway(['deploy', 'machine', ...DOMAIN_FLAG, '--out', 'deploy'], folder);
    assert.deepEqual([code, stderr], [0, '']);
    const files = ['mcp-server.conf', 'mcp-server.service', 'mcp-server.socket'];
    assert.deepEqual(readdirSync(join(folder, 'deploy')).sort(), files);
    const [, before] = /Next:\n(.*)\n5\. Check:/s.exec(stdout)!;
    const commands = [...before!.matchAll(/^ {3}(\S.*)$/gm)].map(([, command]) => command!);
    assert.equal(commands.length, 4);
    for (const name of files) assert.ok(commands.join('\n').includes(`deploy/${name}`), name);
  });

  test('never overwrites, unless told to', async t => {
    const folder = folderOf(t);
    const line = ['deploy', 'systemd', ...DOMAIN_FLAG, '--out', '.'];
    writeFileSync(join(folder, 'mcp-server.socket'), 'mine');
    const refused = await slipway(line, folder);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /mcp-server\.socket is there already.*--force.*SLIP_DEPLOY_OUT/);
    assert.equal(existsSync(join(folder, 'mcp-server.service')), false, 'nothing is written then');
    assert.equal((await slipway([...line, '--force'], folder)).code, 0);
    assert.match(readFileSync(join(folder, 'mcp-server.socket'), 'utf8'), /ListenStream=127\.0\.0\.1:8087/);
  });

  test('a folder whose name a shell would not take as it is, is quoted on its command lines', async t => {
    const folder = folderOf(t);
    for (const [out, shown] of [
      ["ada's files", `'ada'\\''s files/mcp-server.conf'`],
      ['-rf', './-rf/mcp-server.conf'],
    ] as const) {
      const { code, stdout } = await slipway(['deploy', 'nginx', ...DOMAIN_FLAG, `--out=${out}`], folder);
      assert.equal(code, 0);
      assert.ok(existsSync(join(folder, out, 'mcp-server.conf')));
      assert.ok(stdout.includes(`sudo cp ${shown} /etc/nginx/conf.d/mcp-server.conf`), stdout);
    }
  });

  test('what everybody may read on the machine has no secrets in it', t => {
    const from = folderOf(t);
    const to = folderOf(t);
    const secret = ['.env', '.env.production', 'tls.pem', 'tls.key'];
    for (const name of ['server.ts', ...secret]) writeFileSync(join(from, name), name, { mode: 0o600 });
    const { commands } = TARGETS.find(({ name }) => name === 'systemd')!.steps(
      deploymentOf({ domain: DOMAIN }),
      '.',
    )[0]!;
    // As it stands there, for another folder, without sudo, and without Node and npm.
    const [pipe, chmod] = commands[0]!.match(/tar -c .*-C \/srv\/mcp-server &&|sudo chmod .*/g)!;
    const line = `umask 077; ${pipe} ${chmod}`.replaceAll('sudo ', '').replaceAll('/srv/mcp-server', '"$0"');
    execFileSync('/bin/sh', ['-c', line, to], { cwd: from });
    assert.deepEqual(readdirSync(to), ['server.ts']);
    assert.equal(statSync(join(to, 'server.ts')).mode & 0o777, 0o644);
  });

  test('the flags reach the files', async () => {
    const line = ['--name', 'weather', '--dir', '/opt/weather', '--server', './src/weather.ts', '--user', 'weather'];
    const { stdout } = await slipway(['deploy', 'systemd', ...DOMAIN_FLAG, ...line, '--port', '9000']);
    assert.match(stdout, /# ===== weather\.service =====/);
    assert.match(
      stdout,
      /^ExecStart=\/usr\/bin\/node \/opt\/weather\/node_modules\/slipway\/bin\/slipway\.js start src\/weather\.ts$/m,
    );
    assert.match(stdout, /^User=weather$/m);
    assert.match(stdout, /^ListenStream=127\.0\.0\.1:9000$/m);
    const backends = ['--backend', '10.0.0.1:9000', '--backend', '10.0.0.2:9000', '--max-body-bytes', '10485760'];
    const nginx = (await slipway(['deploy', 'nginx', ...DOMAIN_FLAG, ...backends, '--nginx-version', '1.28.0'])).stdout;
    assert.match(nginx, /server 10\.0\.0\.1:9000;\n {4}server 10\.0\.0\.2:9000;/);
    assert.match(nginx, /client_max_body_size 10m;/);
    assert.match(nginx, /^ {4}http2 on;$/m);
  });

  const REFUSED = {
    deploy: /needs a target; it is one of machine, nginx/,
    'deploy ngnix --domain a.example.com': /no target 'ngnix' \(did you mean nginx\?\)/,
    'deploy nginx': /needs the host name .*--domain mcp\.example\.com/,
    'deploy nginx --domain https://a.example.com/mcp': /--domain takes a host name .*not 'https:/,
    'deploy nginx --domain 10.0.0.1': /--domain takes a host name/,
    'deploy nginx --domain a.example.com --backend localhost': /--backend takes addresses such as/,
    'deploy nginx --domain a.example.com --backend 1.2.3.4:1;x': /--backend takes addresses such as/,
    'deploy nginx --domain a.example.com --nginx-version 1.16.1': /--nginx-version takes 1\.18\.0 or later/,
    'deploy nginx --domain a.example.com --acme-root a;b': /--acme-root takes an absolute path/,
    'deploy nginx --domain a.example.com --certificate /a.pem': /given together/,
    'deploy systemd --domain a.example.com --user a$b': /--user takes the name of a user/,
    'deploy systemd --domain a.example.com --user root': /--user takes the name of a user with no rights/,
    'deploy systemd --domain a.example.com --dir /home/ada/mcp': /--dir takes a path that the service can see/,
    'deploy systemd --domain a.example.com --dir /srv/../tmp/mcp': /--dir takes a path that the service can see/,
    'deploy systemd --domain a.example.com --dir /': /--dir takes a folder that is for the server alone/,
    'deploy systemd --domain a.example.com --dir /var/lib/mcp-server/app':
      /--dir takes a folder that is for the server/,
    'deploy systemd --domain a.example.com --node /root/.nvm/node': /--node takes a path that the service can see/,
    'deploy docker --domain a.example.com --name caddy': /--name takes a name that means nothing else/,
    'deploy docker --domain a.example.com --name on': /--name takes a name that means nothing else/,
    'deploy nginx --domain a.example.com --name 9x': /--name takes up to 32 lower-case letters/,
    'deploy docker --domain a.example.com --image a:': /--image takes an image such as/,
    'deploy docker --domain a.example.com --image 123': /--image takes an image such as/,
    'deploy nginx --domain a.example.com --backend 10.0.0.1:0': /--backend takes addresses such as/,
    'deploy nginx --domain a.example.com --out ': /--out takes a folder/,
    'deploy systemd --domain a.example.com --server ../../etc': /--server takes a file below/,
    'deploy systemd --domain a.example.com --port 99999': /--port takes a whole number from 1 to 65535/,
    'deploy nginx --domain a.example.com --json': /--json is for --check/,
    'deploy nginx --domain a.example.com --force': /--force is for --out/,
    'deploy nginx --check a.conf': /--check takes one file and no target/,
    'deploy --check a.conf --domain a.example.com': /--domain is for files that are written/,
    'deploy --check nowhere.conf': /There is no file 'nowhere\.conf'.*SLIP_CLI_FILE_MISSING/,
    'deploy --check package.json':
      /'package\.json' can not be read as a configuration of nginx: line \d+: .*SLIP_DEPLOY_SYNTAX/,
  } as const;
  for (const [line, message] of Object.entries(REFUSED)) {
    test(`slipway ${line}: refused in one line`, async () => {
      const { code, stdout, stderr } = await slipway(line.split(' '));
      assert.deepEqual([code, stdout], [1, '']);
      assert.match(stderr, message);
      assert.equal(stderr.trimEnd().split('\n').length, 1);
    });
  }

  test('--check tells each finding with its place, its reason and what to write; the exit code is 1', async t => {
    const folder = folderOf(t);
    writeFileSync(join(folder, 'guide.conf'), guideFile('nginx'));
    const { code, stdout, stderr } = await slipway(['deploy', '--check', 'guide.conf'], folder);
    assert.deepEqual([code, stderr], [1, '']);
    assert.match(stdout, /^guide\.conf: a configuration of nginx, 14 faults, 6 pieces of advice\n/);
    assert.match(stdout, /^guide\.conf:27 {2}fault {2}nginx-chunked\n {2}Chunked transfer is turned off\.\n/m);
  });

  test('--check --json is for programs; without faults the exit code is 0', async t => {
    const folder = folderOf(t);
    writeFileSync(join(folder, 'guide.service'), guideFile('ini'));
    const bad = await slipway(['deploy', '--check', 'guide.service', '--json'], folder);
    const { file, kind, faults, findings } = JSON.parse(bad.stdout);
    assert.deepEqual([bad.code, file, kind, faults], [1, 'guide.service', 'service', 8]);
    for (const finding of findings) {
      const { id, severity, what, why, fix } = finding;
      assert.match(id, /^service-[a-z-]+$/);
      assert.ok(['fault', 'advice'].includes(severity));
      for (const text of [what, why, fix]) assert.ok(text.length > 5);
    }
    await slipway(['deploy', 'machine', ...DOMAIN_FLAG, '--out', '.'], folder);
    for (const name of ['mcp-server.conf', 'mcp-server.service', 'mcp-server.socket']) {
      const good = await slipway(['deploy', '--check', name], folder);
      assert.deepEqual([good.code, good.stderr], [0, '']);
      assert.match(good.stdout, /nothing to object to\n$/);
    }
  });
});
