// Configurations of nginx are read as nginx reads them: words, blocks, includes, inheritance, the choice of a location.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { checkText } from '../../src/deploy/check.ts';
import { IncludedFileError } from '../../src/deploy/included-file-error.ts';
import { nginxDirectives } from '../../src/deploy/nginx/directives.ts';
import { locationFor, redirectsToSlash } from '../../src/deploy/nginx/locations.ts';
import { readConfiguration } from '../../src/deploy/nginx/read-configuration.ts';
import { Scope } from '../../src/deploy/nginx/scope.ts';
import { bytesOf, secondsOf } from '../../src/deploy/nginx/site-rule.ts';
import { NginxSyntaxError } from '../../src/deploy/nginx/tokens.ts';
import { isAtLeast, nginxVersion } from '../../src/deploy/nginx/version.ts';

describe('the words of nginx', () => {
  test('quotes, escapes, variables in braces, comments', () => {
    const [first, second, third] = nginxDirectives(`# comment; with { signs
log_format a '$remote_addr "\\'x\\'" # no comment';   # comment
set $b "\${host}_c"; rewrite "^/a{2}\\.php$" /\${c}d;
`);
    assert.deepEqual(first!.args, ['a', '$remote_addr "\'x\'" # no comment']);
    assert.equal(first!.line, 2);
    assert.deepEqual(second!.args, ['$b', `$${'{host}'}_c`]);
    assert.equal(second!.line, 3);
    assert.deepEqual(third!.args, ['^/a{2}\\.php$', `/$${'{c}'}d`]);
  });

  test('a word over several lines, and what follows it', () => {
    const [first, second] = nginxDirectives("return 200 'a\nb';\nlisten 80;");
    assert.deepEqual([first!.args[1], second!.line], ['a\nb', 3]);
  });

  const BROKEN = {
    "return 'a;": [1, 'a quote is never closed'],
    'server {\n listen 80;\n': [1, "a block has no '}'"],
    'listen 80;\n}': [2, "'}' closes nothing"],
    'server {\n listen 80\n}': [2, "'listen' has no ';'"],
    ';': [1, "';' follows no directive"],
    'a "b"c;': [1, "'c' follows a closing quote"],
    '\ufeffserver {}': [1, 'U+FEFF looks like a blank, and nginx takes it for a letter'],
    'server {\n\u00a0listen 80; }': [2, 'U+00A0 looks like a blank, and nginx takes it for a letter'],
    [`${'a {'.repeat(101)}${'}'.repeat(101)}`]: [1, 'blocks are more than 100 levels deep'],
  } as const;

  test('Lua is left alone, whatever braces it has', () => {
    const [block, next] = nginxDirectives(`location / { access_by_lua_block {
  local t = { '}', "\\"}", [[ } ]] } -- }
  --[==[ } ]] ]==]
  if t then ngx.say("it's {") end
} gzip off; }
listen 80;`);
    assert.deepEqual(
      block!.block!.map(({ name, line }) => [name, line]),
      [
        ['access_by_lua_block', 1],
        ['gzip', 5],
      ],
    );
    assert.equal(next!.line, 6);
    const open = 'content_by_lua_block { say("}")';
    assert.throws(() => nginxDirectives(open), new NginxSyntaxError("a block has no '}'", 1));
  });

  test('blanks of other kinds are letters in quotes and comments', () => {
    const [directive] = nginxDirectives("a 'b\u00a0c'; # \ufeff");
    assert.deepEqual(directive!.args, ['b\u00a0c']);
  });

  for (const [text, [line, why]] of Object.entries(BROKEN)) {
    test(`${JSON.stringify(text).slice(0, 40)}: ${why}`, () => {
      assert.throws(() => nginxDirectives(text), new NginxSyntaxError(why, line));
    });
  }
});

