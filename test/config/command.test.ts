// `slipway config`, run as people run it.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { KEYS } from '../../src/host/configuration/settings.ts';
import { ConfigFolder } from './configured-command.ts';

const SECRET = 'a-secret-that-must-not-be-printed-anywhere';
const TYPED = `import { defineConfig, secret } from 'slipway';
export default defineConfig({ port: 3000, secrets: [secret('ROOT')], onStart: async () => {} });
`;

interface Printed {
  file: string | null;
  settings: Record<string, { value: unknown; source: { kind: string; name: string } }>;
}

describe('slipway config', { concurrency: 2 }, () => {
  test('prints every key, aligned, with its value and where it comes from', async () => {
    await using folder = await ConfigFolder.with({
      'slipway.config.mjs': 'export default { port: 3000, host: "::1" };',
    });
    const args = ['config', 'a.js', '--host=0.0.0.0', '--quiet'];
    const { code, stdout, stderr } = await folder.slipway(args, { SLIPWAY_ALLOWED_HOSTS: 'a.example,b.example' });
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
    const rows = stdout.trimEnd().split('\n');
    const columns = rows.map(row => row.split(/ {2,}/));
    assert.deepEqual(
      columns.map(([key]) => key),
      KEYS,
    );
    const of = (key: string) => columns.find(([name]) => name === key)!.slice(1);
    assert.deepEqual(of('server'), [folder.join('a.js'), 'server-file']);
    assert.deepEqual(of('host'), ['0.0.0.0', '--host']);
    assert.deepEqual(of('port'), ['3000', 'slipway.config.mjs']);
    assert.deepEqual(of('quiet'), ['true', '--quiet']);
    assert.deepEqual(of('allowedHosts'), ['a.example, b.example', 'SLIPWAY_ALLOWED_HOSTS']);
    assert.deepEqual(of('drainGraceMs'), ['30000', 'default']);
    assert.deepEqual(of('adminPort'), ['(off)', 'default']);
    const beginnings = rows.map((row, at) => [/^\S+ +/.exec(row)![0].length, row.length - columns[at]![2]!.length]);
    assert.deepEqual(new Set(beginnings.map(String)).size, 1, 'each column begins at one place');
  });

  test('--json is for programs', async () => {
    await using folder = await ConfigFolder.with({ 'slipway.config.js': 'export default () => ({ port: 3000 });' });
    const args = ['config', '--json', '--no-access-log', '--http-sse=true', '--trusted-proxies', 'loopback'];
    const { code, stdout } = await folder.slipway([...args, '--trusted-proxies', '::1', '--stdio']);
    assert.equal(code, 0);
    const { file, settings } = JSON.parse(stdout) as Printed;
    assert.equal(file, folder.join('slipway.config.js'));
    assert.deepEqual(Object.keys(settings), KEYS);
    assert.deepEqual(settings['port'], { value: 3000, source: { kind: 'file', name: 'slipway.config.js' } });
    assert.deepEqual(settings['accessLog'], { value: false, source: { kind: 'flag', name: '--access-log' } });
    assert.equal(settings['httpSse']!.value, true);
    assert.deepEqual(settings['trustedProxies']!.value, ['loopback', '::1']);
    assert.equal(settings['publicUrl']!.value, null);
  });

  for (const json of [[], ['--json']]) {
    test(`hides secrets and prints functions as such ${json}`, async () => {
      // Packages are not installed in the folder, so the public face is imported by its place.
      const index = new URL('../../src/index.ts', import.meta.url).href;
      await using folder = await ConfigFolder.with({
        'slipway.config.ts': TYPED.replace("'slipway'", JSON.stringify(index)),
      });
      const list = `${SECRET},${SECRET}-2`;
      for (const [variables, hidden, source] of [
        [{ ROOT: SECRET }, '(hidden, 1 value)', 'slipway.config.ts'],
        [{ ROOT: SECRET, SLIPWAY_SECRETS: list }, '(hidden, 2 values)', 'SLIPWAY_SECRETS'],
      ] as const) {
        const { code, stdout, stderr } = await folder.slipway(['config', ...json], variables);
        assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
        assert.ok(stdout.includes(hidden) && stdout.includes(source));
        assert.match(stdout, /onStart.*\(function\)/s);
        assert.ok(!stdout.includes(SECRET), 'not printed, although it was there to be printed');
      }
    });
  }

  test('ends with 1 and says everything that is wrong, and no secret', async () => {
    await using folder = await ConfigFolder.with({ 'slipway.config.js': 'export default { prot: 1 };' });
    const variables = { SLIPWAY_SECRET: SECRET, SLIPWAY_SECRETS: `${SECRET} short`, SLIPWAY_PORT: 'x' };
    for (const args of [['config'], ['config', '--json'], ['start']]) {
      const { code, stdout, stderr } = await folder.slipway([...args, '--quiet=maybe'], variables);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.equal(
        stderr,
        `slipway: The configuration is not valid:
  prot in slipway.config.js is no key; did you mean port?
  SLIPWAY_SECRET is no variable of Slipway; did you mean SLIPWAY_SECRETS?
  SLIPWAY_PORT takes a whole number from 0 to 65535, not 'x'
  SLIPWAY_SECRETS takes secrets of at least 32 bytes each, not one of 5 bytes (secret 2)
  --quiet takes true or false, not 'maybe'
  See slipway config --help for every key and what it takes. (SLIP_CONFIG_INVALID)
`,
      );
    }
  });

  test('one problem is one line', async () => {
    await using folder = await ConfigFolder.with();
    const { code, stderr } = await folder.slipway(['config', '--log-level', 'loud']);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^slipway: The configuration is not valid: --log-level takes [^\n]+ \(SLIP_CONFIG_INVALID\)\n$/,
    );
  });

  test('does not wait for what a configuration file holds open', async () => {
    const source = 'setInterval(() => {}, 1000);\nexport default { port: 1 };';
    await using folder = await ConfigFolder.with({ 'slipway.config.js': source });
    assert.equal((await folder.slipway(['config'])).code, 0);
  });

  test('writes nothing into the folder', async () => {
    await using folder = await ConfigFolder.with();
    assert.equal((await folder.slipway(['config', '--state-dir', 'made'])).code, 0);
    assert.deepEqual(await readdir(folder.path), ['package.json']);
  });
});

