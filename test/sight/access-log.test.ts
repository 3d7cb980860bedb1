import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type AuthInfo, inputRequired, McpServer, ResourceTemplate, ToolError } from 'slipway';
import { z } from 'zod';
import { accessLog } from '../../src/host/sight/access-log.ts';
import { productionLogger } from '../../src/host/sight/production-logger.ts';
import { ask, askLegacy, callTool, modern, send } from '../support/mcp-post.ts';
import { eventually } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { type Line, type LoggedServer, type LoggedServerOptions, loggedServer } from './logged-server.ts';

function server(): McpServer {
  const made = new McpServer({ name: 'watched', version: '1.0.0' });
  made.registerTool('hello', { inputSchema: z.object({ name: z.string().optional() }) }, () => 'hello');
  made.registerTool('refuse', {}, () => {
    throw new ToolError('no');
  });
  made.registerTool('ask', {}, () =>
    inputRequired({ inputRequests: { a: inputRequired.elicit({ message: 'Name?', requestedSchema: NAME }) } }),
  );
  made.registerTool('wait', {}, async ({ mcpReq: { signal } }) => {
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    return 'never';
  });
  made.registerPrompt('greeting', {}, () => 'hi');
  made.registerResource('note', new ResourceTemplate('note://{id}', { list: undefined }), {}, async uri => ({
    contents: [{ uri: uri.href, text: 'note' }],
  }));
  return made;
}

const NAME = { type: 'object', properties: { name: { type: 'string' } } } as const;

async function served(t: TestContext, options?: LoggedServerOptions): Promise<LoggedServer> {
  return loggedServer(t, server(), options);
}

async function callsOf({ logLines }: LoggedServer): Promise<Line[]> {
  return (await logLines()).filter(({ msg }) => msg === 'call');
}

test('one line for each call says what was called, by whom, and how it ended', async t => {
  const logged = await served(t);
  await callTool(logged.url, 'hello', { name: 'World' });
  const [line, ...more] = await callsOf(logged);
  assert.deepEqual(more, []);
  const { time, pid, requestId, duration_ms, ...rest } = line;
  assert.deepEqual(rest, {
    level: 'info',
    method: 'tools/call',
    tool: 'hello',
    outcome: 'ok',
    revision: '2026-07-28',
    client: { name: 'test', version: '1.0.0' },
    address: '127.0.0.1',
    msg: 'call',
  });
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 5_000);
  assert.equal(new Date(time).toISOString(), time);
  assert.equal(pid, process.pid);
  assert.match(requestId, /^[0-9a-f]{10}-[0-9a-z]+$/);
  assert.ok(duration_ms >= 0 && duration_ms < 5_000);
});

test('every outcome, and the code of an error', async t => {
  const logged = await served(t);
  const { url } = logged;
  await callTool(url, 'refuse');
  await callTool(url, 'ask', {}, { capabilities: { elicitation: {} } });
  await callTool(url, 'hello', { name: 1 });
  await callTool(url, 'nothing-of-ours');
  await ask(url, 'prompts/get', { name: 'greeting' });
  await ask(url, 'resources/read', { uri: 'note://1' });
  await ask(url, 'tools/list');
  await askLegacy(url, 'tools/call', { name: 'hello' });
  assert.deepEqual(
    (await callsOf(logged)).map(({ method, tool, prompt, resource, unknown, outcome, error_code, revision }) =>
      [method, tool ?? prompt ?? resource, unknown, outcome, error_code, revision].map(value => value ?? '-').join(' '),
    ),
    [
      'tools/call refuse - tool_error - 2026-07-28',
      'tools/call ask - input_required - 2026-07-28',
      'tools/call hello - tool_error - 2026-07-28',
      'tools/call nothing-of-ours true error -32602 2026-07-28',
      'prompts/get greeting - ok - 2026-07-28',
      'resources/read note - ok - 2026-07-28',
      'tools/list - - ok - 2026-07-28',
      'tools/call hello - ok - 2025-11-25',
    ],
  );
});

