import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, silentLogger } from 'slipway';
import { serveHttp } from 'slipway/testing';

function server(): McpServer {
  const made = new McpServer({ name: 'http', version: '1.0.0' }, { logger: silentLogger });
  made.registerTool('header', {}, ctx => ctx.http?.header('x-test') ?? 'none');
  return made;
}

test('serves on a free port, with clients of both eras', async () => {
  await using served = await serveHttp(server());
  assert.match(served.url, new RegExp(`^http://127\\.0\\.0\\.1:${served.port}/mcp$`));
  for (const protocolVersion of ['2026-07-28', '2025-11-25']) {
    const client = await served.connect({ protocolVersion, headers: { 'X-Test': protocolVersion } });
    assert.equal(client.protocolVersion, protocolVersion);
    assert.equal((await client.callTool('header')).text, protocolVersion);
  }
});

test('two at a time, each with its own port and options', async () => {
  await using one = await serveHttp(server());
  await using other = await serveHttp(server(), { legacy: 'reject' });
  assert.notEqual(one.port, other.port);
  await assert.rejects(other.connect({ protocolVersion: '2025-11-25' }), { code: -32022 });
  assert.equal((await one.connect({ protocolVersion: '2025-11-25' })).protocolVersion, '2025-11-25');
});

test('closing ends its clients, and nobody listens any more', async () => {
  const served = await serveHttp(server());
  const client = await served.connect();
  const response = await fetch(served.url, { method: 'POST' });
  assert.equal(response.status >= 400, true, 'it answers');
  await response.body?.cancel();
  await served.close();
  await assert.rejects(client.callTool('header'), { code: 'SLIP_CLIENT_STATE' });
  await assert.rejects(fetch(served.url));
  await served.close();
});
