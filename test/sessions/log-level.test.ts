import assert from 'node:assert/strict';
import { McpServer } from 'slipway';
import type { Message } from '../support/sent-events.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

interface Gate {
  readonly server: McpServer;
  open(): void;
}

function gated(): Gate {
  const server = new McpServer(
    { name: 'logging', version: '1.0.0' },
    { secrets: [SECRET], capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  const log = async (log: (level: 'debug' | 'warning' | 'error', data: string) => Promise<void>) => {
    for (const level of ['debug', 'warning', 'error'] as const) await log(level, level);
  };
  server.registerTool('log', {}, async ctx => {
    await log((level, data) => ctx.mcpReq.log(level, data));
    return 'done';
  });
  server.registerTool('log-server', {}, async () => {
    await log((level, data) => server.server.sendLoggingMessage({ level, data }));
    return 'done';
  });
  server.registerTool('log-later', {}, async ctx => {
    await ctx.mcpReq.log('emergency', 'begun');
    await promise;
    await log((level, data) => ctx.mcpReq.log(level, data));
    return 'done';
  });
  return { server, open: resolve };
}

const logged = (messages: Message[]) => messages.filter(({ params }) => params).map(({ params }) => params.data);

onEachDriver('each session has the log level that it set, in every process', async (_t, place) => {
  const one = await place.serve(gated().server);
  const other = await place.serve(gated().server);
  const [quiet, loud] = [await SessionClient.begin(one.url), await SessionClient.begin(one.url)];
  assert.deepEqual((await quiet.ask('logging/setLevel', { level: 'error' })).result, {});
  for (const name of ['log', 'log-server']) {
    for (const client of [quiet, quiet.at(other.url)]) {
      assert.deepEqual(logged(await (await client.stream(name)).messages()), ['error']);
    }
    assert.deepEqual(logged(await (await loud.stream(name)).messages()), ['debug', 'warning', 'error']);
  }
  await quiet.at(other.url).ask('logging/setLevel', { level: 'warning' });
  assert.deepEqual(logged(await (await quiet.at(other.url).stream('log')).messages()), ['warning', 'error']);
  assert.deepEqual(logged(await (await loud.stream('log')).messages()), ['debug', 'warning', 'error']);
});

onEachDriver('a call that runs goes on with the level, whatever else changes about the session', async (_t, place) => {
  const { server, open } = gated();
  const one = await place.serve(server);
  const other = await place.serve(gated().server);
  const client = await SessionClient.begin(one.url);
  await client.ask('logging/setLevel', { level: 'error' });
  const stream = await client.stream('log-later');
  assert.equal((await stream.message()).params.data, 'begun');
  const there = client.at(other.url);
  await there.ask('resources/subscribe', { uri: 'note://1' });
  // So that the first process has heard of it.
  await new Promise(resolve => setTimeout(resolve, 100));
  open();
  assert.deepEqual(logged(await stream.messages()), ['error']);
});

onEachDriver('a level set while a call runs holds for the rest of it', async (_t, place) => {
  const { server, open } = gated();
  const { url } = await place.serve(server);
  const client = await SessionClient.begin(url);
  const stream = await client.stream('log-later');
  await stream.message();
  await client.ask('logging/setLevel', { level: 'warning' });
  open();
  assert.deepEqual(logged(await stream.messages()), ['warning', 'error']);
});

onEachDriver('logs belong to the stream of their call, not to the GET stream', async (_t, place) => {
  const { url } = await place.serve(gated().server);
  const client = await SessionClient.begin(url);
  const listening = await client.open();
  await listening.next();
  assert.equal((await (await client.stream('log')).messages()).length, 4);
  assert.deepEqual(listening.waiting(), []);
  await listening.cut();
});

onEachDriver(
  'a log message outside of requests goes to every GET stream that wants it, or to one',
  async (_t, place) => {
    const { server } = gated();
    const one = await place.serve(server);
    const other = await place.serve(gated().server);
    const [quiet, loud] = [await SessionClient.begin(one.url), await SessionClient.begin(one.url)];
    await quiet.ask('logging/setLevel', { level: 'error' });
    const streams = [await quiet.open(), await loud.at(other.url).open()];
    for (const stream of streams) await stream.next();
    await server.server.sendLoggingMessage({ level: 'info', data: 'for the loud one' });
    await server.server.sendLoggingMessage({ level: 'error', data: 'only for one' }, quiet.sessionId);
    await server.server.sendLoggingMessage({ level: 'error', data: 'only for nobody' }, 'made-up');
    await quiet.ask('logging/setLevel', { level: 'critical' });
    await server.server.sendLoggingMessage({ level: 'error', data: 'for the loud one too' });
    await server.server.sendLoggingMessage({ level: 'alert', data: 'for both' });
    const seen = await Promise.all(
      streams.map(async stream => {
        const all = [];
        do all.push((await stream.message()).params.data);
        while (all.at(-1) !== 'for both');
        await stream.cut();
        return all;
      }),
    );
    assert.deepEqual(seen, [
      ['only for one', 'for both'],
      ['for the loud one', 'for the loud one too', 'for both'],
    ]);
  },
);
