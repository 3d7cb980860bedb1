// Secrets come from several places, and are never said again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import { SlipwayError, secret } from 'slipway';
import { loadConfiguration } from '../../src/host/configuration/configuration.ts';
import { resolveSecrets } from '../../src/host/secrets.ts';
import { ConfigFolder } from './configured-command.ts';

const A = 'first-secret-with-more-than-32-bytes-1';
const B = 'second-secret-with-more-than-32-bytes';
const SHORT = 'hunter22-too-short';

let folder: ConfigFolder;
before(async () => {
  folder = await ConfigFolder.with({
    'file/secrets': `${A}\n  ${B}  \n\n`,
    'credentials/slipway-secrets': `${B}\n`,
    'credentials/TOKEN': 'token-of-systemd\n',
    'with-a-folder/slipway-secrets/.keep': '',
    'bad/slipway-secrets': SHORT,
    'value/token': 'token-of-a-file\r\n',
    'value/empty': '\n',
    'slipway.config.js': `export default { secrets: ['${B}', '${A}'] };`,
    'short.config.js': `export default { secrets: ['${A}', '${SHORT}'] };`,
    'text.config.js': `export default { secrets: '${A}' };`,
    'number.config.js': 'export default { secrets: [5] };',
    'none.config.js': 'export default { secrets: [] };',
  });
});
after(() => folder[Symbol.asyncDispose]());

describe('the secrets of the deployment', () => {
  const load = async (env: NodeJS.ProcessEnv, config = 'none') => {
    const { values, sources } = await loadConfiguration({ flags: { config }, env, cwd: folder.path });
    return [values.secrets, sources.secrets] as const;
  };
  const file = () => folder.join('file/secrets');
  const credentials = () => folder.join('credentials');

  test('are those of the variable, the file it names, the credential, the configuration file, in this order', async () => {
    const all = { SLIPWAY_SECRETS: `${A}, ${B}`, SLIPWAY_SECRETS_FILE: file(), CREDENTIALS_DIRECTORY: credentials() };
    assert.deepEqual(await load(all, 'slipway.config.js'), [[A, B], { kind: 'env', name: 'SLIPWAY_SECRETS' }]);
    const { SLIPWAY_SECRETS: _, ...files } = all;
    const ofFile = { kind: 'env', name: 'SLIPWAY_SECRETS_FILE' };
    assert.deepEqual(await load(files, 'slipway.config.js'), [[A, B], ofFile]);
    const ofCredential = { kind: 'credential', name: folder.join('credentials/slipway-secrets') };
    const { CREDENTIALS_DIRECTORY } = all;
    assert.deepEqual(await load({ CREDENTIALS_DIRECTORY }, 'slipway.config.js'), [[B], ofCredential]);
    const elsewhere = { CREDENTIALS_DIRECTORY: folder.join('value') };
    const ofConfiguration = { kind: 'file', name: 'slipway.config.js' };
    assert.deepEqual(await load(elsewhere, 'slipway.config.js'), [[B, A], ofConfiguration]);
    assert.deepEqual(await load({}), [undefined, { kind: 'default', name: 'default' }]);
  });

  test('are found by resolveSecrets() in the same places, before the key file', () => {
    const stateDir = folder.join('state');
    const env = { CREDENTIALS_DIRECTORY: credentials() };
    assert.deepEqual(resolveSecrets({ env, stateDir })?.secrets, [B]);
    assert.deepEqual(resolveSecrets({ env, stateDir, secrets: [A] }), { secrets: [A], source: 'secrets' });
    assert.throws(() => resolveSecrets({ env, secrets: [SHORT] }), { code: 'SLIP_INVALID_OPTION' });
    assert.match(resolveSecrets({ env: {}, stateDir })!.source, /state[/\\]secrets$/);
  });

  const TAKES = 'takes secrets of at least 32 bytes each, not';
  const bad: [what: string, input: () => [env: NodeJS.ProcessEnv, config?: string], message: RegExp][] = [
    [
      'a short one',
      () => [{ SLIPWAY_SECRETS: `${A},${SHORT}` }],
      /^SLIPWAY_SECRETS takes .* one of 18 bytes \(secret 2\)$/,
    ],
    ['an empty variable', () => [{ SLIPWAY_SECRETS: '' }], new RegExp(`^SLIPWAY_SECRETS ${TAKES} an empty list$`)],
    [
      'a file that is not there',
      () => [{ SLIPWAY_SECRETS_FILE: `${file()}-gone`, CREDENTIALS_DIRECTORY: credentials() }],
      /^SLIPWAY_SECRETS_FILE: the file it names can not be read: it does not exist$/,
    ],
    [
      'a credential that is a folder',
      () => [{ CREDENTIALS_DIRECTORY: folder.join('with-a-folder') }],
      /slipway-secrets: the credential can not be read: it is a directory$/,
    ],
    [
      'a short credential',
      () => [{ CREDENTIALS_DIRECTORY: folder.join('bad') }],
      /bad.slipway-secrets takes .* 18 bytes/,
    ],
    [
      'a short one in the file',
      () => [{}, 'short.config.js'],
      /^secrets in short\.config\.js takes .* one of 18 bytes/,
    ],
    ['text in the file', () => [{}, 'text.config.js'], /takes an array of secrets .* not something else$/],
    ['a number in the file', () => [{}, 'number.config.js'], /not something else \(secret 1\)$/],
    ['none in the file', () => [{}, 'none.config.js'], /not an empty list$/],
  ];
  for (const [what, input, message] of bad) {
    test(`are refused without being repeated: ${what}`, async () => {
      const error: unknown = await load(...input()).catch((thrown: unknown) => thrown);
      assert.ok(error instanceof SlipwayError && error.code === 'SLIP_CONFIG_INVALID');
      assert.match(String(error.details['problems']), message);
      const everything = inspect(error, { depth: 9 });
      for (const value of [A, B, SHORT]) assert.ok(!everything.includes(value));
    });
  }
});

