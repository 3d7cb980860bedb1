/** What a session costs the store: nothing until something about it changes, and nothing for a call. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import type { State } from '../../src/state/state.ts';
import { serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';

/** The methods that write, by part. */
const WRITES = {
  sessions: ['setLogLevel', 'subscribe', 'unsubscribe', 'terminate'],
  events: ['append', 'close'],
  mailbox: ['open', 'deliver'],
  bus: ['publish'],
  limits: ['use'],
  idempotency: ['begin', 'finish'],
} as const;

/** A store that says what is written to it. */
function recording(): { readonly state: State; readonly written: string[] } {
  const state = memoryState();
  const written: string[] = [];
  const watched = (part: keyof typeof WRITES) =>
    new Proxy(state[part], {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          if ((WRITES[part] as readonly string[]).includes(String(name))) written.push(`${part}.${String(name)}`);
          return value.apply(target, args);
        };
      },
    });
  const parts = Object.fromEntries((Object.keys(WRITES) as (keyof typeof WRITES)[]).map(part => [part, watched(part)]));
  return { state: { ...state, ...parts } as State, written };
}

test('handshakes and calls write nothing; what changes about a session does, and each message of a stream', async t => {
  const { state, written } = recording();
  const server = new McpServer(
    { name: 'writes', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } } },
  );
  server.registerTool('hello', {}, () => 'hello');
  server.registerTool('log', {}, async ctx => {
    await ctx.mcpReq.log('info', 'told');
    return 'done';
  });
  const { url } = await serving(t, server, { state });
  const take = () => written.splice(0);

  const clients = [];
  for (let n = 0; n < 20; n++) clients.push(await SessionClient.begin(url));
  for (let round = 0; round < 20; round++) {
    for (const client of clients) assert.equal((await client.call('hello')).result.content[0].text, 'hello');
    await clients[round]!.ask('tools/list');
    await clients[round]!.ask('ping');
  }
  assert.deepEqual(take(), []);

  const client = clients[0]!;
  await client.ask('logging/setLevel', { level: 'info' });
  await client.ask('resources/subscribe', { uri: 'note://1' });
  assert.deepEqual(take(), ['sessions.setLogLevel', 'bus.publish', 'sessions.subscribe', 'bus.publish']);
  await (await client.stream('log')).rest();
  assert.deepEqual(take(), ['events.append', 'events.append', 'events.append']);
  await client.call('hello');
  assert.deepEqual(take(), []);
  await (await client.delete()).text();
  assert.deepEqual(take(), ['sessions.terminate', 'bus.publish']);
});
