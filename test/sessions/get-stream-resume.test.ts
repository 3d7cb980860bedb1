import assert from 'node:assert/strict';
import { McpServer } from 'slipway';
import { refusalOf, SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

function server(): McpServer {
  const capabilities = { logging: {}, resources: { subscribe: true } };
  const made = new McpServer({ name: 'resuming', version: '1.0.0' }, { secrets: [SECRET], capabilities });
  made.registerTool('log', {}, async ctx => {
    await ctx.mcpReq.log('info', 'begun');
    return 'done';
  });
  return made;
}

/** Announces numbered updates. */
async function update(made: McpServer, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) await made.server.sendResourceUpdated({ uri: `n://${n}` });
}

async function subscribed(url: string, count: number): Promise<SessionClient> {
  const client = await SessionClient.begin(url);
  for (let n = 0; n < count; n++) await client.ask('resources/subscribe', { uri: `n://${n}` });
  return client;
}

onEachDriver(
  'after a cut, the stream goes on where it was: nothing is missed, nothing comes twice',
  async (_t, place) => {
    const made = server();
    const { url } = await place.serve(made);
    const client = await subscribed(url, 20);
    const seen: string[] = [];
    let lastId: string | undefined;
    for (let from = 0; from < 20; from += 4) {
      const stream = await client.open(lastId);
      if (lastId === undefined) await stream.next();
      await update(made, from, from + 2);
      while (seen.length < from + 2) seen.push((await stream.message()).params.uri);
      lastId = stream.lastId;
      await stream.cut();
      // While nobody reads.
      await update(made, from + 2, from + 4);
      const again = await client.open(lastId);
      while (seen.length < from + 4) seen.push((await again.message()).params.uri);
      lastId = again.lastId;
      await again.cut();
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, n) => `n://${n}`),
    );
  },
);

onEachDriver(
  'an id in the middle gives what came after it; resumed twice, the newer stream is read on',
  async (_t, place) => {
    const made = server();
    const { url } = await place.serve(made);
    const client = await subscribed(url, 10);
    const stream = await client.open();
    const ids = [(await stream.next())?.id];
    await update(made, 0, 5);
    for (let n = 0; n < 5; n++) {
      assert.equal((await stream.message()).params.uri, `n://${n}`);
      ids.push(stream.lastId);
    }
    await stream.cut();
    for (const [after, id] of ids.entries()) {
      const again = await client.open(id);
      for (let n = after; n < 5; n++) {
        assert.equal((await again.message()).params.uri, `n://${n}`);
        assert.equal(again.lastId, ids[n + 1], 'the same event, the same id');
      }
      await again.cut();
    }
    const first = await client.open(ids[5]);
    const second = await client.open(ids[5]);
    assert.deepEqual(await first.messages(), []);
    await update(made, 5, 6);
    assert.equal((await second.message()).params.uri, 'n://5');
    await second.cut();
  },
);

onEachDriver('an id of another session, of none, or altered, is refused: 400', async (_t, place) => {
  const { url } = await place.serve(server());
  const [client, other] = [await SessionClient.begin(url), await SessionClient.begin(url)];
  const stream = await client.open();
  await stream.next();
  const id = stream.lastId!;
  await stream.cut();
  const call = await client.stream('log');
  await call.next();
  const callId = call.lastId!;
  await call.rest();
  const unknown = [400, 'SLIP_EVENT_UNKNOWN'];
  for (const theirs of [id, callId]) {
    assert.deepEqual(await refusalOf(await other.get({ 'last-event-id': theirs })), unknown, 'of another session');
    const bytes = Buffer.from(theirs, 'base64url');
    for (let position = 0; position < bytes.length; position += 5) {
      const forged = Buffer.from(bytes);
      forged[position]! ^= 1;
      const response = await client.get({ 'last-event-id': forged.toString('base64url') });
      assert.deepEqual(await refusalOf(response), unknown, `byte ${position}`);
    }
  }
  for (const made of ['0', '1', 'x', client.sessionId, id + id, id.slice(1), 'A'.repeat(4_000)]) {
    assert.deepEqual(await refusalOf(await client.get({ 'last-event-id': made })), unknown, made.slice(0, 40));
  }
  const again = await client.open(id);
  await again.cut();
});

onEachDriver(
  'an id whose successors are no longer kept: everything may have changed, and it is said why',
  async (_t, place) => {
    const made = server();
    const { url } = await place.serve(made, {}, { maxBusEntries: 10 });
    const client = await subscribed(url, 1);
    const stream = await client.open();
    await stream.next();
    const old = stream.lastId!;
    await stream.cut();
    for (let n = 0; n < 50; n++) await made.server.sendToolListChanged();
    let told: { method?: string; params?: unknown }[] = [];
    // On disk, what may go is looked for from time to time; until then everything is told as it was.
    for (let attempt = 0; attempt < 100; attempt++) {
      const again = await client.open(old);
      told = [];
      while (told.length < 5) told.push(await again.message());
      if (told[4]?.method === 'notifications/message') {
        // From here on it goes on as ever.
        await made.server.sendPromptListChanged();
        assert.equal((await again.message()).method, 'notifications/prompts/list_changed');
        await again.cut();
        break;
      }
      await again.cut();
      await new Promise(resolve => setTimeout(resolve, 50));
    }
    assert.deepEqual(
      told.map(({ method }) => method),
      [
        'notifications/tools/list_changed',
        'notifications/prompts/list_changed',
        'notifications/resources/list_changed',
        'notifications/resources/updated',
        'notifications/message',
      ],
    );
    assert.deepEqual(told[3]!.params, { uri: 'n://0' });
    assert.equal((told[4]!.params as { data: { code: string } }).data.code, 'SLIP_EVENTS_TRIMMED');
  },
);

onEachDriver('what a session did not subscribe to is not told to who comes back either', async (_t, place) => {
  const made = server();
  const { url } = await place.serve(made);
  const client = await subscribed(url, 2);
  const stream = await client.open();
  await stream.next();
  await stream.cut();
  await update(made, 2, 9);
  await client.ask('resources/unsubscribe', { uri: 'n://0' });
  await update(made, 0, 2);
  await client.ask('resources/subscribe', { uri: 'n://2' });
  const again = await client.open(stream.lastId);
  assert.deepEqual((await again.message()).params, { uri: 'n://2' }, 'by what it is subscribed to when it comes back');
  assert.deepEqual((await again.message()).params, { uri: 'n://1' });
  await update(made, 0, 1);
  await update(made, 1, 2);
  assert.deepEqual((await again.message()).params, { uri: 'n://1' });
  await again.cut();
});
