import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { answerIn } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import { refusalOf, SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

function server(secret = SECRET): McpServer {
  const made = new McpServer({ name: 'unknown', version: '1.0.0' }, { secrets: [secret] });
  made.registerTool('session', {}, ctx => ctx.sessionId ?? 'none');
  return made;
}

const UNKNOWN = [404, 'SLIP_SESSION_UNKNOWN'];

/** POST, GET and DELETE all say that there is no such session. */
async function assertUnknown(client: SessionClient, what: string): Promise<void> {
  assert.deepEqual(await refusalOf(await client.send('tools/list')), UNKNOWN, `POST: ${what}`);
  assert.deepEqual(await refusalOf(await client.get()), UNKNOWN, `GET: ${what}`);
  assert.deepEqual(await refusalOf(await client.delete()), UNKNOWN, `DELETE: ${what}`);
}

test('the error of an unknown session: 404, -32001, the id of the request, no word of what is wrong with the key', async t => {
  const { url } = await serving(t, server());
  const client = (await SessionClient.begin(url)).withId('made-up');
  const response = await client.send('tools/list', undefined, { id: 'mine' });
  assert.equal(response.status, 404);
  const { id, error } = await answerIn(response);
  assert.equal(id, 'mine');
  assert.equal(error?.code, -32001);
  assert.deepEqual(error?.data, { code: 'SLIP_SESSION_UNKNOWN' });
  assert.deepEqual(await refusalOf(await client.post('{"jsonrpc":"2.0","method":"notifications/x"}')), UNKNOWN);
  assert.deepEqual(await refusalOf(await client.post('{"jsonrpc":"2.0","id":1,"result":{}}')), UNKNOWN);
});

test('an id with one bit flipped, at any character, is unknown', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  const bytes = Buffer.from(client.sessionId, 'base64url');
  for (let position = 0; position < bytes.length; position += 3) {
    const forged = Buffer.from(bytes);
    forged[position]! ^= 1 << (position % 8);
    const id = forged.toString('base64url');
    assert.deepEqual(await refusalOf(await client.withId(id).send('tools/list')), UNKNOWN, `byte ${position}`);
  }
  const last = client.sessionId.at(-1)!;
  for (const other of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
    if (other === last) continue;
    const id = client.sessionId.slice(0, -1) + other;
    assert.deepEqual(await refusalOf(await client.withId(id).send('tools/list')), UNKNOWN, `last character ${other}`);
  }
  assert.equal((await client.call('session')).result.content[0].text, client.sessionId);
});

test('garbage, halves and doubles are unknown; an empty id is none', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  const { sessionId } = client;
  const made = [
    'x',
    '0',
    'null',
    'undefined',
    'd9b2d63d-a233-4123-847a-6a1c2f1e9a77',
    sessionId.slice(1),
    sessionId.slice(0, -1),
    sessionId.slice(0, sessionId.length / 2),
    sessionId + sessionId,
    `${sessionId}=`,
    `${sessionId}, ${sessionId}`,
    `${sessionId}A`,
    sessionId.toLowerCase(),
    'A'.repeat(2_048),
    'A'.repeat(10_000),
    '~!@#$%^&*()',
  ];
  for (const id of made) await assertUnknown(client.withId(id), id.slice(0, 60));
  assert.equal((await client.withId('').send('tools/list')).status, 200, 'an empty id is as good as none');
  // An id with blanks around it is the same id: HTTP strips them.
  assert.equal((await client.withId(` ${sessionId} `).send('tools/list')).status, 200);
});

test('an id of another deployment is unknown', async t => {
  const ours = await serving(t, server());
  const theirs = await serving(t, server(SECRET.toUpperCase()));
  const client = await SessionClient.begin(theirs.url);
  assert.equal((await client.send('tools/list')).status, 200);
  await assertUnknown(client.at(ours.url), 'a foreign key');
});

test('other things that are sealed with the same key are no session ids', async t => {
  const made = server();
  const { url } = await serving(t, made);
  made.registerTool('log', {}, async ctx => {
    await ctx.mcpReq.log('info', 'begun');
    return 'done';
  });
  made.server.registerCapabilities({ logging: {} });
  const client = await SessionClient.begin(url);
  const events = await (await client.stream('log')).rest();
  assert.ok(events.every(({ id }) => id !== undefined));
  for (const { id } of events) await assertUnknown(client.withId(id!), 'an event id');
});

onEachDriver('an id lives for sessionTtlMs and not longer', async (t, place) => {
  const now = Date.now();
  t.mock.timers.enable({ apis: ['Date'], now });
  const { url } = await place.serve(server(), { sessionTtlMs: 60_000 });
  const client = await SessionClient.begin(url);
  t.mock.timers.setTime(now + 59_999);
  assert.equal((await client.send('tools/list')).status, 200);
  t.mock.timers.setTime(now + 60_000);
  await assertUnknown(client, 'expired');
  const next = await SessionClient.begin(url);
  assert.equal((await next.send('tools/list')).status, 200);
});

test('a request without an id is served without a session', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  const { result } = await client.call('session', {}, { headers: { 'mcp-session-id': null } });
  assert.equal(result.content[0].text, 'none');
});
