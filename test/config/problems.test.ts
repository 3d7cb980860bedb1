// What is wrong is said all at once: where it stands, and what is allowed there.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SlipwayError } from 'slipway';
import { type ConfigurationInput, loadConfiguration } from '../../src/host/configuration/configuration.ts';
import { ConfigFolder } from './configured-command.ts';

/** The problems that loading reports; none if it succeeds. */
async function problemsOf(input: Partial<ConfigurationInput>): Promise<string[]> {
  try {
    await loadConfiguration({ flags: {}, env: {}, ...input });
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'SLIP_CONFIG_INVALID') throw error;
    return String(error.details['problems']).split('\n');
  }
}

const PROXIES = 'takes IP addresses, networks such as 10.0.0.0/8 (not that of everybody), loopback or private, or none';
const HOSTS = 'takes host names such as mcp.example.com or mcp.example.com:8443, or *, or none';
const ORIGINS = 'takes origins such as https://app.example.com, or *, or none';
const URLS = 'takes an absolute http or https URL without user, query and fragment, or none';
const RATES = 'takes points per window, such as 600/1m (windows in s, m or h, at most 24h), or none';
const PORTS = 'takes a whole number from 0 to 65535';
const TIMES = 'takes milliseconds, a whole number from 1 to 2147483647';

const FLAGS: [flag: string, text: string, message: string][] = [
  ['port', 'http', `${PORTS}, not 'http'`],
  ['port', '', `${PORTS}, not ''`],
  ['port', '-1', `${PORTS}, not '-1'`],
  ['port', '65536', `${PORTS}, not '65536'`],
  ['port', '80.5', `${PORTS}, not '80.5'`],
  ['port', ' 80', `${PORTS}, not ' 80'`],
  ['port', '0x50', `${PORTS}, not '0x50'`],
  ['port', 'none', `${PORTS}, not 'none'`],
  ['admin-port', '70000', `${PORTS}, or none, not '70000'`],
  ['host', 'http://x/', "takes an address or a host name, not 'http://x/'"],
  ['session-ttl-ms', '0', `${TIMES}, not '0'`],
  ['session-ttl-ms', '7d', `${TIMES}, not '7d'`],
  ['session-ttl-ms', '2147483648', `${TIMES}, not '2147483648'`],
  ['max-body-bytes', '4MB', "takes a whole number from 1 on, not '4MB'"],
  ['max-body-bytes', '99999999999999999', "takes a whole number from 1 on, not '99999999999999999'"],
  ['quiet', 'yes', "takes true or false, not 'yes'"],
  ['quiet', 'toString', "takes true or false, not 'toString'"],
  ['legacy', 'Reject', "takes stateless or reject, not 'Reject'"],
  ['workers', '0', "takes auto or a whole number from 1 to 256, or none, not '0'"],
  ['log-file', '', "takes stderr, stdout or the path of a file, not ''"],
  ['trusted-proxies', '10.0.0.1,10.0.0.0/33', `${PROXIES}, not '10.0.0.0/33'`],
  ['trusted-proxies', 'fd00::/129', `${PROXIES}, not 'fd00::/129'`],
  ['trusted-proxies', 'proxy.example', `${PROXIES}, not 'proxy.example'`],
  ['trusted-proxies', '0.0.0.0/0', `${PROXIES}, not '0.0.0.0/0'`],
  ['trusted-proxies', '10.0.0.0/', `${PROXIES}, not '10.0.0.0/'`],
  ['allowed-hosts', 'a.example,https://b.example', `${HOSTS}, not 'https://b.example'`],
  ['allowed-origins', 'https://b.example/path', `${ORIGINS}, not 'https://b.example/path'`],
  ['public-url', 'mcp.example.com', `${URLS}, not 'mcp.example.com'`],
  ['public-url', 'ftp://mcp.example.com', `${URLS}, not 'ftp://mcp.example.com'`],
  ['public-url', 'https:mcp.example.com', `${URLS}, not 'https:mcp.example.com'`],
  ['public-url', 'https://mcp.example.com/?a', `${URLS}, not 'https://mcp.example.com/?a'`],
  ['public-url', 'https://mcp.example.com/#a', `${URLS}, not 'https://mcp.example.com/#a'`],
  ['public-url', 'https://ada:hunter22@mcp.example.com', `${URLS}, not one with a user or a password`],
  ['public-url', 'https://ada:hun/ter@22@mcp example', `${URLS}, not 'https://***@mcp example'`],
  ['rate-limit-per-tool', '600', `${RATES}, not '600'`],
  ['rate-limit-per-tool', '600/2d', `${RATES}, not '600/2d'`],
  [
    'log-level',
    `a\u001b[31m${'b'.repeat(90)}`,
    `takes trace, debug, info, warn, error, fatal or silent, not 'a?[31m${'b'.repeat(54)}...'`,
  ],
];

