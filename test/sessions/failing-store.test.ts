import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, SlipwayError, silentLogger } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import type { State } from '../../src/state/state.ts';
import { messagesIn } from '../support/sent-events.ts';
import { serving } from '../support/serving.ts';
import { refusalOf, SessionClient } from '../support/session-client.ts';

type Part = 'sessions' | 'events' | 'mailbox' | 'bus';

interface Failing {
  readonly url: string;
  readonly server: McpServer;
  /** `part.method` of what fails, and how many calls succeed before. */
  readonly broken: Map<string, number>;
}

/** A server on a state whose methods fail on demand; each way that a driver may fail, by turns. */
async function failing(t: TestContext): Promise<Failing> {
  const broken = new Map<string, number>();
  let turn = 0;
  const brittle = <T extends object>(part: Part, whole: T): T =>
    new Proxy(whole, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const key = `${part}.${String(name)}`;
          const left = broken.get(key);
          if (left === undefined) return value.apply(target, args);
          broken.set(key, left - 1);
          if (left > 0) return value.apply(target, args);
          const error = new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'a test says so' });
          if (turn++ % 2 === 0) throw error;
          return Promise.reject(error);
        };
      },
    });
  const whole = memoryState();
  const state: State = {
    ...whole,
    sessions: brittle('sessions', whole.sessions),
    events: brittle('events', whole.events),
    mailbox: brittle('mailbox', whole.mailbox),
    bus: brittle('bus', whole.bus),
  };
  const server = new McpServer(
    { name: 'failing', version: '1.0.0' },
    { capabilities: { logging: {}, resources: { subscribe: true } }, logger: silentLogger },
  );
  server.registerTool('log', {}, async ctx => {
    for (const data of ['a', 'b']) await ctx.mcpReq.log('info', data);
    return 'done';
  });
  server.registerTool('ask', {}, async ctx => {
    const ask = () => ctx.mcpReq.send({ method: 'ping' });
    return ask().then(
      () => 'asked',
      (error: Error) => error.message,
    );
  });
  const { url } = await serving(t, server, { state, retryMs: 50 });
  return { url, server, broken };
}

const UNAVAILABLE = [503, 'SLIP_STORE_UNAVAILABLE'];

test('while sessions can not be read, they are served as last known', async t => {
  const { url, broken } = await failing(t);
  const [client, ended] = [await SessionClient.begin(url), await SessionClient.begin(url)];
  await client.ask('logging/setLevel', { level: 'error' });
  await ended.delete();
  broken.set('sessions.read', 0);
  // Longer than what was read is believed.
  await new Promise(resolve => setTimeout(resolve, 1_050));
  for (let n = 0; n < 2; n++) {
    const response = await client.send('tools/call', { name: 'log' });
    assert.equal(response.headers.get('content-type'), 'application/json', 'the level holds, so there is no stream');
    await response.text();
    assert.equal((await ended.send('tools/list')).status, 404);
  }
  assert.equal((await SessionClient.begin(url)).version, client.version, 'and new ones begin');
});

test('what can not be remembered is refused, not forgotten', async t => {
  const { url, broken } = await failing(t);
  const client = await SessionClient.begin(url);
  for (const method of ['setLogLevel', 'subscribe', 'unsubscribe', 'terminate']) broken.set(`sessions.${method}`, 0);
  for (let n = 0; n < 2; n++) {
    for (const [method, params] of [
      ['logging/setLevel', { level: 'error' }],
      ['resources/subscribe', { uri: 'note://1' }],
      ['resources/unsubscribe', { uri: 'note://1' }],
    ] as const) {
      const { error } = await client.ask(method, params);
      assert.equal(error?.data?.['code'], 'SLIP_STORE_UNAVAILABLE', method);
      assert.ok(!error?.message.includes('a test says so'), 'the reason is for the operator');
    }
    assert.deepEqual(await refusalOf(await client.delete()), UNAVAILABLE);
    assert.equal((await client.send('tools/list')).status, 200, 'the session lives on');
  }
  broken.clear();
  assert.equal((await client.delete()).status, 204);
  assert.equal((await client.send('tools/list')).status, 404);
});

