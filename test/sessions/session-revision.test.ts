import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { answerIn, modern, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';

function server(): McpServer {
  const made = new McpServer({ name: 'revisions', version: '1.0.0' });
  made.registerTool('facts', {}, ctx => ({
    structuredContent: { revision: ctx.mcpReq.protocolVersion, session: ctx.sessionId ?? null },
  }));
  return made;
}

for (const version of ['2025-03-26', '2025-06-18', '2025-11-25']) {
  test(`${version}: a session speaks the revision that it agreed on`, async t => {
    const { url } = await serving(t, server());
    const client = await SessionClient.begin(url, { version });
    const [first, ...others] = ['2025-06-18', '2025-11-25', '2025-03-26', null].map(async header => {
      const { result } = await client.call('facts', {}, { headers: { 'mcp-protocol-version': header } });
      // Structured content of a 2025-03-26 session is text alone.
      const facts = result.structuredContent ?? JSON.parse(result.content[0].text);
      assert.deepEqual(facts, { revision: version, session: client.sessionId }, `header ${header}`);
    });
    await Promise.all([first, ...others]);
  });
}

test('a revision that nobody speaks is refused with 400, session or not', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  for (const version of ['2024-01-01', 'latest', '1.0']) {
    const response = await client.send('tools/list', undefined, { headers: { 'mcp-protocol-version': version } });
    assert.equal(response.status, 400, version);
    assert.notEqual((await answerIn(response)).error, undefined);
  }
  assert.equal((await client.send('tools/list')).status, 200);
});

test('a handshake that asks for a revision of its own agrees on the newest one', async t => {
  const { url } = await serving(t, server());
  const response = await SessionClient.handshake(url, { version: '2099-01-01' });
  const id = response.headers.get('mcp-session-id')!;
  assert.equal((await answerIn(response)).result.protocolVersion, '2025-11-25');
  const client = (await SessionClient.begin(url)).withId(id);
  assert.equal((await client.call('facts')).result.structuredContent.revision, '2025-11-25');
});

test('initialize with the id of an old session, or with rubbish, begins a new one', async t => {
  const { url } = await serving(t, server());
  const old = await SessionClient.begin(url);
  for (const sent of [old.sessionId, 'rubbish']) {
    const response = await SessionClient.handshake(url, { headers: { 'mcp-session-id': sent } });
    await response.text();
    const id = response.headers.get('mcp-session-id')!;
    assert.notEqual(id, old.sessionId);
    assert.equal((await old.withId(id).send('tools/list')).status, 200);
  }
  assert.equal((await old.send('tools/list')).status, 200, 'the old one lives on');
});

test('a modern request does not look at a session id', async t => {
  const { url } = await serving(t, server(), { sessions: 'required' });
  const { sessionId } = await SessionClient.begin(url);
  for (const id of [sessionId, 'rubbish', null]) {
    const request = modern('tools/call', { name: 'facts' }, { headers: { 'mcp-session-id': id } });
    const response = await send(url, request);
    assert.equal(response.headers.get('mcp-session-id'), null);
    const { result } = await answerIn(response);
    assert.deepEqual(result.structuredContent, { revision: '2026-07-28', session: null });
  }
});

test('only 2025-03-26 has batches: a session of another revision is refused one', async t => {
  const { url } = await serving(t, server());
  const batch = JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'ping' }]);
  for (const [version, status] of [
    ['2025-03-26', 200],
    ['2025-06-18', 400],
    ['2025-11-25', 400],
  ] as const) {
    const client = await SessionClient.begin(url, { version });
    for (const header of [version, null]) {
      const response = await client.post(batch, { headers: { 'mcp-protocol-version': header } });
      assert.equal(response.status, status, `${version}, header ${header}`);
      await response.text();
    }
  }
});
