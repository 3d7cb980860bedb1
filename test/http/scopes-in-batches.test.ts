import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createMcpHandler, McpServer, requireScopes, silentLogger } from 'slipway';

const call = (id: number, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });

test('a batch needs the scopes of every call in it before any of them runs', async () => {
  const ran: string[] = [];
  const server = new McpServer({ name: 'scopes', version: '1' }, { logger: silentLogger });
  const tool = (name: string, scope?: string) =>
    server.registerTool(name, { ...(scope !== undefined && { scopeChallenge: requireScopes(scope) }) }, () => {
      ran.push(name);
      return name;
    });
  tool('open');
  tool('admin', 'admin');
  tool('audit', 'audit');
  const handler = createMcpHandler(server);
  let scopes: string[] = [];
  const http = createServer((request, response) => {
    Object.assign(request, { auth: { token: 't', clientId: 'c', scopes } });
    handler.node(request, response);
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
  const post = (body: unknown) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  const refused = await post([call(1, 'open'), call(2, 'admin'), call(3, 'audit')]);
  assert.equal(refused.status, 403);
  assert.match(refused.headers.get('www-authenticate') ?? '', /scope="admin audit"/);
  assert.deepEqual(ran, []);

  scopes = ['admin', 'audit'];
  const served = await post([call(1, 'open'), call(2, 'admin'), call(3, 'audit')]);
  assert.equal(served.status, 200);
  assert.deepEqual(ran, ['open', 'admin', 'audit']);
  await new Promise(resolve => http.close(resolve));
});
