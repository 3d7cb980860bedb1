import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AuthInfo, createMcpHandler, InMemoryServerEventBus, McpServer, ResourceTemplate } from 'slipway';
import { modern, send } from '../support/mcp-post.ts';
import { SentEvents } from '../support/sent-events.ts';
import { serving } from '../support/serving.ts';
import { type Fetch, SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET, type StatePlace } from '../support/state-place.ts';

function server(): McpServer {
  const capabilities = { resources: { subscribe: true, listChanged: true }, prompts: { listChanged: true } };
  const made = new McpServer({ name: 'changing', version: '1.0.0' }, { secrets: [SECRET], capabilities });
  made.registerTool('hello', {}, () => 'hello');
  made.registerResource('note', new ResourceTemplate('note://{id}', { list: undefined }), {}, () => ({ contents: [] }));
  return made;
}

async function opened(place: StatePlace, made = server()) {
  const { url } = await place.serve(made);
  const client = await SessionClient.begin(url);
  const stream = await client.open();
  // The priming event has an id after which nothing is missed.
  await stream.next();
  return { url, client, stream, made };
}

const METHODS = [
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
];

onEachDriver('each change of a list is one notification on every GET stream, in order', async (_t, place) => {
  const { url, stream, made } = await opened(place);
  const other = await (await SessionClient.begin(url)).open();
  for (let round = 0; round < 3; round++) {
    await made.server.sendToolListChanged();
    await made.server.sendPromptListChanged();
    await made.server.sendResourceListChanged();
  }
  const handle = made.registerTool('new', {}, () => 'new');
  handle.disable();
  for (const each of [stream, other]) {
    const seen = [];
    while (seen.length < 11) seen.push(await each.message());
    const expected = [...METHODS, ...METHODS, ...METHODS, METHODS[0], METHODS[0]];
    assert.deepEqual(
      seen,
      expected.map(method => ({ jsonrpc: '2.0', method })),
    );
    assert.deepEqual(each.waiting(), []);
    await each.cut();
  }
});

onEachDriver('the same call reaches the listeners of both eras, in every process', async (_t, place) => {
  const [here, there] = [server(), server()];
  const urls = [(await place.serve(here)).url, (await place.serve(there)).url];
  const legacyStreams = [];
  const modernStreams = [];
  for (const url of urls) {
    const stream = await (await SessionClient.begin(url)).open();
    await stream.next();
    legacyStreams.push(stream);
    const notifications = { toolsListChanged: true, resourceSubscriptions: ['note://1'] };
    const listening = new SentEvents(await send(url, modern('subscriptions/listen', { notifications })));
    assert.equal((await listening.message()).method, 'notifications/subscriptions/acknowledged');
    modernStreams.push(listening);
  }
  await here.server.sendToolListChanged();
  await there.server.sendToolListChanged();
  for (const stream of [...legacyStreams, ...modernStreams]) {
    const [first, second] = [await stream.message(), await stream.message()];
    assert.equal(first.method, 'notifications/tools/list_changed');
    assert.equal(second.method, 'notifications/tools/list_changed');
    assert.deepEqual(stream.waiting(), []);
    await stream.cut();
  }
});

onEachDriver('an update of a resource reaches who subscribed to it, until they unsubscribe', async (_t, place) => {
  const { url, client, stream, made } = await opened(place);
  const other = await SessionClient.begin(url);
  const others = await other.open();
  assert.deepEqual((await client.ask('resources/subscribe', { uri: 'note://1' })).result, {});
  assert.deepEqual((await client.ask('resources/subscribe', { uri: 'note://1' })).result, {}, 'twice is once');
  assert.deepEqual((await client.ask('resources/subscribe', { uri: 'note://2' })).result, {});
  await other.ask('resources/subscribe', { uri: 'note://3' });
  for (const uri of ['note://3', 'note://1', 'note://4', 'note://2']) await made.server.sendResourceUpdated({ uri });
  const updated = (uri: string) => ({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } });
  assert.deepEqual([await stream.message(), await stream.message()], [updated('note://1'), updated('note://2')]);
  assert.deepEqual(await others.message(), updated('note://3'));

  assert.deepEqual((await client.ask('resources/unsubscribe', { uri: 'note://1' })).result, {});
  assert.deepEqual((await client.ask('resources/unsubscribe', { uri: 'note://never' })).result, {});
  for (const uri of ['note://1', 'note://2']) await made.server.sendResourceUpdated({ uri });
  assert.deepEqual(await stream.message(), updated('note://2'));
  assert.deepEqual([...stream.waiting(), ...others.waiting()], []);
  await Promise.all([stream.cut(), others.cut()]);
});