describe('secret()', () => {
  const NAMES = ['TOKEN', 'TOKEN_FILE', 'CREDENTIALS_DIRECTORY'];
  const before = Object.fromEntries(NAMES.map(name => [name, process.env[name]]));
  /** The secret TOKEN in an environment with only these variables of the ones that matter. */
  function token(variables: Readonly<Record<string, string>>): string {
    try {
      for (const name of NAMES) delete process.env[name];
      Object.assign(process.env, variables);
      return secret('TOKEN');
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  }

  test('looks at the variable, the file it names, the credential', () => {
    const TOKEN_FILE = folder.join('value/token');
    const CREDENTIALS_DIRECTORY = folder.join('credentials');
    assert.equal(token({ TOKEN: ' of a variable', TOKEN_FILE, CREDENTIALS_DIRECTORY }), ' of a variable');
    assert.equal(token({ TOKEN_FILE, CREDENTIALS_DIRECTORY }), 'token-of-a-file');
    assert.equal(token({ CREDENTIALS_DIRECTORY }), 'token-of-systemd');
  });

  const missing: [what: string, variables: () => Readonly<Record<string, string>>, message: RegExp][] = [
    [
      'there is none',
      () => ({}),
      /'TOKEN' .*: TOKEN is not set, TOKEN_FILE is not set, \$CREDENTIALS_DIRECTORY is not/,
    ],
    [
      'there is no such credential',
      () => ({ CREDENTIALS_DIRECTORY: folder.join('value') }),
      /TOKEN_FILE is not set, no credential TOKEN in .*value\. /,
    ],
    ['it is empty', () => ({ TOKEN: '' }), /TOKEN is empty/],
    ['its file is empty', () => ({ TOKEN_FILE: folder.join('value/empty') }), /TOKEN_FILE is empty/],
    [
      'its file is not there, even if there is a credential',
      () => ({ TOKEN_FILE: folder.join('gone'), CREDENTIALS_DIRECTORY: folder.join('credentials') }),
      /TOKEN_FILE: the file it names can not be read: it does not exist/,
    ],
  ];
  for (const [what, variables, message] of missing) {
    test(`says where it looked when ${what}`, () => {
      assert.throws(() => token(variables()), { code: 'SLIP_SECRET_MISSING', message });
    });
  }

  test('takes no name that leads elsewhere', () => {
    for (const name of ['../TOKEN', 'a/b', '', 'A=B', '1A']) {
      assert.throws(() => secret(name), { code: 'SLIP_INVALID_OPTION' });
    }
  });
});
