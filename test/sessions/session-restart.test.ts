import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { McpServer, type RunningServer, serve } from 'slipway';
import { refusalOf, SessionClient } from '../support/session-client.ts';

function server(): McpServer {
  const made = new McpServer(
    { name: 'restarted', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  made.registerTool('log', {}, async ctx => {
    await ctx.mcpReq.log('info', 'info');
    await ctx.mcpReq.log('error', 'error');
    return 'done';
  });
  return made;
}

async function directory(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'slipway-restart-'));
  t.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The same port as before: the client does nothing but go on. */
async function restart(t: TestContext, running: RunningServer, stateDir: string): Promise<McpServer> {
  await running.close({ graceMs: 0 });
  const made = server();
  const again = await serve(made, { port: running.port, stateDir });
  t.after(() => again.close({ graceMs: 0 }));
  return made;
}

test('with a state directory, a client does not notice a restart: session, log level, subscriptions, streams', async t => {
  const stateDir = await directory(t);
  const running = await serve(server(), { port: 0, stateDir, retryMs: 50 });
  const client = await SessionClient.begin(running.url, { headers: { connection: 'close' } });
  assert.deepEqual((await client.ask('logging/setLevel', { level: 'error' })).result, {});
  assert.deepEqual((await client.ask('resources/subscribe', { uri: 'note://1' })).result, {});
  const stream = await client.open();
  await stream.next();
  const calls = await client.stream('log');
  const answered = await calls.rest();
  const made = await restart(t, running, stateDir);
  const [end, ...none] = await stream.rest();
  assert.deepEqual([Object.keys(end!), none], [['retry'], []], 'the stream was ended in good order');
  assert.ok(end!.retry! >= 50 && end!.retry! <= 100, 'the clients of a stopping server come back spread');

  const rest = await client.open(stream.lastId);
  assert.equal((await client.ask('ping')).error, undefined);
  const logged = await (await client.stream('log')).messages();
  assert.deepEqual(
    logged.map(({ params }) => params?.data),
    ['error', undefined],
  );
  await made.server.sendResourceUpdated({ uri: 'note://2' });
  await made.server.sendResourceUpdated({ uri: 'note://1' });
  assert.deepEqual((await rest.message()).params, { uri: 'note://1' });
  await rest.cut();
  // The answer of before is there too, for who lost the connection just then.
  assert.deepEqual(await (await client.open(answered[0]?.id)).rest(), answered.slice(1));
});

test('without one, a restart ends every session: 404, so that the client begins again', async t => {
  const running = await serve(server(), { port: 0 });
  const client = await SessionClient.begin(running.url, { headers: { connection: 'close' } });
  await running.close({ graceMs: 0 });
  const again = await serve(server(), { port: running.port });
  t.after(() => again.close({ graceMs: 0 }));
  assert.deepEqual(await refusalOf(await client.send('tools/list')), [404, 'SLIP_SESSION_UNKNOWN']);
});