test('a stream that can not be read is refused for now; one that can not be announced is had all the same', async t => {
  const { url, broken } = await failing(t);
  const client = await SessionClient.begin(url);
  const stream = await client.open();
  await stream.next();
  const call = await client.stream('log');
  await call.message();
  const id = call.lastId!;
  await call.rest();
  broken.set('bus.publish', 0).set('bus.read', 0).set('events.read', 0);
  for (let n = 0; n < 2; n++) {
    for (const lastEventId of [stream.lastId!, id]) {
      const refused = await client.get({ 'last-event-id': lastEventId });
      assert.equal(refused.headers.get('retry-after'), '1');
      assert.deepEqual(await refusalOf(refused), UNAVAILABLE);
    }
  }
  const unannounced = await client.open();
  assert.deepEqual(await stream.messages(), [], 'it takes the place of the one before');
  broken.clear();
  const again = await client.open(stream.lastId);
  assert.deepEqual(await unannounced.messages(), []);
  await again.cut();
});

test('a stream that can not catch up is ended, so that its client comes back', async t => {
  const { url, server, broken } = await failing(t);
  const client = await SessionClient.begin(url);
  const stream = await client.open();
  await stream.next();
  const id = stream.lastId!;
  await stream.cut();
  await server.server.sendToolListChanged();
  for (let n = 0; n < 2; n++) {
    broken.set('bus.read', 1);
    const again = await client.open(id);
    assert.equal((await again.message()).method, 'notifications/tools/list_changed');
    assert.deepEqual(await again.rest(), [{ retry: 50 }]);
    broken.clear();
  }
  await server.server.sendToolListChanged();
  const again = await client.open(id);
  for (let n = 0; n < 2; n++) await again.message();
  assert.deepEqual(again.waiting(), []);
  await again.cut();
});

test('a call goes on without resumption when its stream can not be kept; who comes back is told', async t => {
  const { url, broken } = await failing(t);
  const client = await SessionClient.begin(url);
  const stream = await client.stream('log');
  const whole = await stream.rest();
  assert.ok(whole.every(({ id }) => id !== undefined));
  broken.set('events.append', 0);
  for (let n = 0; n < 2; n++) {
    const events = await (await client.stream('log')).rest();
    assert.equal(messagesIn(events).length, 3, 'who reads along misses nothing');
    assert.ok(events.every(({ id }) => id === undefined));
  }
  // The priming event and the first message are kept, what follows is not.
  broken.set('events.append', 2);
  const events = await (await client.stream('log', {}, { id: 'lost' })).rest();
  assert.deepEqual(
    events.map(({ id }) => id !== undefined),
    [true, true, false, false],
  );
  broken.clear();
  for (const [after, { id }] of events.slice(0, 2).entries()) {
    const rest = messagesIn(await (await client.open(id)).rest());
    assert.equal(rest.length, 2 - after);
    assert.deepEqual([rest.at(-1).id, rest.at(-1).error.data.code], ['lost', 'SLIP_EVENTS_TRIMMED']);
  }
  assert.deepEqual(await (await client.open(whole[1]?.id)).rest(), whole.slice(2), 'others are not concerned');
});

test('a question that can not be put is an error for the handler', async t => {
  const { url, broken } = await failing(t);
  const client = await SessionClient.begin(url);
  broken.set('mailbox.open', 0);
  for (let n = 0; n < 2; n++) {
    const { result } = await client.call('ask');
    assert.match(result.content[0].text, /SLIP_STORE_UNAVAILABLE|can not be used/);
  }
  broken.clear();
  const stream = await client.stream('ask');
  await client.answer((await stream.message()).id, {});
  assert.equal((await stream.message()).result.content[0].text, 'asked');
});

test('an answer that can not be delivered is refused, so that the client may send it again', async t => {
  const { url, broken } = await failing(t);
  const client = await SessionClient.begin(url);
  const stream = await client.stream('ask');
  const { id } = await stream.message();
  broken.set('mailbox.deliver', 0);
  for (let n = 0; n < 2; n++) assert.equal(await client.answer(id, {}), 503);
  broken.clear();
  assert.equal(await client.answer(id, {}), 202);
  assert.equal((await stream.message()).result.content[0].text, 'asked');
});