test('a client that leaves is a cancelled call', async t => {
  const logged = await served(t);
  const leaving = new AbortController();
  const call = callTool(logged.url, 'wait', {}, { signal: leaving.signal });
  await callTool(logged.url, 'hello');
  setTimeout(() => leaving.abort(), 50);
  await assert.rejects(call);
  let lines: Line[] = [];
  for (let at = 0; at < 100 && lines.length < 2; at++) {
    await new Promise(resolve => setTimeout(resolve, 10));
    lines = await callsOf(logged);
  }
  assert.deepEqual(
    lines.map(({ tool, outcome }) => [tool, outcome]),
    [
      ['hello', 'ok'],
      ['wait', 'cancelled'],
    ],
  );
});

test('what strangers call themselves and ask for is bounded, on one line, and without secrets', async t => {
  const logged = await served(t);
  const info = { name: `evil\u001b[31m\r\n{"level":"fatal"}\u202e${'x '.repeat(500)}`, version: 'Bearer abcDEF123456' };
  const meta = { 'io.modelcontextprotocol/clientInfo': info };
  await callTool(logged.url, 'hello', {}, { meta });
  await callTool(logged.url, `sk-${'proj'}-h4Xq9ZpL2mWv7KtR8sYb`, {}, { meta });
  await ask(logged.url, 'resources/read', { uri: 'other://x?token=hunter2' });
  await ask(logged.url, `acme/${'long'.repeat(100)}`);
  const text = await logged.logText();
  assert.equal(text.trimEnd().split('\n').length, 4, text);
  assert.doesNotMatch(text, /hunter2|abcDEF123456|h4Xq9ZpL/);
  const [first, second, third, fourth] = await callsOf(logged);
  assert.ok(first.client.name.startsWith('evil\ufffd[31m\ufffd\ufffd{'), first.client.name);
  assert.ok(first.client.name.length <= 65);
  assert.equal(second.tool, '[redacted]');
  assert.equal(third.unknown, true);
  assert.equal(third.resource, undefined);
  assert.ok(fourth.method.length <= 65, fourth.method);
});

test('arrivals of Claude are marked, by the agent or the name of its probe', async t => {
  const logged = await served(t);
  await callTool(logged.url, 'hello', {}, { headers: { 'user-agent': 'Claude-User' } });
  await callTool(logged.url, 'hello', {}, { headers: { 'user-agent': 'Mozilla/5.0 (compatible; Claude-User/1.0)' } });
  const meta = { 'io.modelcontextprotocol/clientInfo': { name: 'Anthropic/ClaudeAI', version: '1.0.0' } };
  await callTool(logged.url, 'hello', {}, { meta, headers: { 'user-agent': 'python-httpx/0.28.1' } });
  await callTool(logged.url, 'hello', {}, { headers: { 'user-agent': 'curl/8' } });
  assert.deepEqual(
    (await callsOf(logged)).map(({ claude }) => claude),
    [true, true, true, undefined],
  );
});

const ALICE: AuthInfo = { token: 'tok-secret-of-alice', clientId: 'client-1', scopes: [], extra: { sub: 'alice' } };

test('subjects are hashes that a key of the deployment makes: stable with it, different without', async t => {
  const bySub = (request: { headers: Record<string, unknown> }): AuthInfo => ({
    ...ALICE,
    ...(request.headers['x-who'] !== undefined && { extra: { sub: request.headers['x-who'] } }),
  });
  const subjectsOf = async (key: string | undefined): Promise<string[]> => {
    const logged = await served(t, { auth: bySub, ...(key !== undefined && { key }) });
    await callTool(logged.url, 'hello');
    await callTool(logged.url, 'hello');
    await callTool(logged.url, 'hello', {}, { headers: { 'x-who': 'bob' } });
    assert.doesNotMatch(await logged.logText(), /alice|bob|client-1/);
    return (await callsOf(logged)).map(({ subject }) => subject);
  };
  const key = 'k'.repeat(32);
  const [first, again, other] = await subjectsOf(key);
  assert.match(first!, /^[0-9a-f]{16}$/);
  assert.equal(first, again);
  assert.notEqual(first, other);
  assert.deepEqual(await subjectsOf(key), [first, again, other]);
  assert.notEqual((await subjectsOf('other'.repeat(8)))[0], first);
  assert.notEqual((await subjectsOf(undefined))[0], first);
});

