/** HTTP+SSE (MCP 2024-11-05): who may post where, and what is refused. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
// @ts-expect-error: Express brings no types
import untypedExpress from 'express';
import { type CreateMcpHandlerOptions, createMcpHandler, McpServer, type NodeHandler, requireScopes } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import { listening } from '../frameworks/mounted-behaviour.ts';
import { SseClient } from '../support/sse-client.ts';

const SECRET = 'a secret of at least thirty-two bytes, for two processes';
const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };

/** Bearer tokens are taken for the names of their users, the part after a colon for a scope. */
function authOf(request: IncomingMessage): object | undefined {
  const token = request.headers.authorization?.replace('Bearer ', '');
  if (token === undefined) return undefined;
  const [sub, ...scopes] = token.split(':');
  return { token, clientId: 'app', scopes, extra: { sub } };
}

interface Process {
  url: string;
  mcp: McpServer;
}

/** One process behind something that validates tokens. */
async function processOf(t: TestContext, options: CreateMcpHandlerOptions = {}): Promise<Process> {
  const mcp = new McpServer({ name: 'older', version: '1.0.0' }, { secrets: [SECRET] });
  mcp.registerTool('whoami', {}, ctx => `${String(ctx.http?.authInfo?.extra?.['sub'])} ${ctx.http?.req?.method}`);
  mcp.registerTool('publish', { scopeChallenge: requireScopes('write') }, () => 'published');
  mcp.registerTool('who', {}, async ctx => {
    const requestedSchema = { type: 'object', properties: { name: { type: 'string' } } } as const;
    const { content } = await ctx.mcpReq.elicitInput({ message: 'Who are you?', requestedSchema });
    return String(content?.['name']);
  });
  const handler = createMcpHandler(mcp, { httpSse: true, ...options });
  t.after(() => handler.close());
  const server = createServer((request, response) => {
    handler.node(Object.assign(request, { auth: authOf(request) }), response);
  });
  return { url: `${await listening(t, server)}/sse`, mcp };
}

async function opened(t: TestContext, url: string, headers?: Record<string, string>): Promise<SseClient> {
  const client = await SseClient.open(url, headers);
  t.after(() => client.leave());
  return client;
}

async function assertUnknown(response: Response, what: string): Promise<void> {
  assert.equal(response.status, 404, what);
  const { error, id } = (await response.json()) as { id: unknown; error: { code: number; data: { code: string } } };
  assert.deepEqual([id, error.code, error.data.code], [1, -32001, 'SLIP_SESSION_UNKNOWN'], what);
}

test('a forged, foreign, expired or closed address is 404, and nothing of it reaches a client', async t => {
  const { url } = await processOf(t, { sessionTtlMs: 1_000 });
  const elsewhere = await processOf(t);
  const client = await opened(t, url);
  const forged = client.postUrl.replace(/.$/, last => (last === 'A' ? 'B' : 'A'));
  for (const address of [
    forged,
    `${client.postUrl}AAAA`,
    client.postUrl.replace(/=.*/, '=x'),
    `${client.postUrl.replace(/=.*/, '=')}`,
  ]) {
    await assertUnknown(await client.post(PING, {}, address), address);
  }
  const foreign = new URL(client.endpoint, elsewhere.url).href;
  await assertUnknown(await client.post(PING, {}, foreign), 'a stream of another process without a common state');
  assert.equal((await client.post({ ...PING, id: 'rightful' })).status, 202);
  assert.equal((await client.next()).id, 'rightful');

  // The stream does not outlive its session, which has a second.
  assert.equal(await client.next(), undefined);
  await assertUnknown(await client.post(PING), 'expired');

  const leaving = await opened(t, elsewhere.url);
  leaving.leave();
  for (let tries = 0; tries < 100 && (await leaving.post({ ...PING, id: 2 })).status === 202; tries++);
  await assertUnknown(await leaving.post(PING), 'closed');
});