describe('a command line', { concurrency: 2 }, () => {
  const refused: [args: string[], expected: RegExp][] = [
    [['start', `--secrets=${SECRET}`], /Unknown option '--secrets'/],
    [['config', '--drain-grace', '5'], /Unknown option '--drain-grace'.*--drain-grace-ms/],
    [['start', '--acces-log'], /Unknown option '--acces-log'.*--access-log/],
    [['start', '--no-port'], /Unknown option '--no-port'/],
    [['start', '--stdio=maybe'], /--stdio takes true or false/],
    [['config', '--json=maybe'], /--json takes true or false/],
    [['config', '--state-dir', '--quiet'], /--state-dir takes a value, and '--quiet' follows it/],
    [['config', '--state-dir', '--no-quiet'], /--state-dir takes a value, and '--no-quiet' follows it/],
    [['config', '--host', '-x'], /--host takes an address or a host name, not '-x'/],
  ];
  for (const [args, expected] of refused) {
    test(`slipway ${args.join(' ').slice(0, 40)} is refused in a line`, async () => {
      await using folder = await ConfigFolder.with();
      const { code, stdout, stderr } = await folder.slipway(args);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(stderr, expected);
      assert.match(stderr, /^slipway: [^\n]+ \(SLIP_[A-Z_]+\)\n$/);
      assert.ok(!stderr.includes(SECRET));
    });
  }

  test('slipway start --help shows the common flags and says where the others are', async () => {
    await using folder = await ConfigFolder.with();
    const { stdout } = await folder.slipway(['start', '--help']);
    for (const flag of [
      'config',
      'port',
      'public-url',
      'trusted-proxies',
      'workers',
      'admin-port',
      'log-level',
      'stdio',
    ]) {
      assert.match(stdout, new RegExp(`^ {2}--${flag}\\b`, 'm'));
    }
    assert.doesNotMatch(stdout, /--max-body-bytes/);
    assert.match(stdout, /Every other key of the configuration is a flag too: see slipway config --help\./);
  });

  test('switches are read in the order they stand, and do not take what follows', async () => {
    await using folder = await ConfigFolder.with();
    const args = ['config', '--json', '--no-quiet', '--quiet', 'server.ts', '--access-log', '--access-log=false'];
    const { settings } = JSON.parse((await folder.slipway(args)).stdout) as Printed;
    assert.deepEqual(
      [settings['quiet']!.value, settings['accessLog']!.value, settings['server']!.value],
      [true, false, folder.join('server.ts')],
    );
  });
});