test('sessions are hashes, traces are found by their id', async t => {
  const logged = await served(t);
  const client = await SessionClient.begin(logged.url);
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  await client.ask('tools/call', { name: 'hello' }, { meta: { traceparent } });
  await client.ask('tools/call', { name: 'hello' }, { meta: { traceparent: '00-zz-00f067aa0ba902b7-01' } });
  const text = await logged.logText();
  assert.ok(!text.includes(client.sessionId));
  const lines = (await callsOf(logged)).filter(({ method }) => method === 'tools/call');
  assert.equal(lines.length, 2, text);
  assert.match(lines[0].session, /^[0-9a-f]{16}$/);
  assert.equal(lines[0].session, lines[1].session);
  assert.equal(lines[0].trace_id, '4bf92f3577b34da6a3ce929d0e0e4736');
  assert.equal(lines[1].trace_id, undefined);
});

test('a refused request has a line, without its query', async t => {
  const logged = await served(t);
  const { headers, body } = modern('tools/list');
  await fetch(`${logged.url}?access_token=hunter2`, { method: 'POST', headers, body: '{' });
  await fetch(logged.url, { method: 'POST', headers: { ...headers, 'content-type': 'text/plain' }, body });
  await fetch(logged.url, { method: 'PUT', headers, body });
  const lines = (await logged.logLines()).filter(({ msg }) => msg === 'refused');
  assert.deepEqual(
    lines.map(({ status, method, path, address }) => [status, method, path, address]),
    [
      [400, 'POST', '/mcp', '127.0.0.1'],
      [415, 'POST', '/mcp', '127.0.0.1'],
      [405, 'PUT', '/mcp', '127.0.0.1'],
    ],
  );
  assert.doesNotMatch(await logged.logText(), /hunter2/);
});

test('a flood of refusals is counted, not written', async t => {
  const logged = await served(t, { refusalsPerSecond: 5 });
  for (let at = 0; at < 40; at++) {
    const response = await fetch(logged.url, { method: 'PUT' });
    await response.text();
  }
  const lines = await logged.logLines();
  const single = lines.filter(({ msg }) => msg === 'refused').length;
  const sums = lines.filter(({ count }) => count !== undefined);
  assert.ok(single >= 5 && single <= 20, `${single} lines`);
  assert.ok(sums.length > 0);
  assert.equal(single + sums.reduce((total, { count }) => total + count, 0), 40);
  assert.equal(sums[0].by_status[405], sums[0].count);
});

test('where only warnings are logged there is no access log', async () => {
  const logger = productionLogger({ level: 'warn', destination: '/dev/null' });
  assert.equal(accessLog({ logger }), undefined);
  await logger.close();
});

test('a log that breaks does not keep a client from its answer', async t => {
  const logged = await served(t);
  logged.logger.writeLine = () => {
    throw new Error('broken');
  };
  assert.equal((await callTool(logged.url, 'hello')).result.content[0].text, 'hello');
  assert.equal((await fetch(logged.url, { method: 'PUT' })).status, 405);
});

test('thousands of calls are thousands of whole lines', async t => {
  const logged = await served(t);
  const { headers, body } = modern('tools/call', { name: 'hello' });
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 50 }, async () => (await send(logged.url, { headers, body })).text()));
  }
  const lines = await callsOf(logged);
  assert.equal(lines.length, 1_000);
  assert.equal(new Set(lines.map(({ requestId }) => requestId)).size, 1_000);
  await eventually(() => logged.logger.lost === 0);
});
