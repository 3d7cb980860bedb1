// The configuration file: which one is taken, what it may export, and what is said when it does not load.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfiguration } from '../../src/host/configuration/configuration.ts';
import { ConfigFolder } from './configured-command.ts';

describe('the configuration file', () => {
  test('is found by its usual names, TypeScript first', async () => {
    const names = ['slipway.config.ts', 'slipway.config.mts', 'slipway.config.js', 'slipway.config.mjs'];
    const files = Object.fromEntries(names.map((name, at) => [name, `export default { port: ${at + 1} };`]));
    for (const [at, name] of names.entries()) {
      await using folder = await ConfigFolder.with(Object.fromEntries(Object.entries(files).slice(at)));
      const { values, file } = await loadConfiguration({ flags: {}, env: {}, cwd: folder.path });
      assert.deepEqual([values.port, file], [at + 1, folder.join(name)]);
    }
  });

  test('is the one named: by the caller, the flag, the variable', async () => {
    await using folder = await ConfigFolder.with({
      'slipway.config.ts': 'export default { port: 1 };',
      'variable.ts': 'export default { port: 2 };',
      'flag.ts': 'export default { port: 3 };',
      'caller.ts': 'export default { port: 4 };',
    });
    const cwd = folder.path;
    const env = { SLIPWAY_CONFIG: 'variable.ts' };
    const flags = { config: folder.join('flag.ts') };
    const portOf = async (input: Parameters<typeof loadConfiguration>[0]) =>
      (await loadConfiguration(input)).values.port;
    assert.equal(await portOf({ flags: {}, env, cwd }), 2);
    assert.equal(await portOf({ flags, env, cwd }), 3);
    assert.equal(await portOf({ flags, env, cwd, configFile: 'caller.ts' }), 4);
    assert.equal(await portOf({ flags: { config: 'none' }, env, cwd }), 8087);
    assert.equal(await portOf({ flags: {}, env: { SLIPWAY_CONFIG: 'none' }, cwd }), 8087);
  });

  const forms: [what: string, file: string, source: string][] = [
    ['an object', 'slipway.config.ts', 'const port: number = 9;\nexport default { port, host: undefined };'],
    ['a function', 'slipway.config.ts', 'export default () => ({ port: 9 });'],
    ['an async function', 'slipway.config.ts', 'export default async () => ({ port: 9 });'],
    ['an object after a wait', 'slipway.config.ts', 'export default await Promise.resolve({ port: 9 });'],
    ['a frozen object', 'slipway.config.ts', 'export default Object.freeze({ port: 9 });'],
    ['an object without prototype', 'slipway.config.ts', 'export default { __proto__: null, port: 9 };'],
    ['compiled CommonJS', 'slipway.config.ts', 'export default { default: { port: 9 } };'],
  ];
  for (const [what, file, source] of forms) {
    test(`may export ${what}`, async () => {
      await using folder = await ConfigFolder.with({ [file]: source });
      const { values, sources } = await loadConfiguration({ flags: {}, env: {}, cwd: folder.path });
      assert.deepEqual([values.port, sources.port.name, values.host], [9, file, '127.0.0.1']);
    });
  }
});

describe('a configuration file that does not load is one clear line', { concurrency: 2 }, () => {
  const broken: [what: string, source: string, expected: RegExp][] = [
    [
      'a syntax error',
      'const a = 1;\nconst b = ;\n',
      /slipway\.config\.ts' could not be loaded: .*\(slipway\.config\.ts:2\)/,
    ],
    ['an error of its own', "\nthrow new Error('no vault\\nat all');", /: no vault \(slipway\.config\.ts:2\)/],
    ['an error in its function', "export default () => {\n  throw new Error('no vault');\n};", /no vault \(slip.*:2\)/],
    [
      'an error of a getter',
      "export default {\n  get port() { throw new Error('no vault'); },\n};",
      /no vault \(slipway\.config\.ts:2\)/,
    ],
    ['no Error', "export default () => { throw 'plain'; };", /it threw plain/],
    [
      'an import that is missing',
      "import x from './absent.ts';\nexport default x;",
      /imports 'absent\.ts', which does not/,
    ],
    ['a package that is missing', "import x from 'absent-package';\nexport default x;", /npm install absent-package/],
    ['a wait without end', 'export default await new Promise(() => {});', /waits at the top level for something/],
    ['a function without end', 'export default () => new Promise(() => {});', /waits in its function for something/],
    [
      'no default export',
      'export const port = 1;',
      /its default export is no configuration; end it with: export default/,
    ],
    ['an array', 'export default [];', /is no configuration/],
    ['an instance', 'export default new (class Config { port = 1 })();', /is no configuration/],
    ['a function that returns nothing', 'export default () => {};', /is no configuration/],
  ];
  for (const [what, source, expected] of broken) {
    test(what, async () => {
      await using folder = await ConfigFolder.with({ 'slipway.config.ts': source });
      const { code, stdout, stderr } = await folder.slipway(['config']);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
      assert.match(stderr, expected);
      assert.match(stderr, /^slipway: [^\n]+ \(SLIP_CLI_FILE_BROKEN\)\n$/);
    });
  }
});
