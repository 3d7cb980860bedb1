// What the user can mend is said in one line on stderr, with exit code 1 and never a stack.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Ended, slipway } from './command-process.ts';

const fixture = (name: string) => resolve(import.meta.dirname, 'fixtures', name);
const hello = resolve(import.meta.dirname, '../../examples/hello/server.ts');

/** Files that must not lie in the checkout, where the linter and the compiler would read them. */
const FILES = {
  'package.json': '{ "type": "module" }',
  'no-default.ts': 'export const server = 1;\n',
  'number.ts': 'export default 5;\n',
  'function.ts': 'export default function add(a: number, b: number) {\n  return a + b;\n}\n',
  'class.ts': 'export default class Server {}\n',
  'another-copy.ts': 'export default { core: {}, registerTool() {} };\n',
  'syntax.ts': 'const a = 1;\nconst b = ;\nexport default a;\n',
  'syntax.js': 'const a = 1;\nconst b = ;\nexport default a;\n',
  'enum.ts': 'export enum Colour {\n  red,\n}\nexport default Colour;\n',
  'no-package.ts': "import x from 'package-that-is-not-installed';\nexport default x;\n",
  'no-module.ts': "import x from './absent.ts';\nexport default x;\n",
  'no-export.ts': "import { absent } from 'node:fs';\nexport default absent;\n",
  'throws.ts': "function connect() {\n  throw new Error('no database\\nat all');\n}\nexport default connect();\n",
  'throws-text.ts': "throw 'plain text';\n",
  'throws-bare.ts': 'throw Object.create(null);\n',
  'imports-broken.ts': "import x from './throws.ts';\nexport default x;\n",
  'waits-forever.ts': 'await new Promise(() => {});\nexport default 1;\n',
  'page.html': '<html></html>',
  'commonjs/package.json': '{ "type": "commonjs" }',
  'commonjs/server.ts': "import { platform } from 'node:os';\nexport default platform;\n",
  'empty/.keep': '',
};

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'));
  for (const part of ['commonjs', 'empty']) await mkdir(join(folder, part));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
});
after(() => rm(folder, { recursive: true, force: true }));