test('an address without a session is no path of this transport', async t => {
  const { url } = await processOf(t);
  for (const path of ['/messages', '/messages?session=x', '/messages/more?sessionId=x']) {
    assert.equal((await fetch(new URL(path, url), { method: 'POST', body: '{}' })).status, 404, path);
  }
  assert.equal((await fetch(url, { method: 'POST', body: '{}' })).status, 404);
  assert.equal((await fetch(new URL('/messages?sessionId=x', url))).status, 404);
});

test('the address of one principal refuses another, and anonymous callers', async t => {
  const { url } = await processOf(t);
  const ada = { authorization: 'Bearer ada' };
  const client = await opened(t, url, ada);
  await assertUnknown(await client.post(PING, { authorization: 'Bearer bob' }), 'bob');
  await assertUnknown(await client.post(PING), 'anonymous');
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'whoami' } };
  assert.equal((await client.post(call, ada)).status, 202);
  assert.equal((await client.next()).result.content[0].text, 'ada POST');

  const anonymous = await opened(t, url);
  await assertUnknown(await anonymous.post(PING, ada), 'ada');
});

/** Two processes with one store: in memory they share it as it is, a directory is opened by each. */
async function twoProcesses(t: TestContext, driver: string): Promise<[Process, Process]> {
  if (driver === 'memory') {
    const state = memoryState();
    return [await processOf(t, { state }), await processOf(t, { state })];
  }
  const stateDir = await mkdtemp(join(tmpdir(), 'slipway-sse-'));
  const processes: [Process, Process] = [await processOf(t, { stateDir }), await processOf(t, { stateDir })];
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  return processes;
}

for (const driver of ['memory', 'sqlite']) {
  test(`${driver}: a message posted to another process arrives, with its caller`, t => arrivesElsewhere(t, driver));
  test(`${driver}: changes in another process are heard once`, t => changesElsewhere(t, driver));
}

async function arrivesElsewhere(t: TestContext, driver: string): Promise<void> {
  const [first, second] = await twoProcesses(t, driver);
  const ada = { authorization: 'Bearer ada' };
  const client = await opened(t, first.url, ada);
  const other = new URL(client.endpoint, second.url).href;
  const initialize = {
    jsonrpc: '2.0',
    id: 0,
    method: 'initialize',
    params: {
      protocolVersion: '2024-11-05',
      capabilities: { elicitation: {} },
      clientInfo: { name: 'c', version: '1' },
    },
  };
  assert.equal((await client.post(initialize, ada, other)).status, 202);
  assert.equal((await client.next()).id, 0);
  const call = (id: number, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });
  await client.post(call(1, 'whoami'), ada, other);
  assert.equal((await client.next()).result.content[0].text, 'ada POST');

  // Asked by the one process, answered to the other.
  await client.post(call(2, 'who'), ada);
  const { id } = await client.next();
  await client.post({ jsonrpc: '2.0', id, result: { action: 'accept', content: { name: 'Ada' } } }, ada, other);
  assert.equal((await client.next()).result.content[0].text, 'Ada');

  await assertUnknown(await client.post(PING, { authorization: 'Bearer bob' }, other), 'bob');
  client.leave();
  for (let tries = 0; tries < 500 && (await client.post({ ...PING, id: 2 }, ada, other)).status === 202; tries++);
  await assertUnknown(await client.post(PING, ada, other), 'closed');
}

async function changesElsewhere(t: TestContext, driver: string): Promise<void> {
  const [first, second] = await twoProcesses(t, driver);
  const client = await opened(t, first.url);
  second.mcp.registerTool('late', {}, () => 'late');
  first.mcp.registerTool('later', {}, () => 'later');
  for (let change = 0; change < 2; change++) {
    assert.equal((await client.next()).method, 'notifications/tools/list_changed');
  }
  // A second hearing of one of them would come before this.
  second.mcp.server.sendResourceListChanged();
  assert.equal((await client.next()).method, 'notifications/resources/list_changed');
  await client.post(PING);
  assert.equal((await client.next()).id, 1);
}

