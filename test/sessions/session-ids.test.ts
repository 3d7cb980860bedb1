import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { answerIn } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import { freshId, SessionClient } from '../support/session-client.ts';

const VISIBLE = /^[\x21-\x7e]+$/;
const MAX_LENGTH = 2_048;

function server(): McpServer {
  const made = new McpServer({ name: 'ids', version: '1.0.0' });
  made.registerTool('client', {}, ctx => ({
    structuredContent: { info: ctx.mcpReq.clientInfo, capabilities: ctx.mcpReq.clientCapabilities },
  }));
  made.registerTool('session', {}, ctx => ctx.sessionId ?? 'none');
  return made;
}

test('an id is visible ASCII, differs each time and says nothing of its client', async t => {
  const { url } = await serving(t, server());
  const ids = new Set<string>();
  for (let n = 0; n < 20; n++) {
    const { sessionId } = await SessionClient.begin(url, { clientInfo: { name: 'secretive', version: '7.7.7' } });
    assert.match(sessionId, VISIBLE);
    assert.ok(!Buffer.from(sessionId, 'base64url').includes('secretive'));
    assert.ok(!sessionId.includes('secretive'));
    ids.add(sessionId);
  }
  assert.equal(ids.size, 20);
});

test('what the client said in initialize is known in every later call', async t => {
  const { url } = await serving(t, server());
  const clientInfo = { name: 'test', title: 'Ünïcode ✓', version: '1.0.0' };
  const capabilities = { sampling: {}, experimental: { mine: { deep: [1, 2] } } };
  const client = await SessionClient.begin(url, { clientInfo, capabilities });
  const { result } = await client.call('client');
  assert.deepEqual(result.structuredContent, { info: clientInfo, capabilities });
  assert.equal((await client.call('session')).result.content[0].text, client.sessionId);
});

const HUGE = 'x'.repeat(50_000);
const ESCAPED = '\u0001'.repeat(5_000);

for (const [what, clientInfo, more] of [
  ['experimental capabilities', { name: 'huge', version: '1' }, { experimental: { huge: { text: HUGE } } }],
  ['names', { name: HUGE, version: HUGE, title: HUGE }, {}],
  ['names that JSON writes in six characters each', { name: ESCAPED, version: ESCAPED }, {}],
  ['names of surrogates without a partner', { name: '\ud800'.repeat(5_000), version: '\udfff'.repeat(5_000) }, {}],
  ['names of four bytes each', { name: '🦀'.repeat(5_000), version: '🦀'.repeat(5_000) }, {}],
  ['members inside of what counts', { name: 'huge', version: '1' }, { roots: { listChanged: true, [HUGE]: HUGE } }],
] as const) {
  test(`an id has at most ${MAX_LENGTH} characters for a client with huge ${what}`, async t => {
    const { url } = await serving(t, server());
    const capabilities = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, ...more };
    const client = await SessionClient.begin(url, { clientInfo, capabilities });
    assert.ok(client.sessionId.length <= MAX_LENGTH, `${client.sessionId.length}`);
    assert.match(client.sessionId, VISIBLE);
    const { info, capabilities: known } = (await client.call('client')).result.structuredContent;
    assert.deepEqual(known.elicitation, { form: {}, url: {} });
    assert.deepEqual(known.sampling, { tools: {} });
    assert.equal(info.name.slice(0, 4), clientInfo.name.slice(0, 4));
  });
}

test('a handshake with capabilities of the wrong kind, however large, is answered, and the server lives', async t => {
  const { url } = await serving(t, server());
  for (const odd of [true, 'yes', 7, null, [], 'form']) {
    const capabilities = { elicitation: odd, sampling: odd, roots: odd, experimental: { huge: { text: HUGE } } };
    const response = await SessionClient.handshake(url, { capabilities });
    await response.text();
    assert.equal(response.status, 200, `${JSON.stringify(odd)}`);
  }
  const client = await SessionClient.begin(url);
  assert.deepEqual((await client.ask('ping', undefined, { id: freshId() })).result, {});
});

test('a handshake that fails begins no session', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: 7 } });
  const response = await client.post(body, { headers: { 'mcp-session-id': null, 'mcp-protocol-version': null } });
  assert.equal(response.headers.get('mcp-session-id'), null);
  assert.equal((await answerIn(response)).error?.code, -32602);
});
