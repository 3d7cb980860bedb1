import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { serving } from '../support/serving.ts';
import { refusalOf, SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

function server(): McpServer {
  const made = new McpServer({ name: 'ending', version: '1.0.0' }, { secrets: [SECRET] });
  made.registerTool('hello', {}, () => 'hello');
  return made;
}

const UNKNOWN = [404, 'SLIP_SESSION_UNKNOWN'];

async function assertEnded(client: SessionClient): Promise<void> {
  assert.deepEqual(await refusalOf(await client.send('tools/list')), UNKNOWN);
  assert.deepEqual(await refusalOf(await client.get()), UNKNOWN);
  assert.deepEqual(await refusalOf(await client.delete()), UNKNOWN);
}

onEachDriver('DELETE ends the session, for good, and no other', async (_t, place) => {
  const { url } = await place.serve(server());
  const client = await SessionClient.begin(url);
  const other = await SessionClient.begin(url);
  const response = await client.delete();
  assert.equal(response.status, 204);
  assert.equal(await response.text(), '');
  await assertEnded(client);
  assert.equal((await other.call('hello')).result.content[0].text, 'hello');
});

onEachDriver('an ended session ends its GET stream, without an invitation to come back', async (_t, place) => {
  const { url } = await place.serve(server());
  const client = await SessionClient.begin(url);
  const other = await SessionClient.begin(url);
  const [stream, others] = [await client.open(), await other.open()];
  await stream.next();
  await others.next();
  await client.delete();
  assert.deepEqual(await stream.rest(), []);
  assert.equal(others.over, false);
  await others.cut();
});

onEachDriver('within a second, every server knows', async (_t, place) => {
  const one = await place.serve(server());
  const other = await place.serve(server());
  const client = await SessionClient.begin(one.url);
  const there = client.at(other.url);
  assert.equal((await there.send('tools/list')).status, 200);
  const stream = await there.open();
  await stream.next();
  assert.equal((await client.delete()).status, 204);
  const ended = performance.now();
  assert.deepEqual(await stream.rest(), [], 'the stream at the other one ends');
  await assertEnded(there);
  assert.ok(performance.now() - ended < 1_000);
});

onEachDriver(
  'an ended session stays ended after a restart',
  async (_t, place) => {
    const before = await place.serve(server());
    const client = await SessionClient.begin(before.url);
    const living = await SessionClient.begin(before.url);
    await client.delete();
    await place.stop(before);
    const { url } = await place.serve(server());
    await assertEnded(client.at(url));
    assert.equal((await living.at(url).send('tools/list')).status, 200);
  },
  ['sqlite'],
);

test('a page may end a session too', async t => {
  const { url } = await serving(t, server());
  const headers = { origin: 'https://claude.ai' };
  const client = await SessionClient.begin(url, { headers });
  const response = await client.delete();
  assert.equal(response.status, 204);
  assert.equal(response.headers.get('access-control-allow-origin'), 'https://claude.ai');
});