test('what needs more scopes is a 403 before anything runs', async t => {
  const state = memoryState();
  const [first, second] = [await processOf(t, { state }), await processOf(t, { state })];
  const reader = { authorization: 'Bearer ada:read' };
  const client = await opened(t, first.url, reader);
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'publish' } };
  for (const url of [client.postUrl, new URL(client.endpoint, second.url).href]) {
    const refused = await client.post(call, reader, url);
    assert.equal(refused.status, 403);
    assert.match(refused.headers.get('www-authenticate') ?? '', /insufficient_scope/);
    assert.equal((await client.post(call, { authorization: 'Bearer ada:write' }, url)).status, 202);
    assert.equal((await client.next()).result.content[0].text, 'published');
  }
});

test('a message is refused for what any other POST is refused for', async t => {
  const { url } = await processOf(t, { maxBodyBytes: 1_000, maxJsonDepth: 10 });
  const client = await opened(t, url);
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(client.postUrl, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const ping = JSON.stringify(PING);
  const refused: [Response, number][] = [
    [await post(ping, { 'content-type': 'text/plain' }), 415],
    [await post(ping, { origin: 'https://evil.example' }), 403],
    [await post(JSON.stringify({ ...PING, params: { text: 'x'.repeat(1_000) } })), 413],
    [await post(`${'['.repeat(11)}${']'.repeat(11)}`), 400],
    [await post('{"jsonrpc":'), 400],
    [await post('{"jsonrpc":"2.0","id":1}'), 400],
    [await post('[]'), 400],
    [await post(`[${ping},${ping}]`), 400],
  ];
  assert.deepEqual(
    refused.map(([{ status }]) => status),
    refused.map(([, status]) => status),
  );
  for (const [response] of refused) assert.equal(((await response.json()) as { jsonrpc: string }).jsonrpc, '2.0');
  const evil = await fetch(url, { headers: { origin: 'https://evil.example' } });
  assert.equal(evil.status, 403);
  assert.equal((await post(ping)).status, 202);
  assert.equal((await client.next()).id, 1);
});

test('behind the prefix of an Express mount, and of a fetch host, the address has the prefix', async t => {
  const mcp = new McpServer({ name: 'older', version: '1.0.0' });
  const handler = createMcpHandler(mcp, { httpSse: true });
  t.after(() => handler.close());
  const app = (untypedExpress as () => { use(path: string, listener: NodeHandler): void } & NodeHandler)();
  app.use('/tools/v1', handler.node);
  const url = `${await listening(t, createServer(app))}/tools/v1/sse`;
  for (const one of [url, `${url}/`, `${url}?x=1`]) {
    const client = await opened(t, one);
    assert.match(client.endpoint, /^\/tools\/v1\/messages\?sessionId=/);
    assert.deepEqual((await client.ask(1, 'ping')).result, {});
  }

  const streamed = await handler.fetch(new Request('http://localhost/api/sse'));
  const reader = streamed.body!.getReader();
  const first = Buffer.from((await reader.read()).value!).toString();
  const address = /data: (\S+)/.exec(first)?.[1];
  assert.match(address ?? '', /^\/api\/messages\?sessionId=/);
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(PING);
  const posted = await handler.fetch(new Request(`http://localhost${address}`, { method: 'POST', headers, body }));
  assert.equal(posted.status, 202);
  assert.match(Buffer.from((await reader.read()).value!).toString(), /"id":1/);
  await reader.cancel();
});

test('no path leads to an address on another host', async t => {
  const { url } = await processOf(t);
  const { origin } = new URL(url);
  for (const path of ['//evil.example/sse', '/\\evil.example/sse', '///sse']) {
    const client = await SseClient.open(`${origin}${path}`);
    assert.equal(new URL(client.endpoint, origin).origin, origin, path);
    assert.doesNotMatch(client.endpoint, /^\/[/\\]/);
    client.leave();
  }
});
