import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { McpServer, silentLogger } from 'slipway';
import { z } from 'zod';
import { missing, programPath } from '../lifecycle/programs.ts';
import { serving } from '../support/serving.ts';
import { CommandProcess, type Ended, SLIPWAY, slipway } from './command-process.ts';

const FILE = relative('', resolve(import.meta.dirname, 'fixtures/called-server.ts'));
const COMMAND = `${process.execPath} --conditions=@slipway/source bin/slipway.js start --stdio ${FILE}`;

const folder = mkdtempSync(join(tmpdir(), 'slipway-call-'));
after(() => rmSync(folder, { recursive: true }));

/** What it says of itself, without what the file prints. */
const said = ({ stderr }: Ended): string =>
  stderr
    .split('\n')
    .filter(line => line !== '' && !/^(printed|started|stopped)/.test(line))
    .join('\n');

const call = (...args: string[]): Promise<Ended> => slipway(['call', ...args]);

function greeter(): McpServer {
  const server = new McpServer({ name: 'greeter', version: '1.0.0' }, { logger: silentLogger });
  server.registerTool('hello', { inputSchema: z.object({ name: z.string() }) }, ({ name }) => `Hello, ${name}!`);
  server.registerTool('headers', {}, ctx => {
    const { http } = ctx;
    return `${http?.req?.headers.get('authorization')} ${http?.req?.headers.get('x-one')} ${http?.req?.headers.get('x-two')}`;
  });
  return server;
}

