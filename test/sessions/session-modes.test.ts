import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type CreateMcpHandlerOptions, createMcpHandler, McpServer } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import { askLegacy } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import { type Fetch, refusalOf, SessionClient } from '../support/session-client.ts';
import { SECRET } from '../support/state-place.ts';

function server(secrets?: readonly string[]): McpServer {
  const made = new McpServer({ name: 'modes', version: '1.0.0' }, secrets && { secrets });
  made.registerTool('session', {}, ctx => ctx.sessionId ?? 'none');
  return made;
}

const REQUIRED = [400, 'SLIP_SESSION_REQUIRED'];

test('required: whoever does not send the id is told so, but for initialize', async t => {
  const { url } = await serving(t, server(), { sessions: 'required' });
  const client = await SessionClient.begin(url);
  const without = { 'mcp-session-id': null };
  assert.deepEqual(await refusalOf(await client.send('tools/list', undefined, { headers: without })), REQUIRED);
  assert.deepEqual(
    await refusalOf(await client.post('{"jsonrpc":"2.0","method":"notifications/initialized"}', { headers: without })),
    REQUIRED,
  );
  assert.deepEqual(
    await refusalOf(await client.post('{"jsonrpc":"2.0","id":1,"result":{}}', { headers: without })),
    REQUIRED,
  );
  assert.deepEqual(await refusalOf(await client.get(without)), REQUIRED);
  const del = await fetch(url, { method: 'DELETE' });
  assert.deepEqual(await refusalOf(del), REQUIRED);
  assert.equal((await client.call('session')).result.content[0].text, client.sessionId);
});

test('required: the error carries the id of the request', async t => {
  const { url } = await serving(t, server(), { sessions: 'required' });
  const answer = await askLegacy(url, 'tools/list', undefined, { id: 'mine' });
  assert.equal(answer.id, 'mine');
  assert.equal(answer.error?.code, -32600);
});

test('optional, the default of serve(): both with and without', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  assert.equal((await client.call('session')).result.content[0].text, client.sessionId);
  const plain = await askLegacy(url, 'tools/call', { name: 'session' });
  assert.equal(plain.result.content[0].text, 'none');
});

test('off: no id, and GET and DELETE are not offered, with an id and without', async t => {
  const { url } = await serving(t, server(), { sessions: 'off' });
  const response = await SessionClient.handshake(url);
  assert.equal(response.headers.get('mcp-session-id'), null);
  await response.text();
  for (const method of ['GET', 'DELETE']) {
    for (const headers of [{}, { 'mcp-session-id': 'any' }]) {
      const refused = await fetch(url, { method, headers });
      assert.equal(refused.status, 405);
      assert.equal(refused.headers.get('allow'), 'POST, OPTIONS');
      await refused.text();
    }
  }
  // An id from elsewhere means nothing here.
  const answer = await askLegacy(url, 'tools/call', { name: 'session' }, { headers: { 'mcp-session-id': 'any' } });
  assert.equal(answer.result.content[0].text, 'none');
});

test('without an id, GET and DELETE are 405', async t => {
  const { url } = await serving(t, server());
  for (const method of ['GET', 'DELETE']) {
    const refused = await fetch(url, { method, headers: { accept: 'text/event-stream' } });
    assert.deepEqual(await refusalOf(refused), [405, 'SLIP_HTTP_METHOD']);
    assert.equal(refused.headers.get('allow'), 'POST, OPTIONS');
  }
});

test("a server of 2026-07-28 alone has no sessions, though they are 'required'", async t => {
  const { url } = await serving(t, server(), { sessions: 'required', legacy: 'reject' });
  const response = await SessionClient.handshake(url);
  assert.equal(response.headers.get('mcp-session-id'), null);
  assert.equal(response.status, 400);
  await response.text();
  assert.equal((await fetch(url, { headers: { 'mcp-session-id': 'any' } })).status, 405);
});

test('a value that is no mode, or no time, is refused at once', async () => {
  for (const options of [{ sessions: 'always' }, { sessionTtlMs: 0 }, { sessionTtlMs: 1.5 }, { retryMs: -1 }]) {
    const made = () => createMcpHandler(server(), options as CreateMcpHandlerOptions);
    assert.throws(made, { code: 'SLIP_INVALID_OPTION' }, JSON.stringify(options));
  }
  await createMcpHandler(server(), { sessions: 'required', sessionTtlMs: 1, retryMs: 1 }).close();
});

/** Whether a handler that is made like this gives sessions. */
async function givesSessions(t: TestContext, made: McpServer, options?: CreateMcpHandlerOptions): Promise<boolean> {
  const handler = createMcpHandler(made, options);
  t.after(() => handler.close());
  const fetch: Fetch = (url, init) => handler.fetch(new Request(url, init));
  const response = await SessionClient.handshake('http://localhost/mcp', { fetch });
  assert.equal(response.status, 200);
  await response.text();
  return response.headers.has('mcp-session-id');
}

test('createMcpHandler: sessions where their keys outlive a process, unless the options say otherwise', async t => {
  assert.equal(await givesSessions(t, server()), false);
  assert.equal(await givesSessions(t, server([SECRET])), true);
  assert.equal(await givesSessions(t, server(), { state: memoryState() }), true);
  const stateDir = await mkdtemp(join(tmpdir(), 'slipway-modes-'));
  assert.equal(await givesSessions(t, server(), { stateDir }), true);
  t.after(() => rm(stateDir, { recursive: true, force: true }));
  assert.equal(await givesSessions(t, server(), { sessions: 'optional' }), true);
  assert.equal(await givesSessions(t, server([SECRET]), { sessions: 'off' }), false);
});
