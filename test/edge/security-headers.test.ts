// Headers that every answer carries, whoever gives it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMcpHandler, McpServer, type ServeOptions } from 'slipway';
import { legacy, modern, type Prepared, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { batch, call, edgeServing, legacyCall } from './edge-server.ts';

const HTTPS = { publicUrl: 'https://mcp.example.com' } satisfies ServeOptions;

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

type Ask = (url: string, port: number) => Promise<Answer>;

const answerOf = async (response: Response): Promise<Answer> => {
  await response.body?.cancel();
  return { status: response.status, headers: Object.fromEntries(response.headers) };
};
const posted =
  (prepared: Prepared): Ask =>
  async url =>
    answerOf(await send(url, prepared));
const fetched =
  (path: string, init: RequestInit = {}): Ask =>
  async url =>
    answerOf(await fetch(new URL(path, url), init));
const raw =
  (bytes: string): Ask =>
  async (_url, port) => {
    const connection = await RawConnection.open(port);
    connection.write(bytes);
    const answer = await connection.answer();
    connection.close();
    return answer;
  };

const OPTIONS = { maxBodyBytes: 5_000, maxHeaderBytes: 4_000, httpSse: true, rateLimitPerTool: '1/1h' };
const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
const page = { origin: 'https://claude.ai' };

const ANSWERS: Readonly<Record<string, readonly [status: number, Ask]>> = {
  'a result': [200, posted(call('free'))],
  'a result of the 2025 era': [200, posted(legacyCall('free'))],
  'a result for a page': [200, posted(call('free', page))],
  'a list that is made before': [200, posted(modern('tools/list'))],
  'a session that begins': [200, posted(legacy('initialize', initialize))],
  'a batch': [200, posted(batch([legacyCall('free')]))],
  'a stream': [200, posted(listen)],
  'a stream of the 2024 transport': [200, fetched('/sse', { headers: { accept: 'text/event-stream' } })],
  'a notification': [
    202,
    posted({ headers: legacy('x').headers, body: '{"jsonrpc":"2.0","method":"notifications/x"}' }),
  ],
  'a preflight': [204, fetched('/', { method: 'OPTIONS', headers: page })],
  'a probe': [200, fetched('/healthz')],
  'a probe of readiness': [200, fetched('/readyz')],
  'no JSON': [400, posted({ headers: call('free').headers, body: '{' })],
  'another host': [403, raw('POST / HTTP/1.1\r\nhost: evil.example\r\ncontent-length: 2\r\n\r\n{}')],
  'another origin': [403, posted(call('free', { origin: 'https://evil.example' }))],
  'a reserved path': [404, fetched('/.well-known/oauth-protected-resource')],
  'an unknown method': [404, posted(modern('no/such'))],
  'an unknown session': [404, posted(legacyCall('free', { 'mcp-session-id': 'none' }))],
  'a method that is not offered': [405, fetched('/mcp', { method: 'PUT' })],
  'a GET that accepts no stream': [406, fetched('/mcp', { headers: { 'mcp-session-id': 'x', accept: 'text/html' } })],
  'a body that is too large': [413, posted({ headers: call('free').headers, body: ' '.repeat(5_001) })],
  'a body of another type': [415, fetched('/mcp', { method: 'POST', body: 'text' })],
  'another expectation': [417, raw(postBytes(call('free'), { expect: 'miracles' }))],
  'a limit that is reached': [
    429,
    async url => {
      await posted(call('plain'))(url, 0);
      return posted(call('plain'))(url, 0);
    },
  ],
  'bytes that are not HTTP': [400, raw('\x16\x03\x01\x02\x00\x01\x00\r\n\r\n')],
  'headers that are too large': [431, raw(postBytes(call('free'), { 'x-large': 'h'.repeat(5_000) }))],
};

for (const [what, [status, ask]] of Object.entries(ANSWERS)) {
  test(`${what}: ${status}`, async t => {
    const { url, port } = await edgeServing(t, OPTIONS);
    const answer = await ask(url, port);
    const { headers } = answer;
    assert.equal(answer.status, status);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['strict-transport-security'], undefined);
    for (const name of ['server', 'x-powered-by']) assert.equal(headers[name], undefined, name);
    // Some caches keep even a 404 for everybody.
    if (status >= 400) assert.equal(headers['cache-control'], 'no-store');
    const secure = await edgeServing(t, { ...OPTIONS, ...HTTPS });
    const again = await ask(secure.url, secure.port);
    assert.equal(again.status, status);
    assert.equal(again.headers['x-content-type-options'], 'nosniff');
    assert.equal(again.headers['strict-transport-security'], 'max-age=31536000');
  });
}

test('what a browser would show is inert', async t => {
  const { url } = await edgeServing(t);
  for (const path of ['/healthz', '/readyz', '/.well-known/x', '/favicon.ico']) {
    const { headers } = await fetch(new URL(path, url));
    assert.equal(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'", path);
    assert.equal(headers.get('referrer-policy'), 'no-referrer', path);
    assert.equal(headers.get('cache-control'), 'no-store', path);
  }
});

test('a page may read when to come back', async t => {
  const { url } = await edgeServing(t, { rateLimitPerAddress: '1/1h' });
  await send(url, call('plain', page));
  const { status, headers } = await send(url, call('plain', page));
  assert.equal(status, 429);
  assert.equal(headers.get('access-control-allow-origin'), 'https://claude.ai');
  assert.match(headers.get('access-control-expose-headers') ?? '', /Retry-After/);
  assert.match(headers.get('vary') ?? '', /Origin/);
});

test('fetch hosts get them too', async t => {
  const mcp = new McpServer({ name: 'edge', version: '1.0.0' });
  mcp.registerTool('plain', {}, () => 'plain');
  const handler = createMcpHandler(mcp, { ...HTTPS, guard: false });
  t.after(() => handler.close());
  const { headers, body } = call('plain');
  for (const [init, status] of [
    [{ method: 'POST', headers, body }, 200],
    [{ method: 'POST', headers: { ...headers, accept: 'text/event-stream' }, body: listen.body }, 400],
    [{ method: 'GET' }, 405],
  ] as const) {
    const response = await handler.fetch(new Request('https://mcp.example.com/mcp', init));
    assert.equal(response.status, status);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(response.headers.get('strict-transport-security'), 'max-age=31536000');
    assert.equal(response.headers.get('cache-control'), status < 400 ? null : 'no-store');
  }
});
