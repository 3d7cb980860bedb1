import assert from 'node:assert/strict';
import { McpServer } from 'slipway';
import { eventually } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

interface Slow {
  readonly server: McpServer;
  finish(): void;
}

function slow(): Slow {
  const server = new McpServer(
    { name: 'slow', version: '1.0.0' },
    { secrets: [SECRET], capabilities: { logging: {} } },
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  server.registerTool('slow', {}, async ctx => {
    await ctx.mcpReq.log('info', 'begun');
    await promise;
    return 'done';
  });
  return { server, finish: resolve };
}

/** A call whose connection was cut after its first message. */
async function cut(client: SessionClient): Promise<string> {
  const stream = await client.stream('slow');
  await stream.message();
  await stream.cut();
  return stream.lastId!;
}

onEachDriver('a call that ends within the grace is answered, wherever its client reads', async (_t, place) => {
  const { server, finish } = slow();
  const running = await place.serve(server);
  const client = await SessionClient.begin(running.url);
  const [stream, again] = [await client.stream('slow'), await client.open(await cut(client))];
  await stream.message();
  const stopped = place.stop(running, 5_000);
  finish();
  for (const each of [stream, again]) assert.equal((await each.message()).result.content[0].text, 'done');
  await stopped;
});

onEachDriver('a call that does not is told that the server stops, wherever its client reads', async (_t, place) => {
  const running = await place.serve(slow().server);
  const client = await SessionClient.begin(running.url);
  const [stream, again] = [await client.stream('slow'), await client.open(await cut(client))];
  await stream.message();
  const stopped = place.stop(running, 100);
  for (const each of [stream, again]) assert.equal((await each.message()).error.data.code, 'SLIP_STOPPING');
  await stopped;
});

onEachDriver(
  'who reads on at another process than the one that works: it may stop at once, and the rest comes from the next',
  async (_t, place) => {
    const { server, finish } = slow();
    const [working, reading] = [await place.serve(server), await place.serve(slow().server, { retryMs: 60 })];
    const client = await SessionClient.begin(working.url);
    const lastId = await cut(client);
    const stream = await client.at(reading.url).open(lastId);
    const begun = performance.now();
    await place.stop(reading, 5_000);
    assert.ok(performance.now() - begun < 2_000, 'a stream of another process is not waited for');
    const rest = await stream.rest();
    assert.deepEqual(rest[0], { id: lastId, retry: 60, data: '' });
    assert.deepEqual(Object.keys(rest[1]!), ['retry'], 'ended in good order');
    assert.ok(rest[1]!.retry! >= 60 && rest[1]!.retry! <= 120);
    assert.equal(rest.length, 2);
    const again = await client.open(lastId);
    finish();
    assert.equal((await again.message()).result.content[0].text, 'done');
  },
  ['sqlite'],
);

onEachDriver('a stopping server opens no streams', async (_t, place) => {
  const running = await place.serve(slow().server);
  const client = await SessionClient.begin(running.url);
  const stream = await client.stream('slow');
  await stream.message();
  // A connection of its own, which a stopping server closes only after its answer.
  const before = await client.open();
  await before.next();
  const stopped = place.stop(running, 300);
  await before.rest();
  const refused = await client.get().then(
    response => response.status,
    () => 'no connection',
  );
  assert.ok(refused === 503 || refused === 'no connection', String(refused));
  await eventually(() => stream.over || stream.waiting().length > 0);
  await stopped;
});