const FILES: [source: string, message: string][] = [
  ["port: '8080'", `port in slipway.config.js ${PORTS}, not the text '8080'`],
  ['port: NaN', `port in slipway.config.js ${PORTS}, not NaN`],
  ['port: null', `port in slipway.config.js ${PORTS}, not null`],
  ['port: 80.5', `port in slipway.config.js ${PORTS}, not 80.5`],
  ['port: 1n', `port in slipway.config.js ${PORTS}, not 1`],
  ["quiet: 'true'", "quiet in slipway.config.js takes true or false, not the text 'true'"],
  ['host: 5', 'host in slipway.config.js takes an address or a host name, not 5'],
  ['stateDir: {}', 'stateDir in slipway.config.js takes the path of a directory, or none, not an object'],
  ["stateDir: 'a\\0b'", "stateDir in slipway.config.js takes the path of a directory, or none, not the text 'a?b'"],
  ["server: ''", "server in slipway.config.js takes the path of a file, not the text ''"],
  ['responseMode: Symbol("x")', 'responseMode in slipway.config.js takes auto, json or sse, not Symbol(x)'],
  [
    "trustedProxies: '10.0.0.1'",
    `trustedProxies in slipway.config.js ${PROXIES.replace('takes', 'takes an array of')}, not the text '10.0.0.1'`,
  ],
  ['trustedProxies: [5]', `trustedProxies in slipway.config.js ${PROXIES}, not 5`],
  ['onStart: true', 'onStart in slipway.config.js takes a function, not true'],
  ["onStart: 'none'", "onStart in slipway.config.js takes a function, not the text 'none'"],
  ['prot: 1', 'prot in slipway.config.js is no key; did you mean port?'],
  ['allowedHost: []', 'allowedHost in slipway.config.js is no key; did you mean allowedHosts?'],
  ["'drain-grace-ms': 1", 'drain-grace-ms in slipway.config.js is no key; did you mean drainGraceMs?'],
  ['limits: {}', 'limits in slipway.config.js is no key'],
  ['toString: 1', 'toString in slipway.config.js is no key'],
  [
    "legacy: 'reject', httpSse: true",
    'httpSse serves the 2024 transport, which legacy: reject refuses; set one of them only',
  ],
  ['port: 9, adminPort: 9', 'adminPort and port are both 9; the admin listener takes a port of its own'],
];