onEachDriver('a subscription counts for a stream that is opened later, and at another process', async (_t, place) => {
  const made = server();
  const one = await place.serve(made);
  const other = await place.serve(server());
  const client = await SessionClient.begin(one.url);
  const there = client.at(other.url);
  // It knows the session by now, and hears of the change a moment later.
  await there.ask('ping');
  await client.ask('resources/subscribe', { uri: 'note://1' });
  const stream = await there.open();
  await stream.next();
  await client.ask('resources/subscribe', { uri: 'note://2' });
  for (const uri of ['note://0', 'note://1', 'note://2']) await made.server.sendResourceUpdated({ uri });
  assert.deepEqual((await stream.message()).params, { uri: 'note://1' });
  assert.deepEqual((await stream.message()).params, { uri: 'note://2' });
  await stream.cut();
});

onEachDriver('a subscription made while the stream opens is not lost', async (_t, place) => {
  const made = server();
  const { url } = await place.serve(made);
  for (let round = 0; round < 20; round++) {
    const client = await SessionClient.begin(url);
    const uri = `note://${round}`;
    const [stream, { result }] = await Promise.all([client.open(), client.ask('resources/subscribe', { uri })]);
    assert.deepEqual(result, {});
    // The priming event, so that the stream is open whichever came first.
    await stream.next();
    await made.server.sendResourceUpdated({ uri });
    assert.deepEqual((await stream.message()).params, { uri }, `round ${round}`);
    await stream.cut();
  }
});

test('updates of a resource that is hidden from the caller are not told, and the answer does not say so', async t => {
  const made = server();
  const enabled = ({ authInfo }: { authInfo: AuthInfo | undefined }) => authInfo?.clientId === 'admin';
  made.registerResource('secret', 'secret://1', { enabled }, () => ({ contents: [] }));
  const handler = createMcpHandler(made, { sessions: 'optional' });
  t.after(() => handler.close());
  const as = (clientId: string): Fetch => {
    const authInfo = { token: clientId, clientId, scopes: [] };
    return (url, init) => handler.fetch(new Request(url, init), { authInfo });
  };
  const [user, admin] = await Promise.all(
    ['user', 'admin'].map(id => SessionClient.begin('http://localhost/mcp', { fetch: as(id) })),
  );
  const [users, admins] = [await user!.open(), await admin!.open()];
  const answers = [];
  for (const client of [user!, admin!]) {
    answers.push((await client.ask('resources/subscribe', { uri: 'secret://1' }, { id: 1 })).result);
    await client.ask('resources/subscribe', { uri: 'note://1' });
  }
  assert.deepEqual(answers, [{}, {}]);
  for (const uri of ['secret://1', 'note://1']) handler.notify.resourceUpdated(uri);
  assert.deepEqual((await users.message()).params, { uri: 'note://1' });
  assert.deepEqual((await admins.message()).params, { uri: 'secret://1' });
  await Promise.all([users.cut(), admins.cut()]);
});

onEachDriver('one session may not subscribe without end', async (_t, place) => {
  const { client, stream } = await opened(place);
  const long = (n: number) => `note://${n}/${'x'.repeat(50_000)}`;
  let refused: { code?: unknown } | undefined;
  let accepted = 0;
  for (let n = 0; n < 20 && refused === undefined; n++) {
    const { error } = await client.ask('resources/subscribe', { uri: long(n) });
    if (error === undefined) accepted++;
    else refused = error.data;
  }
  assert.ok(accepted > 0);
  assert.equal(refused?.code, 'SLIP_SUBSCRIPTION_LIMIT');
  await client.ask('resources/unsubscribe', { uri: long(0) });
  assert.deepEqual((await client.ask('resources/subscribe', { uri: long(0) })).result, {});
  await stream.cut();
});

test('a bus of the author carries changes to the sessions too', async t => {
  const bus = new InMemoryServerEventBus();
  const made = server();
  const { url } = await serving(t, made, { bus });
  const client = await SessionClient.begin(url);
  await client.ask('resources/subscribe', { uri: 'note://1' });
  const stream = await client.open();
  await stream.next();
  await made.server.sendToolListChanged();
  for (const uri of ['note://2', 'note://1']) bus.publish({ kind: 'resource_updated', uri });
  assert.equal((await stream.message()).method, 'notifications/tools/list_changed');
  assert.deepEqual((await stream.message()).params, { uri: 'note://1' });
  assert.deepEqual(stream.waiting(), []);
  await stream.cut();
});
