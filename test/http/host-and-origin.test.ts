import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type ServeOptions } from 'slipway';
import { modern } from '../support/mcp-post.ts';
import { postBytes, type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { serving } from '../support/serving.ts';

type Post = (headers: Record<string, string>, method?: string) => Promise<RawAnswer>;

async function served(t: TestContext, options: ServeOptions = {}): Promise<Post> {
  const server = new McpServer({ name: 'guarded', version: '1.0.0' });
  server.registerTool('any', {}, () => 'any');
  const { port } = await serving(t, server, options);
  const connection = await RawConnection.open(port);
  t.after(() => connection.close());
  return (headers, method = 'POST') => {
    connection.write(postBytes(modern('tools/list'), headers).replace('POST', method));
    return connection.answer();
  };
}

const codeIn = ({ body }: RawAnswer): string => JSON.parse(body).error.data.code;

test('on a loopback address only loopback names pass as Host', async t => {
  const post = await served(t);
  for (const host of ['localhost', 'localhost:8087', '127.0.0.1', '127.0.0.1:1', '[::1]:1', 'my.localhost']) {
    assert.equal((await post({ host })).status, 200, host);
  }
  for (const host of [
    'evil.example',
    'evil.example:8087',
    'localhost.evil.example',
    '192.168.0.1',
    'mcp.example.com',
  ]) {
    const answer = await post({ host });
    assert.equal(answer.status, 403, host);
    assert.equal(codeIn(answer), 'SLIP_HOST_REFUSED');
  }
});

test('a proxy that passes the public Host needs it in allowedHosts', async t => {
  const post = await served(t, { allowedHosts: ['mcp.example.com', 'other.example:8443'] });
  for (const host of ['mcp.example.com', 'mcp.example.com:443', 'other.example:8443', 'localhost']) {
    assert.equal((await post({ host })).status, 200, host);
  }
  for (const host of ['evil.example', 'other.example', 'sub.mcp.example.com']) {
    assert.equal((await post({ host })).status, 403, host);
  }
});

test('pages of Claude and of loopback pass as Origin, others do not', async t => {
  const post = await served(t);
  for (const origin of ['https://claude.ai', 'https://claude.com', 'http://localhost:6274']) {
    const answer = await post({ origin });
    assert.equal(answer.status, 200, origin);
    assert.equal(answer.headers['access-control-allow-origin'], origin);
    assert.match(
      answer.headers['access-control-expose-headers'] ?? '',
      /WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version/,
    );
  }
  for (const origin of ['https://evil.example', 'https://claude.ai.evil.example', 'http://claude.ai', 'null']) {
    const answer = await post({ origin });
    assert.equal(answer.status, 403, origin);
    assert.equal(codeIn(answer), 'SLIP_ORIGIN_REFUSED');
    assert.equal(answer.headers['access-control-allow-origin'], undefined);
  }
});

test('allowedOrigins adds to them', async t => {
  const post = await served(t, { allowedOrigins: ['https://app.example'] });
  assert.equal((await post({ origin: 'https://app.example' })).status, 200);
  assert.equal((await post({ origin: 'https://claude.ai' })).status, 200);
  assert.equal((await post({ origin: 'https://evil.example' })).status, 403);
});

test('guard: false leaves both to what stands in front', async t => {
  const post = await served(t, { guard: false });
  assert.equal((await post({ host: 'evil.example', origin: 'https://evil.example' })).status, 200);
});

test('a refused request tells a page of an allowed origin why', async t => {
  const post = await served(t);
  const answer = await post({ origin: 'https://claude.ai', 'content-type': 'text/plain' });
  assert.equal(answer.status, 415);
  assert.equal(answer.headers['access-control-allow-origin'], 'https://claude.ai');
});

test('a preflight is 204 before anything else is looked at, and grants only allowed origins', async t => {
  const post = await served(t);
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type, mcp-protocol-version, mcp-method, mcp-name, mcp-param-city',
  };
  const granted = await post({ ...asked, origin: 'https://claude.ai', host: 'evil.example' }, 'OPTIONS');
  assert.equal(granted.status, 204);
  assert.equal(granted.headers['access-control-allow-origin'], 'https://claude.ai');
  const allowed = (granted.headers['access-control-allow-headers'] ?? '').toLowerCase().split(', ');
  for (const name of asked['access-control-request-headers'].split(', ')) assert.ok(allowed.includes(name), name);
  for (const name of ['authorization', 'mcp-session-id', 'last-event-id']) assert.ok(allowed.includes(name), name);
  assert.equal(granted.headers['content-length'], undefined);
  const refused = await post({ ...asked, origin: 'https://evil.example' }, 'OPTIONS');
  assert.equal(refused.status, 204);
  assert.equal(refused.headers['access-control-allow-origin'], undefined);
});
