import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { answerIn, legacy, modern, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { serving } from '../support/serving.ts';

async function served(t: TestContext): Promise<{ base: string; port: number }> {
  const server = new McpServer({ name: 'root', version: '1.0.0' });
  server.registerTool('any', {}, () => 'any');
  const { port } = await serving(t, server);
  return { base: `http://127.0.0.1:${port}`, port };
}

const PATHS = ['', '/', '/mcp', '/mcp/', '/mcp?token=x', '/?a=1&b=2', '/some/other/path', '/MCP', '/api/mcp/'];

test('every path that is not reserved answers directly in both eras, never with a redirect', async t => {
  const { base } = await served(t);
  for (const path of PATHS) {
    for (const message of [modern('tools/list'), legacy('tools/list')]) {
      const response = await fetch(base + path, { method: 'POST', ...message, redirect: 'error' });
      assert.equal(response.status, 200, path);
      assert.equal((await answerIn(response)).result.tools[0].name, 'any', path);
    }
  }
});

const RESERVED = [
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
  '/.well-known/oauth-authorization-server',
  '/mcp/.well-known/openid-configuration',
  '/authorize',
  '/token',
  '/register',
  '/metrics',
  '/sse',
  '/messages',
  '/favicon.ico',
  '/robots.txt',
];

test('a reserved path is a plain 404 for every method: nothing that looks like MCP', async t => {
  const { base } = await served(t);
  for (const path of RESERVED) {
    for (const init of [{ method: 'GET' }, { method: 'HEAD' }, { method: 'POST', ...modern('tools/list') }]) {
      const response = await fetch(base + path, init);
      assert.equal(response.status, 404, `${init.method} ${path}`);
      assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
      assert.equal(response.headers.get('www-authenticate'), null);
      assert.doesNotMatch(await response.text(), /jsonrpc/);
    }
  }
});

test('other methods: 405 with Allow for GET, HEAD, DELETE, PUT and PATCH; 204 with Allow for OPTIONS', async t => {
  const { base } = await served(t);
  for (const path of ['/', '/mcp']) {
    for (const method of ['GET', 'HEAD', 'DELETE', 'PUT', 'PATCH']) {
      const response = await fetch(base + path, { method });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get('allow'), 'POST, OPTIONS', method);
      const text = await response.text();
      if (method === 'HEAD') assert.equal(text, '');
      else assert.equal(JSON.parse(text).error.data.code, 'SLIP_HTTP_METHOD');
    }
    const options = await fetch(base + path, { method: 'OPTIONS' });
    assert.equal(options.status, 204);
    assert.equal(options.headers.get('allow'), 'GET, POST, DELETE, OPTIONS');
    assert.equal(await options.text(), '');
  }
});

test('a GET that asks for a stream is 405 as well: none is offered', async t => {
  const { base } = await served(t);
  const response = await fetch(`${base}/mcp`, { headers: { accept: 'text/event-stream' } });
  assert.equal(response.status, 405);
  await response.text();
});

test('a request target in absolute form is served', async t => {
  const { port } = await served(t);
  const connection = await RawConnection.open(port);
  t.after(() => connection.close());
  connection.write(postBytes(modern('tools/list')).replace('POST / ', 'POST http://localhost/mcp '));
  assert.equal((await connection.answer()).status, 200);
  connection.write(postBytes(modern('tools/list')).replace('POST / ', 'POST http://localhost/token '));
  assert.equal((await connection.answer()).status, 404);
});

test('Content-Type and Accept are read leniently', async t => {
  const { base } = await served(t);
  const good: Record<string, string | null>[] = [
    { 'content-type': 'application/json; charset=utf-8' },
    { 'content-type': 'Application/JSON' },
    { accept: '*/*' },
    { accept: null },
    { accept: 'application/json' },
    { accept: 'text/html, */*;q=0.1' },
  ];
  for (const headers of good) {
    const response = await send(base, modern('tools/list', {}, { headers }));
    assert.equal(response.status, 200, JSON.stringify(headers));
    await response.text();
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const response = await send(base, modern('tools/list', {}, { headers: { 'content-type': type } }));
    assert.equal(response.status, 415, type);
    await response.text();
  }
});
