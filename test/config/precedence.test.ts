// For each kind of setting: flag before variable before file before default, and what each of them reads.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type Configuration,
  type ConfigurationKey,
  loadConfiguration,
} from '../../src/host/configuration/configuration.ts';
import { flagOf, variableOf } from '../../src/host/configuration/settings.ts';
import { ConfigFolder } from './configured-command.ts';

/** A value for each source as it is written there, with what it means; the last one is the default. */
interface Case {
  readonly key: ConfigurationKey;
  readonly flag: [text: string, meaning: unknown];
  readonly env: [text: string, meaning: unknown];
  /** As JavaScript. */
  readonly file: [source: string, meaning: unknown];
  readonly byDefault: unknown;
}

const CASES: Readonly<Record<string, Case>> = {
  port: { key: 'port', flag: ['0', 0], env: ['65535', 65535], file: ['3000', 3000], byDefault: 8087 },
  'an address': {
    key: 'host',
    flag: ['::1', '::1'],
    env: ['localhost', 'localhost'],
    file: ["'0.0.0.0'", '0.0.0.0'],
    byDefault: '127.0.0.1',
  },
  'a number': {
    key: 'maxBodyBytes',
    flag: ['1', 1],
    env: ['9007199254740991', Number.MAX_SAFE_INTEGER],
    file: ['1024 * 1024', 1024 ** 2],
    byDefault: 4 * 1024 ** 2,
  },
  milliseconds: {
    key: 'drainGraceMs',
    flag: ['0', 0],
    env: ['2147483647', 2 ** 31 - 1],
    file: ['7', 7],
    byDefault: 30_000,
  },
  'a switch': {
    key: 'accessLog',
    flag: ['false', false],
    env: ['true', true],
    file: ['false', false],
    byDefault: true,
  },
  'a word': {
    key: 'responseMode',
    flag: ['sse', 'sse'],
    env: ['json', 'json'],
    file: ["'auto'", 'auto'],
    byDefault: 'auto',
  },
  'a word that is off': {
    key: 'tracing',
    flag: ['off', 'off'],
    env: ['on', 'on'],
    file: ["'off'", 'off'],
    byDefault: 'auto',
  },
  'a list': {
    key: 'trustedProxies',
    flag: ['10.0.0.0/8,fd00::/8', ['10.0.0.0/8', 'fd00::/8']],
    env: [' loopback , private', ['loopback', 'private']],
    file: ["['192.0.2.1']", ['192.0.2.1']],
    byDefault: undefined,
  },
  'a URL': {
    key: 'publicUrl',
    flag: ['https://a.example', 'https://a.example'],
    env: ['http://b.example:81/mcp/', 'http://b.example:81/mcp/'],
    file: ["'https://c.example/x'", 'https://c.example/x'],
    byDefault: undefined,
  },
  'a rate': {
    key: 'rateLimitPerTool',
    flag: ['600/1m', '600/1m'],
    env: ['10/s', '10/s'],
    file: ["'5000/24h'", '5000/24h'],
    byDefault: undefined,
  },
  'a number or a word': {
    key: 'workers',
    flag: ['4', 4],
    env: ['auto', 'auto'],
    file: ['2', 2],
    byDefault: undefined,
  },
};

describe('the configuration is that of', { concurrency: 4 }, () => {
  for (const [what, { key, flag, env, file, byDefault }] of Object.entries(CASES)) {
    test(`the flag, the variable, the file, the default: ${what}`, async () => {
      await using folder = await ConfigFolder.with({ 'slipway.config.js': `export default { ${key}: ${file[0]} };` });
      await using empty = await ConfigFolder.with();
      const flags = { [flagOf(key)]: flag[0] };
      const variables = { [variableOf(key)]: env[0] };
      const load = async (input: Parameters<typeof loadConfiguration>[0]) => {
        const { values, sources } = await loadConfiguration({ cwd: folder.path, ...input });
        return [values[key], sources[key]];
      };
      assert.deepEqual(await load({ flags, env: variables }), [flag[1], { kind: 'flag', name: `--${flagOf(key)}` }]);
      assert.deepEqual(await load({ flags: {}, env: variables }), [env[1], { kind: 'env', name: variableOf(key) }]);
      assert.deepEqual(await load({ flags: {}, env: {} }), [file[1], { kind: 'file', name: 'slipway.config.js' }]);
      const unset = await load({ flags: {}, env: {}, cwd: empty.path });
      assert.deepEqual(unset, [byDefault, { kind: 'default', name: 'default' }]);
    });
  }
});