describe('a server of nginx', () => {
  const server = (text: string) => new Scope(nginxDirectives(text));
  const answering = (text: string, path: string) => locationFor(server(text), path)?.directive.args.join(' ');

  test('which location answers a path', () => {
    const text =
      'location / {} location /mcp {} location = /mcp/ {} location ~ ^/a[bc]$ {} location ^~ /ab {} location ~* x {}';
    const expected = {
      '/': '/',
      '/mcp': '/mcp',
      '/mcp/': '= /mcp/',
      '/ac': '~ ^/a[bc]$',
      '/ab': '^~ /ab',
      '/X': '~* x',
    };
    for (const [path, location] of Object.entries(expected)) assert.equal(answering(text, path), location, path);
    assert.equal(answering('location /a {}', '/b'), undefined);
  });

  test('where nginx redirects by itself', () => {
    const redirects = (text: string) => redirectsToSlash(server(text), '/mcp') !== undefined;
    assert.equal(redirects('location / {} location /mcp/ { proxy_pass http://a; }'), true);
    assert.equal(redirects('location = /mcp {} location /mcp/ { proxy_pass http://a; }'), false);
    assert.equal(redirects('location /mcp/ { root /a; }'), false, 'only for what passes requests on');
  });

  test('what an inner level inherits, and replaces', () => {
    const outer = server('gzip on; add_header A 1; add_header B 2;');
    const inner = new Scope(nginxDirectives('add_header C 3;'), outer);
    assert.equal(inner.value('gzip'), 'on');
    assert.deepEqual(
      inner.all('add_header').map(({ args }) => args[0]),
      ['C'],
    );
    assert.deepEqual(
      outer.all('add_header').map(({ args }) => args[0]),
      ['A', 'B'],
    );
  });

  test('times, sizes and releases', () => {
    assert.deepEqual(['60', '60s', '1m 30s', '500ms', '1h', 'x'].map(secondsOf), [60, 60, 90, 0.5, 3600, undefined]);
    assert.deepEqual(['1024', '8k', '4M', '1g', 'x'].map(bytesOf), [1024, 8192, 4 * 1024 ** 2, 1024 ** 3, undefined]);
    assert.equal(isAtLeast(nginxVersion('nginx/1.25.1'), '1.25.1'), true);
    assert.equal(isAtLeast(nginxVersion('1.9'), '1.18.0'), false);
    assert.equal(nginxVersion('latest'), undefined);
  });
});

describe('what a configuration includes', () => {
  test('is read from its folder, in place; a pattern takes all that match', t => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-nginx-file-'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, 'sites'));
    writeFileSync(join(folder, 'sites/a.conf'), 'server { listen 443 ssl; location / { proxy_pass http://m; } }');
    writeFileSync(join(folder, 'sites/b.conf'), 'include a.conf.inc; # itself, in a circle\ninclude sites/b.conf;');
    writeFileSync(join(folder, 'sites/c.txt'), 'not read {');
    const text = 'http { include mime.types; include sites/*.conf; include none/*.conf; include gone.conf; }';
    const read = readConfiguration(join(folder, 'nginx.conf'), text);
    assert.equal(read.sites.length, 1);
    assert.equal(read.sites[0]!.directive.file, join(folder, 'sites/a.conf'));
    assert.ok(read.missing.some(({ pattern }) => pattern === 'gone.conf'));
    assert.ok(!read.missing.some(({ pattern }) => pattern === 'mime.types' || pattern === 'none/*.conf'));
    writeFileSync(join(folder, 'sites/a.conf'), 'server {');
    assert.throws(() => readConfiguration(join(folder, 'nginx.conf'), text), IncludedFileError);
  });
});

test('control characters of a file do not reach the terminal', () => {
  const site = 'server { listen 443 ssl; location / { proxy_pass http://a/\u001b[31m; } }';
  const { findings } = checkText('a.conf', site);
  assert.match(findings.find(({ id }) => id === 'nginx-path-rewritten')!.what, /http:\/\/a\/\ufffd\[31m/);
  assert.throws(
    () => checkText('a.conf', `${'\0'.repeat(5_000)}`),
    (error: Error) => error.message.length < 500 && !error.message.includes('\0'),
  );
});
