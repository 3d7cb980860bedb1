import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { release, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { connect } from 'slipway/testing';
import { slipway } from '../cli/command-process.ts';
import { ExampleProcess } from './example-process.ts';

/** As its unit starts it, on ports of the test's own. */
function start(adminPort = 0): ExampleProcess {
  return new ExampleProcess('production', folder => ({ SLIPWAY_ADMIN_PORT: adminPort, LOGS_DIRECTORY: folder }));
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

describe('the production example', { concurrency: 2 }, () => {
  test('answers both tools of the guide, and writes who called what', async () => {
    await using server = start();
    {
      await using client = await connect(await server.listening());
      assert.equal((await client.callTool('hello')).text, 'Hello, World! From production MCP server.');
      assert.equal((await client.callTool('hello', { name: 'Ada' })).text, 'Hello, Ada! From production MCP server.');
      const { text } = await client.callTool('system_info');
      assert.equal(text, `Platform: ${process.platform} ${release()}\nNode: ${process.versions.node}`);
    }
    server.child.kill('SIGTERM');
    assert.equal((await server.ended()).code, 0);
    const lines = readFileSync(join(server.folder, 'audit.jsonl'), 'utf8').trimEnd().split('\n');
    const records = lines.map(line => JSON.parse(line) as { tool: string; outcome: string; argumentsHash: string });
    assert.deepEqual(
      records.map(({ tool, outcome }) => [tool, outcome]),
      [
        ['hello', 'ok'],
        ['hello', 'ok'],
        ['system_info', 'ok'],
      ],
    );
    assert.ok(records.every(({ argumentsHash }) => argumentsHash.startsWith('sha256:')));
  });

  test('limits what one caller gets', async () => {
    await using server = start();
    await using client = await connect(await server.listening());
    for (let call = 0; call < 60; call++) await client.callTool('system_info');
    await assert.rejects(client.callTool('system_info'), /The limit of 60\/1m per/);
    assert.equal((await client.callTool('hello')).isError ?? false, false);
  });

  test('counts calls on the admin port, and says that it is ready', async () => {
    const port = await freePort();
    await using server = start(port);
    await using client = await connect(await server.listening());
    await client.callTool('hello');
    const admin = `http://127.0.0.1:${port}`;
    const metrics = await (await fetch(`${admin}/metrics`)).text();
    assert.match(metrics, /mcp_server_operation_duration_seconds_count\{[^}]*"hello"[^}]*\} 1\n/);
    assert.equal((await fetch(`${admin}/readyz`)).status, 200);
  });

  test('its deploy files are those that slipway deploy writes', async () => {
    const own = resolve(import.meta.dirname, '../../examples/production/deploy');
    const folder = mkdtempSync(join(tmpdir(), 'slipway-deploy-'));
    try {
      const target = ['machine', '--domain', 'mcp.example.com', '--out', folder];
      assert.equal((await slipway(['deploy', ...target])).code, 0);
      assert.deepEqual(readdirSync(own).sort(), readdirSync(folder).sort());
      assert.ok(readdirSync(own).length >= 3);
      const again =
        'run: npm run slipway -- deploy machine --domain mcp.example.com --out examples/production/deploy --force';
      for (const name of readdirSync(own)) {
        assert.equal(
          readFileSync(join(own, name), 'utf8'),
          readFileSync(join(folder, name), 'utf8'),
          `${name}; ${again}`,
        );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