/** A server of HTTP that is no MCP server; its URL. */
async function standIn(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    listener(request, response);
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('slipway call', { concurrency: 2 }, () => {
  test('calls a tool of a file: only the result is on standard output, hooks run, the process ends', async () => {
    const ended = await call(FILE, 'order', 'item=7', 'count=2', 'tags=a', 'tags=b', 'express=true');
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(ended.stdout, '{"item":"7","count":2,"tags":["a","b"],"express":true}\n');
    for (const line of ['printed while it is loaded', 'started', 'printed while it is called', 'stopped']) {
      assert.ok(ended.stderr.includes(line), line);
    }
  });

  test('prints the whole result as JSON', async () => {
    const { code, stdout } = await call(FILE, 'order', '--data', '{"item":"x"}', '--json');
    assert.equal(code, 0);
    const result = JSON.parse(stdout) as { structuredContent: unknown };
    assert.deepEqual(result.structuredContent, { item: 'x', count: 1, tags: [], express: false });
  });

  test('takes the arguments from a file, and from standard input', async () => {
    const data = join(folder, 'arguments.json');
    writeFileSync(data, '{"item":"from a file"}\n');
    assert.match((await call(FILE, 'order', 'count=4', '--data', `@${data}`)).stdout, /"from a file","count":4/);
    await using child = new CommandProcess([...SLIPWAY, 'call', FILE, 'order', '--data', '-'], undefined, 'pipe');
    child.child.stdin!.end('{"item":"from a pipe"}');
    assert.match((await child.ended()).stdout, /"from a pipe"/);
  });

  test('a tool that fails says so on standard error, without its colours, and with exit code 1', async () => {
    const ended = await call(FILE, 'fails');
    assert.equal(ended.code, 1);
    assert.equal(ended.stdout, '');
    assert.equal(said(ended), 'There is no\nsuch \uFFFD[31mcity');
  });

  test('progress is told on standard error, a line each', async () => {
    const ended = await call(FILE, 'climbs');
    assert.equal(ended.stdout, 'up\n');
    assert.equal(said(ended), '1/2 step 1\n2/2 step 2');
  });

  test('says what it can not print', async () => {
    const { stdout } = await call(FILE, 'picture');
    assert.equal(stdout, '[image image/png, 3 bytes; --json has it]\nmotd: note://motd\n');
  });

  test('suggests what may be meant', async () => {
    const [tool, argument, incomplete, nothing] = await Promise.all([
      call(FILE, 'oder', 'item=x'),
      call(FILE, 'order', 'itm=x'),
      call(FILE, 'order'),
      call(FILE),
    ]);
    assert.match(said(tool), /There is no tool 'oder' \(did you mean order\?\)\. .*\(SLIP_CALL_TOOL\)$/);
    assert.match(said(argument), /\(did you mean item\?\)\. .*\(SLIP_CALL_ARGUMENT\)$/);
    assert.match(said(incomplete), /also needs item \(string\)\. .*\(SLIP_CALL_INCOMPLETE\)$/);
    assert.match(said(nothing), /The name of the tool is missing; the server has order, fails, climbs/);
    for (const { code, stdout } of [tool, argument, incomplete, nothing]) {
      assert.equal(code, 1);
      assert.equal(stdout, '');
    }
  });

  test('a question is answered with what was given, the rest with defaults', async () => {
    const ended = await call(FILE, 'ship', '--answer', 'city=Lima', '--answer', 'speed=fast', '--answer', 'floors=2');
    assert.deepEqual(JSON.parse(ended.stdout), { city: 'Lima', floors: 2, speed: 'fast' });
    assert.equal(said(ended), '');
  });

  test('without an answer and a terminal it is declined, and told how to answer', async () => {
    const ended = await call(FILE, 'ship', '--answer', 'city=Lima');
    assert.equal(ended.code, 0);
    assert.equal(ended.stdout, 'nowhere (decline)\n');
    assert.match(said(ended), /the server asks: Where to\?\n.*declined, .* --answer .*speed=<slow \| fast>$/);
  });

  test('an answer that the form does not take ends the call, before the server asks again and again', async () => {
    const ended = await call(FILE, 'ship', '--answer', 'city=L', '--answer', 'speed=slow');
    assert.deepEqual([ended.code, ended.stdout], [1, '']);
    assert.match(said(ended), /'city'.*it must NOT have fewer than 2 characters.*\(SLIP_CALL_ANSWER\)$/);
  });

  test('what a command over stdio prints besides messages is told once', async () => {
    const chatter = join(folder, 'chatter.mjs');
    writeFileSync(chatter, "for (let line = 0; line < 500; line++) console.log('hello');\n");
    const ended = await call('--stdio', `${process.execPath} ${chatter}`, 'order');
    assert.equal(ended.code, 1);
    assert.equal(ended.stderr.match(/a line on its standard output is no message/g)?.length, 1);
    assert.match(ended.stderr, /\(SLIP_SERVER_CLOSED\)\n$/);
  });

  test('an answer that does not fit ends the call', async () => {
    const ended = await call(FILE, 'ship', '--answer', 'city=Lima', '--answer', 'speed=fats');
    assert.equal(ended.code, 1);
    assert.match(said(ended), /'speed' does not fit .*did you mean fast\?.*\(SLIP_CALL_ANSWER\)$/);
  });

  test('a page to visit is printed', async () => {
    const declined = await call(FILE, 'visit');
    assert.equal(declined.stdout, 'decline\n');
    assert.match(said(declined), /visit a page: Sign in there\n {2}https:\/\/example\.com\/sign-in\n.*declined/);
    assert.equal((await call(FILE, 'visit', '--answer', 'accept')).stdout, 'accept\n');
  });

  test('starts a command and speaks with it over stdio, in the revision that is asked for', async () => {
    const ended = await call('--stdio', COMMAND, 'order', 'item=x', '--revision', '2025-06-18');
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /^\{"item":"x"/);
    const broken = await call('--stdio', `${process.execPath} -e 'throw Error("no such luck")'`, 'order');
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /The server is gone: it ended with exit code 1/);
    assert.match((await call('--stdio', 'no-such-program', 'order')).stderr, /SLIP_SERVER_COMMAND/);
  });

  test('calls a tool over HTTP, with headers and a token that is never printed', async t => {
    const { url } = await serving(t, greeter());
    const token = join(folder, 'token.txt');
    writeFileSync(token, 'hunter2\n');
    assert.equal((await call(url, 'hello', 'name=Ada')).stdout, 'Hello, Ada!\n');
    const flags = ['--bearer', `@${token}`, '--header', 'X-One: a, b', '--header', 'x-two: c'];
    assert.equal((await call(url, 'headers', ...flags)).stdout, 'Bearer hunter2 a, b c\n');
    const [, , both] = await Promise.all([
      call(url, 'headers', '--header', 'nothing'),
      call(url, 'headers', '--header', 'a: \u0007'),
      call(url, 'headers', '--bearer', 'hunter2', '--header', 'Authorization: Bearer hunter3'),
    ]);
    assert.match(both.stderr, /either a bearer token or an Authorization header/);
    assert.doesNotMatch(both.stderr, /hunter/);
  });

  test('a time limit ends the call', async t => {
    const url = await standIn(t, () => {});
    const { code, stderr } = await call(`${url}/mcp`, 'hello', '--timeout', '0.2');
    assert.equal(code, 1);
    assert.match(stderr, /did not answer 'server\/discover' within 200 ms.*\(SLIP_SERVER_TIMEOUT\)\n$/);
  });

  test('Ctrl-C takes the call back and ends with 130', async t => {
    const server = greeter();
    let cancelled = false;
    const begun = Promise.withResolvers<void>();
    server.registerTool('wait', {}, async ctx => {
      begun.resolve();
      await new Promise(aborted => ctx.mcpReq.signal.addEventListener('abort', aborted, { once: true }));
      cancelled = true;
      return 'cancelled';
    });
    const { url } = await serving(t, server);
    await using child = new CommandProcess([...SLIPWAY, 'call', url, 'wait']);
    await begun.promise;
    child.child.kill('SIGINT');
    const { code, stdout, stderr } = await child.ended();
    assert.deepEqual({ code, stdout, stderr }, { code: 130, stdout: '', stderr: '' });
    for (let tries = 0; !cancelled && tries < 100; tries++) await new Promise(soon => setTimeout(soon, 20));
    assert.equal(cancelled, true);
  });
});

