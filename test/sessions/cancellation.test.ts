import assert from 'node:assert/strict';
import { eventually } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';
import { ABLE, asking } from './asking-server.ts';

onEachDriver('a cancellation arrives on a connection of its own', async (_t, place) => {
  const { server, aborted } = asking();
  const { url } = await place.serve(server);
  const client = await SessionClient.begin(url);
  const stream = await client.stream('wait', {}, { id: 'long' });
  await stream.message();
  assert.equal(await client.tell('notifications/cancelled', { requestId: 'long', reason: 'changed my mind' }), 202);
  await eventually(() => aborted.length === 1);
  assert.match(String(aborted[0]), /SLIP_REQUEST_CANCELLED/);
  assert.match(String(aborted[0]), /changed my mind/);
  const answer = (await stream.messages()).at(-1);
  assert.equal(answer.id, 'long');
  assert.equal(answer.error.data.code, 'SLIP_REQUEST_CANCELLED');
});

onEachDriver(
  'or at another process',
  async (_t, place) => {
    const { server, aborted } = asking();
    const one = await place.serve(server);
    const other = await place.serve(asking().server);
    const client = await SessionClient.begin(one.url);
    const stream = await client.stream('wait', {}, { id: 7 });
    await stream.message();
    await client.at(other.url).tell('notifications/cancelled', { requestId: '7' });
    await client.at(other.url).tell('notifications/cancelled', { requestId: 7 });
    await eventually(() => aborted.length === 1);
    assert.equal((await stream.messages()).at(-1).id, 7);
  },
  ['sqlite'],
);

onEachDriver('only the session itself cancels its calls, and only the one that it names', async (_t, place) => {
  const { server, aborted } = asking();
  const { url } = await place.serve(server);
  const [client, other] = [await SessionClient.begin(url), await SessionClient.begin(url)];
  const id = 'same';
  const [stream, others, another] = [
    await client.stream('wait', {}, { id }),
    await other.stream('wait', {}, { id }),
    await client.stream('wait', {}, { id: 1 }),
  ];
  for (const each of [stream, others, another]) await each.message();
  for (const params of [{}, { requestId: '1' }, { requestId: null }, { requestId: { id } }, { requestId: 'sam' }]) {
    assert.equal(await client.tell('notifications/cancelled', params), 202);
  }
  const stranger = await SessionClient.begin(url);
  await stranger.tell('notifications/cancelled', { requestId: id });
  const stateless = { headers: { 'mcp-session-id': null } };
  const notification = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } };
  await (await client.post(JSON.stringify(notification), stateless)).text();
  await new Promise(resolve => setTimeout(resolve, 80));
  assert.deepEqual(aborted, []);
  await client.tell('notifications/cancelled', { requestId: id });
  await eventually(() => aborted.length === 1);
  assert.equal((await stream.messages()).at(-1).id, id);
  await new Promise(resolve => setTimeout(resolve, 40));
  assert.deepEqual([aborted.length, ...others.waiting(), ...another.waiting()], [1]);
  await other.tell('notifications/cancelled', { requestId: id });
  await client.tell('notifications/cancelled', { requestId: 1 });
  await eventually(() => aborted.length === 3);
});

onEachDriver('a cancelled call withdraws its questions', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const client = await SessionClient.begin(url, { capabilities: ABLE });
  const stream = await client.stream('form', {}, { id: 'asking' });
  const { id } = await stream.message();
  await client.tell('notifications/cancelled', { requestId: 'asking' });
  const messages = await stream.messages();
  assert.deepEqual(
    messages.map(({ method, params, id: answered }) => params?.requestId ?? answered ?? method),
    [id, 'asking'],
    JSON.stringify(messages),
  );
});

onEachDriver('a call that is over can not be cancelled, and that is no fault', async (_t, place) => {
  const { url } = await place.serve(asking().server);
  const client = await SessionClient.begin(url);
  await client.ask('ping', undefined, { id: 5 });
  assert.equal(await client.tell('notifications/cancelled', { requestId: 5 }), 202);
  assert.deepEqual((await client.ask('ping')).result, {});
});

onEachDriver('a call cancelled while nobody reads: who comes back hears of it', async (_t, place) => {
  const { server, aborted } = asking();
  const { url } = await place.serve(server);
  const client = await SessionClient.begin(url);
  const stream = await client.stream('wait', {}, { id: 'left' });
  await stream.message();
  await stream.cut();
  await client.tell('notifications/cancelled', { requestId: 'left' });
  await eventually(() => aborted.length === 1);
  const rest = await (await client.open(stream.lastId)).messages();
  assert.equal(rest.at(-1).error.data.code, 'SLIP_REQUEST_CANCELLED');
});