describe('off and none', () => {
  const cleared: [key: ConfigurationKey, file: string, meaning: unknown][] = [
    ['adminPort', '9000', undefined],
    ['publicUrl', "'https://c.example'", undefined],
    ['trustedProxies', "['loopback']", undefined],
    ['rateLimitPerPrincipal', "'1/s'", undefined],
    ['auditFile', "'audit.log'", undefined],
    ['workers', '2', undefined],
    ['resultWarningChars', '5', Number.POSITIVE_INFINITY],
    ['stateDir', "'state'", 'none'],
  ];
  for (const [key, file, meaning] of cleared) {
    test(`undo ${key}`, async () => {
      await using folder = await ConfigFolder.with({ 'slipway.config.js': `export default { ${key}: ${file} };` });
      const set = await loadConfiguration({ flags: {}, env: {}, cwd: folder.path });
      assert.notEqual(set.values[key], meaning);
      for (const word of ['off', 'none']) {
        const { values, sources } = await loadConfiguration({
          flags: { [flagOf(key)]: word },
          env: {},
          cwd: folder.path,
        });
        assert.equal(values[key], meaning);
        assert.equal(sources[key].kind, 'flag');
      }
      await using off = await ConfigFolder.with({ 'slipway.config.js': `export default { ${key}: 'off' };` });
      assert.equal((await loadConfiguration({ flags: {}, env: {}, cwd: off.path })).values[key], meaning);
    });
  }

  test('are values where a key has them', async () => {
    const flags = { sessions: 'off', tracing: 'off', 'audit-arguments': 'none' };
    const { values } = await loadConfiguration({ flags, env: {} });
    const { sessions, tracing, auditArguments } = values;
    assert.deepEqual(
      { sessions, tracing, auditArguments },
      { sessions: 'off', tracing: 'off', auditArguments: 'none' },
    );
  });
});

describe('paths', () => {
  const paths = async (input: Parameters<typeof loadConfiguration>[0]): Promise<Partial<Configuration>> => {
    const { values } = await loadConfiguration(input);
    const { server, stateDir, auditFile, logFile } = values;
    return { server, stateDir, auditFile, logFile };
  };

  test('of a file begin in its folder, others in the current one', async () => {
    const source = "export default { server: 'a.ts', stateDir: '../s', auditFile: '/var/a', logFile: 'l' };";
    await using folder = await ConfigFolder.with({ 'deploy/slipway.config.js': source, 'here/.keep': '' });
    const cwd = folder.join('here');
    const config = '../deploy/slipway.config.js';
    assert.deepEqual(await paths({ flags: { config }, env: {}, cwd }), {
      server: folder.join('deploy/a.ts'),
      stateDir: folder.join('s'),
      auditFile: '/var/a',
      logFile: folder.join('deploy/l'),
    });
    const env = { SLIPWAY_CONFIG: config, SLIPWAY_SERVER: 'b.ts', SLIPWAY_LOG_FILE: 'stdout' };
    assert.deepEqual(await paths({ flags: { 'state-dir': 's' }, env, cwd }), {
      server: folder.join('here/b.ts'),
      stateDir: folder.join('here/s'),
      auditFile: '/var/a',
      logFile: 'stdout',
    });
    const { server } = await paths({ flags: {}, serverFile: 'c.ts', env, cwd });
    assert.equal(server, folder.join('here/c.ts'));
  });
});