function assertRefused({ code, stdout, stderr }: Ended, expected: RegExp): void {
  assert.match(stderr, expected);
  assert.match(stderr, /^slipway: [^\n]+ \(SLIP_(?:CLI|CONFIG)_[A-Z_]+\)\n$/, 'one line that ends in its code');
  assert.doesNotMatch(stderr, /\bat \S+ \(/);
  assert.equal(stdout, '');
  assert.equal(code, 1);
}

describe('slipway start refuses in one line', { concurrency: 3 }, () => {
  test('a busy port', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise(done => holder.once('listening', done));
    const { port } = holder.address() as { port: number };
    const refused = await slipway(['start', hello, '--port', String(port)]);
    holder.close();
    assertRefused(
      refused,
      new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use .*--port\\. \\(SLIP_CLI_PORT_BUSY\\)`),
    );
  });

  test('an address that is not of this machine', async () => {
    // RFC 5737: 192.0.2.0/24 belongs to nobody.
    const refused = await slipway(['start', hello, '--port', '0', '--host', '192.0.2.1']);
    assertRefused(refused, /Listening on 192\.0\.2\.1:0 is not permitted.*SLIP_CLI_PORT_DENIED/);
  });

  const files: [what: string, args: string[], expected: RegExp][] = [
    ['a missing file', ['absent.ts'], /There is no file 'absent\.ts'.*SLIP_CLI_FILE_MISSING/],
    ['a folder', ['empty'], /There is no file 'empty'/],
    ['a file without a default export', ['no-default.ts'], /'no-default\.ts' has no server .*SLIP_CLI_NO_SERVER/],
    ['a default export that is no server', ['number.ts'], /'number\.ts' has no server .*export default server/],
    ['a function that makes no server', ['function.ts'], /'function\.ts' has no server /],
    ['a class', ['class.ts'], /'class\.ts' has no server /],
    ['a server of another copy', ['another-copy.ts'], /another copy of slipway .* npx slipway in its folder/],
    ['a syntax error in TypeScript', ['syntax.ts'], /could not be loaded: .*\(syntax\.ts:2\)\. .*SLIP_CLI_FILE_BROKEN/],
    ['a syntax error in JavaScript', ['syntax.js'], /Unexpected token ';' \(syntax\.js:2\)/],
    ['TypeScript that has to be compiled', ['enum.ts'], /enum is not supported .*\(enum\.ts:1\)/],
    [
      'a package that is not installed',
      ['no-package.ts'],
      /no-package\.ts imports 'package-that-is-not-installed', which is not installed \(npm install /,
    ],
    ['a module that does not exist', ['no-module.ts'], /no-module\.ts imports 'absent\.ts', which does not exist/],
    ['an export that does not exist', ['no-export.ts'], /export named 'absent' \(no-export\.ts:1\)/],
    ['a file that throws', ['throws.ts'], /'throws\.ts' could not be loaded: no database \(throws\.ts:2\)/],
    ['a file that throws no Error', ['throws-text.ts'], /it threw plain text/],
    [
      'a file that throws what can not become text',
      ['throws-bare.ts'],
      /throws-bare\.ts' could not be loaded: it threw \S/,
    ],
    ['a file whose import throws', ['imports-broken.ts'], /'imports-broken\.ts' .*: no database \(throws\.ts:2\)/],
    ['a file that waits forever', ['waits-forever.ts'], /waits at the top level for something that never happens/],
    ['a file that is no program', ['page.html'], /is not a \.ts, \.mts, \.js or \.mjs file/],
    ['ES module syntax in a CommonJS folder', ['commonjs/server.ts'], /CommonJS; run: npm pkg set type=module/],
  ];
  for (const [what, args, expected] of files) {
    test(what, async () => assertRefused(await slipway(['start', ...args, '--port', '0'], folder), expected));
  }

  test('a folder without any of the usual names', async () => {
    const refused = await slipway(['start', '--port', '0'], join(folder, 'empty'));
    assertRefused(refused, /There is no file 'server\.ts'.*SLIP_CLI_FILE_MISSING/);
  });

  test('a server of the official SDK', async () => {
    const refused = await slipway(['start', fixture('foreign-server.ts'), '--port', '0']);
    assertRefused(refused, /server of another package; import McpServer from 'slipway'/);
  });

  test('a file that listens by itself and exports nothing', async () => {
    const refused = await slipway(['start', fixture('listens-by-itself.ts'), '--port', '0']);
    assertRefused(refused, /SLIP_CLI_NO_SERVER/);
  });

  test('a mistake in a registration, with its own code and place', async () => {
    const refused = await slipway(['start', fixture('bad-registration.ts'), '--port', '0']);
    assertRefused(refused, /'twice' is already registered.*SLIP_DUPLICATE_NAME.*bad-registration\.ts:6/);
  });

  const lines: [args: string[], expected: RegExp][] = [
    [['start', '--port', 'http'], /--port takes a whole number from 0 to 65535, not 'http'/],
    [['start', '--port', '65536'], /--port takes/],
    [['start', '--port', '-1'], /--port/],
    [['start', '--port', '80.5'], /--port takes/],
    [['start', '--port='], /--port takes/],
    [['start', '--port'], /--port/],
    [['start', '--host', 'http://x/'], /--host takes an address or a host name/],
    [['start', '--response-mode', 'xml'], /--response-mode takes auto, json or sse, not 'xml'/],
    [['start', '--prot', '1'], /unknown option '--prot'.*--port/i],
    [['start', 'a.ts', 'b.ts'], /too many arguments/i],
    [['serve'], /unknown command 'serve'/i],
    [['strat'], /unknown command 'strat' \(Did you mean start\?\)/i],
  ];
  for (const [args, expected] of lines) {
    test(`slipway ${args.join(' ')}`, async () => assertRefused(await slipway(args), expected));
  }
});