describe('a configuration is refused for', { concurrency: 4 }, () => {
  for (const [flag, text, message] of FLAGS) {
    test(`--${flag} ${JSON.stringify(text).slice(0, 60)}, or the variable`, async () => {
      assert.deepEqual(await problemsOf({ flags: { [flag]: text } }), [`--${flag} ${message}`]);
      const name = `SLIPWAY_${flag.toUpperCase().replaceAll('-', '_')}`;
      // An empty variable counts as not set.
      assert.deepEqual(await problemsOf({ env: { [name]: text } }), text === '' ? [] : [`${name} ${message}`]);
    });
  }

  for (const [source, message] of FILES) {
    test(`a file with ${source}`, async () => {
      await using folder = await ConfigFolder.with({ 'slipway.config.js': `export default { ${source} };` });
      assert.deepEqual(await problemsOf({ cwd: folder.path }), [message]);
    });
  }

  const variables: [name: string, message: string][] = [
    ['SLIPWAY_PROT', 'SLIPWAY_PROT is no variable of Slipway; did you mean SLIPWAY_PORT?'],
    ['SLIPWAY_SECRET', 'SLIPWAY_SECRET is no variable of Slipway; did you mean SLIPWAY_SECRETS?'],
    ['SLIPWAY_PORT_FILE', 'SLIPWAY_PORT_FILE is no variable of Slipway'],
    ['SLIPWAY_ON_START', 'SLIPWAY_ON_START is no variable of Slipway'],
    ['SLIPWAY_SERVR', 'SLIPWAY_SERVR is no variable of Slipway; did you mean SLIPWAY_SERVER?'],
    ['SLIPWAY_', 'SLIPWAY_ is no variable of Slipway'],
    ['SLIPWAY_WHATEVER', 'SLIPWAY_WHATEVER is no variable of Slipway'],
  ];
  for (const [name, message] of variables) {
    test(`the variable ${name}`, async () => {
      assert.deepEqual(await problemsOf({ env: { [name]: 'the-value' } }), [message]);
    });
  }

  test('everything at once, also where something else counts', async () => {
    await using folder = await ConfigFolder.with({ 'slipway.config.js': 'export default { port: -1, prot: 1 };' });
    const env = { SLIPWAY_PORT: 'x', SLIPWAY_LOG_LEVEL: 'loud', SLIPWAY_TYPO: '1' };
    assert.deepEqual(await problemsOf({ flags: { port: '80' }, env, cwd: folder.path }), [
      'prot in slipway.config.js is no key; did you mean port?',
      'SLIPWAY_TYPO is no variable of Slipway',
      `SLIPWAY_PORT ${PORTS}, not 'x'`,
      `port in slipway.config.js ${PORTS}, not -1`,
      "SLIPWAY_LOG_LEVEL takes trace, debug, info, warn, error, fatal or silent, not 'loud'",
    ]);
  });

  test('a file that is not there, with all that is wrong beside it', async () => {
    await using folder = await ConfigFolder.with();
    const env = { SLIPWAY_CONFIG: 'absent.ts', SLIPWAY_PORT: 'x' };
    assert.deepEqual(await problemsOf({ env, cwd: folder.path }), [
      "SLIPWAY_CONFIG takes the path of a file, or none, and there is no file 'absent.ts'",
      `SLIPWAY_PORT ${PORTS}, not 'x'`,
    ]);
    const flag = "--config takes the path of a file, or none, and there is no file '.'";
    assert.deepEqual(await problemsOf({ flags: { config: '.' }, cwd: folder.path }), [flag]);
  });
});

describe('the environment', () => {
  test('may hold what Kubernetes says of services with names like ours', async () => {
    const env = {
      SLIPWAY_SERVICE_HOST: '10.0.0.1',
      SLIPWAY_SERVICE_PORT: '80',
      SLIPWAY_SERVICE_PORT_HTTP: '80',
      SLIPWAY_PORT: 'tcp://10.0.0.1:80',
      SLIPWAY_PORT_80_TCP: 'tcp://10.0.0.1:80',
      SLIPWAY_PORT_80_TCP_PROTO: 'tcp',
      SLIPWAY_PORT_80_TCP_PORT: '80',
      SLIPWAY_PORT_80_TCP_ADDR: '10.0.0.1',
      SLIPWAY_ADMIN_SERVICE_HOST: '10.0.0.2',
      SLIPWAY_ADMIN_PORT: 'tcp://10.0.0.2:9000',
      SLIPWAY_ADMIN_PORT_9000_TCP: 'tcp://10.0.0.2:9000',
    };
    const { values, sources } = await loadConfiguration({ flags: {}, env });
    assert.deepEqual([values.port, values.adminPort, sources.port.kind], [8087, undefined, 'default']);
    // Without a service of that name it is a mistake, and with one a number is a port.
    assert.equal((await problemsOf({ env: { SLIPWAY_PORT: 'tcp://10.0.0.1:80' } })).length, 1);
    const both = { SLIPWAY_SERVICE_HOST: '10.0.0.1', SLIPWAY_PORT: '81' };
    assert.equal((await loadConfiguration({ flags: {}, env: both })).values.port, 81);
  });

  test('may hold what is reserved, and empty variables', async () => {
    const env = { SLIPWAY_INTERNAL_ANYTHING: '1', SLIPWAY_CHAOS_SEED: '1', SLIPWAY_PORT: '', SLIPWAY_TYPO: '' };
    assert.equal((await loadConfiguration({ flags: {}, env })).values.port, 8087);
  });
});
