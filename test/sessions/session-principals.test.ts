import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type AuthInfo, createMcpHandler, McpServer } from 'slipway';
import { type Fetch, refusalOf, SessionClient } from '../support/session-client.ts';

const URL = 'http://localhost/mcp';
const UNKNOWN = [404, 'SLIP_SESSION_UNKNOWN'];

type As = (authInfo?: AuthInfo) => Fetch;

function handling(t: TestContext): As {
  const server = new McpServer({ name: 'principals', version: '1.0.0' });
  server.registerTool('who', {}, ctx => ctx.http?.authInfo?.clientId ?? 'nobody');
  const handler = createMcpHandler(server, { sessions: 'optional' });
  t.after(() => handler.close());
  return authInfo => (url, init) => handler.fetch(new Request(url, init), authInfo && { authInfo });
}

function token(clientId: string, sub?: string, text = `token of ${clientId}`): AuthInfo {
  return { token: text, clientId, scopes: [], ...(sub !== undefined && { extra: { sub } }) };
}

async function assertRefused(client: SessionClient, what: string): Promise<void> {
  assert.deepEqual(await refusalOf(await client.send('tools/list')), UNKNOWN, `POST: ${what}`);
  assert.deepEqual(await refusalOf(await client.get()), UNKNOWN, `GET: ${what}`);
  assert.deepEqual(await refusalOf(await client.delete()), UNKNOWN, `DELETE: ${what}`);
}

test('a session belongs to the principal that began it', async t => {
  const as = handling(t);
  const alice = await SessionClient.begin(URL, { fetch: as(token('app', 'alice')) });
  assert.equal((await alice.call('who')).result.content[0].text, 'app');
  for (const [what, other] of [
    ['another user of the same client', token('app', 'bob')],
    ['the same user of another client', token('other', 'alice')],
    ['nobody', undefined],
    ['a token without a subject', token('app')],
    ['a subject that spells the pair', token('app","sub', 'alice')],
  ] as const) {
    await assertRefused(alice.at(URL, { fetch: as(other) }), what);
  }
  assert.equal((await alice.call('who')).result.content[0].text, 'app');
});

test('a refreshed token of the same user goes on with the session', async t => {
  const as = handling(t);
  const alice = await SessionClient.begin(URL, { fetch: as(token('app', 'alice', 'first')) });
  const refreshed = alice.at(URL, { fetch: as(token('app', 'alice', 'second')) });
  assert.equal((await refreshed.call('who')).result.content[0].text, 'app');
});

test('where a token has no subject, only that token goes on with the session', async t => {
  const as = handling(t);
  const first = await SessionClient.begin(URL, { fetch: as(token('app', undefined, 'first')) });
  assert.equal((await first.call('who')).result.content[0].text, 'app');
  await assertRefused(first.at(URL, { fetch: as(token('app', undefined, 'second')) }), 'another token');
});

test('a session that nobody in particular began is not for somebody', async t => {
  const as = handling(t);
  const anonymous = await SessionClient.begin(URL, { fetch: as() });
  await assertRefused(anonymous.at(URL, { fetch: as(token('app', 'alice')) }), 'a principal');
  assert.equal((await anonymous.call('who')).result.content[0].text, 'nobody');
});

test('the refusal does not tell whether the session exists', async t => {
  const as = handling(t);
  const alice = await SessionClient.begin(URL, { fetch: as(token('app', 'alice')) });
  const bob = alice.at(URL, { fetch: as(token('app', 'bob')) });
  const real = await (await bob.send('tools/list', undefined, { id: 1 })).text();
  const madeUp = await (await bob.withId('made-up').send('tools/list', undefined, { id: 1 })).text();
  assert.equal(real, madeUp);
});

test('replay is bound to the principal too', async t => {
  const as = handling(t);
  const alice = await SessionClient.begin(URL, { fetch: as(token('app', 'alice')) });
  const stream = await alice.open();
  await stream.next();
  const id = stream.lastId!;
  await stream.cut();
  const bob = alice.at(URL, { fetch: as(token('app', 'bob')) });
  assert.deepEqual(await refusalOf(await bob.get({ 'last-event-id': id })), UNKNOWN);
  const bobs = await SessionClient.begin(URL, { fetch: as(token('app', 'bob')) });
  assert.deepEqual(await refusalOf(await bobs.get({ 'last-event-id': id })), [400, 'SLIP_EVENT_UNKNOWN']);
  const again = await alice.open(id);
  await again.cut();
});
