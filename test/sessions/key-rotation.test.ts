import assert from 'node:assert/strict';
import { McpServer } from 'slipway';
import { refusalOf, SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';

const OLD = 'the old secret, of thirty-two bytes or more';
const NEW = 'the new secret, of thirty-two bytes or more';

function server(secrets: readonly string[]): McpServer {
  const made = new McpServer({ name: 'rotating', version: '1.0.0' }, { secrets, capabilities: { logging: {} } });
  made.registerTool('log', {}, async ctx => {
    await ctx.mcpReq.log('info', 'begun');
    return ctx.sessionId ?? 'none';
  });
  return made;
}

onEachDriver('servers with the same secret serve the sessions of each other', async (_t, place) => {
  const one = await place.serve(server([OLD]));
  const other = await place.serve(server([OLD]));
  const client = await SessionClient.begin(one.url);
  const there = client.at(other.url);
  assert.equal((await there.call('log')).result.content[0].text, client.sessionId);
  assert.equal((await client.call('log')).result.content[0].text, client.sessionId);
});

onEachDriver(
  'a key is rotated with overlap: sessions and event ids of the old one are served on',
  async (_t, place) => {
    const before = await place.serve(server([OLD]));
    const client = await SessionClient.begin(before.url);
    const stream = await client.stream('log');
    const priming = await stream.next();
    await stream.rest();
    const during = await place.serve(server([NEW, OLD]));
    const after = await place.serve(server([NEW]));
    const old = client.at(during.url);
    assert.equal((await old.call('log')).result.content[0].text, client.sessionId);
    assert.equal((await (await old.open(priming?.id)).messages()).length, 2);

    const fresh = await SessionClient.begin(during.url);
    assert.equal((await fresh.at(after.url).call('log')).result.content[0].text, fresh.sessionId);
    assert.deepEqual(await refusalOf(await client.at(after.url).send('tools/list')), [404, 'SLIP_SESSION_UNKNOWN']);
  },
);