describe('slipway call where there is no server that answers', { concurrency: 2 }, () => {
  const CASES: [title: string, listener: RequestListener, says: RegExp][] = [
    [
      'a page',
      (_, r) => r.setHeader('content-type', 'text/html').end('<h1>Hi</h1>'),
      /Content-Type text\/html.*NOT_MCP/,
    ],
    [
      'a wrong path',
      (_, r) => r.writeHead(404, { 'content-type': 'text/html' }).end('<title>Not here</title>'),
      /status 404: Not here\. .*usually \/mcp.*SLIP_SERVER_STATUS/,
    ],
    [
      'a redirect',
      (_, r) => r.writeHead(301, { location: 'https://u:secret@example.com/mcp/?key=secret' }).end(),
      /redirects to https:\/\/example\.com\/mcp\/\?\.\.\. \(status 301\).*SLIP_SERVER_REDIRECT/,
    ],
    [
      'a sign-in',
      (_, r) => r.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token", scope="read"' }).end(),
      /\(401\): Bearer, error invalid_token, scope read.*SLIP_SERVER_UNAUTHORIZED/,
    ],
    ['a refusal', (_, r) => r.writeHead(403).end('Keep out'), /\(403\): Keep out.*SLIP_SERVER_FORBIDDEN/],
    ['a failing gateway', (_, r) => r.writeHead(502).end('Bad Gateway'), /status 502: Bad Gateway.*SLIP_SERVER_STATUS/],
    ['a connection that breaks', request => request.socket.destroy(), /was closed before an answer.*UNREACHABLE/],
  ];
  for (const [title, listener, says] of CASES) {
    test(title, async t => {
      const url = await standIn(t, listener);
      const { code, stdout, stderr } = await call(`${url}/mcp?key=secret`, 'hello', '--bearer', 'secret');
      assert.equal(code, 1);
      assert.equal(stdout, '');
      assert.match(stderr, says);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
      assert.doesNotMatch(stderr, /secret/);
    });
  }

  test('nobody, and what is no server at all', async () => {
    assert.match((await call('http://127.0.0.1:1/mcp', 'x')).stderr, /nothing listens there.*SLIP_SERVER_UNREACHABLE/);
    assert.match((await call('http://no-such-host.invalid/mcp', 'x')).stderr, /name can not be/);
    assert.match((await call('127.0.0.1:8087/mcp', 'x')).stderr, /did you mean http:\/\/127\.0\.0\.1:8087\/mcp \?/);
    assert.match((await call('no-such-file.ts', 'x')).stderr, /SLIP_CLI_FILE_MISSING/);
    assert.match((await call()).stderr, /takes a server, a tool and its arguments/);
  });
});

const TERMINAL = resolve(import.meta.dirname, 'fixtures/terminal.py');

describe('slipway call at a terminal', { skip: missing('python3') }, () => {
  async function typing(steps: readonly (readonly [string, string])[], ...args: string[]): Promise<Ended> {
    const command = [programPath('python3')!, TERMINAL, JSON.stringify(steps), ...SLIPWAY, 'call', ...args];
    await using child = new CommandProcess(['env', 'NO_COLOR=1', 'TERM=xterm', ...command]);
    return await child.ended();
  }

  test('asks field by field, and takes what fits only', async () => {
    const { code, stdout } = await typing(
      [
        ['city', 'L\r'],
        ['must NOT have fewer than 2', 'ima\r'],
        ['floors', '\u007F12\r'],
        ['speed', '\u001B[B\r'],
      ],
      FILE,
      'ship',
    );
    assert.equal(code, 0, stdout);
    assert.match(stdout, /The server asks: Where to\?/);
    assert.match(stdout, /\{"city":"Lima","floors":12,"speed":"fast"\}/);
  });

  test('asks for several of a list, for yes or no, and for what may be left out', async () => {
    const { stdout } = await typing(
      [
        ['colours', ' \u001B[B\u001B[B \r'],
        ['Are you?', 'y'],
        ['note (optional)', '\r'],
      ],
      FILE,
      'survey',
    );
    assert.match(stdout, /\{"colours":\["red","blue"\],"sure":true\}/);
  });

  test('asks for what the command line leaves open only', async () => {
    const given = ['--answer', 'colours=red', '--answer', 'colours=green', '--answer', 'note=hi'];
    const { stdout } = await typing([['Are you?', 'n']], FILE, 'survey', ...given);
    assert.match(stdout, /\{"colours":\["red","green"\],"note":"hi","sure":false\}/);
  });

  test('Ctrl-C at a question leaves it unanswered', async () => {
    const { code, stdout } = await typing([['city', '\u0003']], FILE, 'ship');
    assert.equal(code, 0, stdout);
    assert.match(stdout, /nowhere \(cancel\)/);
  });

  test('asks whether a page was visited', async () => {
    const { stdout } = await typing([['Done?', 'y']], FILE, 'visit');
    assert.match(stdout, /https:\/\/example\.com\/sign-in/);
    assert.match(stdout, /accept\r?\n/);
  });
});
