import assert from 'node:assert/strict';
import { release } from 'node:os';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { callTool } from './call-tool.ts';
import { CommandProcess, SLIPWAY } from './command-process.ts';

const fixture = (name: string) => resolve(import.meta.dirname, 'fixtures', name);
const hello = resolve(import.meta.dirname, '../../examples/hello');

function start(args: readonly string[], cwd?: string): CommandProcess {
  return new CommandProcess([...SLIPWAY, 'start', ...args, '--port', '0'], cwd);
}

describe('slipway start', { concurrency: 2 }, () => {
  test('prints where it listens and how to connect each client, and nothing on stderr', async () => {
    await using server = start([`${hello}/server.ts`]);
    const url = await server.listening();
    assert.match(url, /^http:\/\/127\.0\.0\.1:[1-9]\d*\/mcp$/);
    await server.until('stdout', /YOUR-HOST\/mcp\n/);
    assert.match(server.stdout, new RegExp(`^hello listens on ${url}\n`));
    assert.ok(server.stdout.includes(`claude mcp add --transport http hello ${url}\n`));
    assert.ok(server.stdout.includes(`.cursor/mcp.json: {"mcpServers":{"hello":{"url":"${url}"}}}\n`));
    assert.ok(server.stdout.includes(`code --add-mcp '{"name":"hello","type":"http","url":"${url}"}'\n`));
    assert.match(server.stdout, /Settings > Connectors > Add custom connector/);
    assert.equal(server.stderr, '');
  });

  for (const era of ['modern', 'legacy'] as const) {
    test(`the hello example answers both its tools in the ${era} era`, async () => {
      await using server = start([`${hello}/server.ts`]);
      const url = await server.listening();
      const greeting = await callTool(url, era, 'hello');
      assert.equal(greeting.status, 200);
      assert.equal(greeting.text, 'Hello, World! From production MCP server.');
      const named = await callTool(url, era, 'hello', { name: 'Ada' });
      assert.equal(named.text, 'Hello, Ada! From production MCP server.');
      const info = await callTool(url, era, 'system_info');
      assert.equal(info.text, `Platform: ${process.platform} ${release()}\nNode: ${process.versions.node}`);
    });
  }

  test('finds server.ts in the current folder', async () => {
    await using server = start([], hello);
    assert.equal((await callTool(await server.listening(), 'modern', 'hello')).status, 200);
  });

  test('serves a function that makes a server', async () => {
    await using server = start([fixture('factory.ts')]);
    const url = await server.listening();
    assert.match(server.stdout, /^made-per-request listens on /);
    assert.equal((await callTool(url, 'modern', 'hello')).text, 'Hello!');
    assert.equal((await callTool(url, 'legacy', 'hello')).text, 'Hello!');
  });

  test('serves a function that makes servers for some requests only, named after its folder', async () => {
    await using server = start([fixture('choosy-factory.ts')]);
    const url = await server.listening();
    assert.match(server.stdout, /^fixtures listens on /);
    assert.equal((await callTool(url, 'legacy', 'hello')).text, 'Hello!');
  });

  for (const [mode, contentType] of [
    ['sse', /^text\/event-stream/],
    ['json', /^application\/json/],
  ] as const) {
    test(`--response-mode ${mode} decides how it answers`, async () => {
      await using server = start([`${hello}/server.ts`, `--response-mode=${mode}`]);
      const answer = await callTool(await server.listening(), 'modern', 'hello');
      assert.match(answer.contentType ?? '', contentType);
      assert.equal(answer.text, 'Hello, World! From production MCP server.');
    });
  }

  test('--host 0.0.0.0 listens everywhere and names an address that a client can use', async () => {
    await using server = start([`${hello}/server.ts`, '--host', '0.0.0.0']);
    const url = await server.listening();
    assert.match(url, /^http:\/\/127\.0\.0\.1:/);
    assert.match(server.stdout, /on every network interface/);
    assert.equal((await callTool(url, 'modern', 'hello')).status, 200);
  });
});
