/** Several processes on one state directory are one server: whatever is begun at one goes on at another. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type ServerProcess, ServerProcesses } from './server-process.ts';
import { type Message, SessionClient } from './session-client.ts';
import { exchange } from './sse-connection.ts';
import { StreamTail } from './stream-tail.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'slipway-processes-'));
const processes = new ServerProcesses();
/** Ports of three processes that live through all tests. */
let first = 0;
let second = 0;
let third = 0;

const serve = (server: ServerProcess, port = 0): Promise<number> => server.serve({ port, stateDir });

before(async () => {
  first = await serve(processes.take());
  second = await serve(processes.take());
  third = await serve(processes.take());
});

after(async () => {
  await processes.killAll();
  rmSync(stateDir, { recursive: true, force: true });
});

const begin = (capabilities: object = {}): Promise<SessionClient> =>
  new SessionClient({ port: () => first, capabilities }).begin();

const call = (name: string, args: object): [string, object] => ['tools/call', { name, arguments: args }];
const textOf = (message: Message): string => message.result?.content?.[0]?.text;
const isNumbered = (number: number) => (message: Message) => message.params?.data?.number === number;
const isUpdate = (uri: string) => (message: Message) => message.params?.uri === uri;

/** Calls at one process; the stream is there once the handler has said its first message. */
async function streaming(client: SessionClient, port: number, name: string, args: object) {
  const request = client.request(...call(name, args));
  return { request, tail: new StreamTail(await client.send(request, port)) };
}

test('a session begun at one process is served by all', async () => {
  const client = await begin();
  for (const port of [second, third, first]) {
    assert.equal(textOf(await client.ask(...call('echo', { mark: `at ${port}` }), port)), `at ${port}`);
  }
});

test('an answer posted to one process reaches the handler that waits in another', async () => {
  const client = await begin({ elicitation: {} });
  const { tail } = await streaming(client, first, 'ask', { mark: 'far' });
  const question = await tail.until(message => message.method === 'elicitation/create');
  assert.equal(question.params.message, 'far');
  const result = { action: 'accept', content: { word: 'hello' } };
  const posted = await client.send({ id: question.id, result }, second);
  assert.equal(posted.status, 202);
  await posted.text();
  assert.equal(textOf(await tail.until(message => 'result' in message)), 'far heard accept hello');
  await tail.ended(2_000);
});

test('another session can not answer, wherever it posts', async () => {
  const client = await begin({ elicitation: {} });
  const stranger = await begin({ elicitation: {} });
  const { tail } = await streaming(client, first, 'ask', { mark: 'mine' });
  const question = await tail.until(message => message.method === 'elicitation/create');
  for (const port of [first, second]) {
    const posted = await stranger.send(
      { id: question.id, result: { action: 'accept', content: { word: 'no' } } },
      port,
    );
    assert.equal(posted.status, 202);
    await posted.text();
  }
  await delay(150);
  await (await client.send({ id: question.id, result: { action: 'decline' } }, third)).text();
  assert.equal(textOf(await tail.until(message => 'result' in message)), 'mine heard decline nothing');
});

test('a call is cancelled by a notification posted to another process', async () => {
  const client = await begin();
  const { request, tail } = await streaming(client, first, 'wait', { mark: 'cancel me' });
  await tail.until(isNumbered(0));
  await (await client.send({ method: 'notifications/cancelled', params: { requestId: request.id } }, second)).text();
  const response = await tail.until(message => 'error' in message || 'result' in message);
  assert.equal(response.error.data.code, 'SLIP_REQUEST_CANCELLED');
  await tail.ended(2_000);
});

test('a session ended at one process is gone at the others within a second, and its streams end', async () => {
  const client = await begin();
  for (const port of [second, third]) await client.ask('ping', undefined, port);
  const tail = new StreamTail(await client.get(undefined, third));
  const endedAt = performance.now();
  assert.equal(await client.end(first), 204);
  const status = async (port: number): Promise<number> => {
    const answer = await client.send(client.request('ping'), port);
    await answer.text();
    return answer.status;
  };
  for (const port of [first, second, third]) {
    while ((await status(port)) !== 404 && performance.now() - endedAt < 3_000) await delay(20);
    assert.equal(await status(port), 404);
  }
  assert.ok(performance.now() - endedAt < 1_000, `after ${Math.round(performance.now() - endedAt)} ms`);
  await tail.ended(1_000);
  const again = await client.get(undefined, second);
  await again.text();
  assert.equal(again.status, 404);
});

test('subscribed at one process, changed at a second, told by a third: once', async () => {
  const client = await begin();
  const tail = new StreamTail(await client.get(undefined, third));
  const uri = 'tick://shared/1';
  await client.ask('resources/subscribe', { uri }, first);
  for (const port of [second, first, third]) {
    await client.ask(...call('touch', { uri }), port);
    await client.ask(...call('touch', { uri: 'tick://shared/unheard' }), port);
  }
  await tail.until(isUpdate(uri));
  await tail.until(isUpdate(uri));
  await tail.until(isUpdate(uri));
  await delay(300);
  assert.equal(tail.messages.filter(isUpdate(uri)).length, 3);
  assert.equal(tail.messages.length, 3);
  await client.ask('resources/unsubscribe', { uri }, second);
  await client.ask(...call('touch', { uri }), first);
  await delay(300);
  assert.equal(tail.messages.length, 3);
  tail.leave();
});

test('a GET stream knows what was subscribed at another process a moment before', async () => {
  for (let round = 0; round < 10; round++) {
    const client = await begin();
    const uri = `tick://moment/${round}`;
    // The third has just looked at the session, and believes that it knows it.
    await client.ask('ping', undefined, third);
    await client.ask('resources/subscribe', { uri }, first);
    const tail = new StreamTail(await client.get(undefined, third));
    await client.ask(...call('touch', { uri }), second);
    await tail.until(isUpdate(uri));
    tail.leave();
  }
});

test('a GET stream opened at another process takes over from the first', async () => {
  const client = await begin();
  const uri = 'tick://taken/1';
  await client.ask('resources/subscribe', { uri }, first);
  const before = new StreamTail(await client.get(undefined, first));
  await client.ask(...call('touch', { uri }), second);
  await before.until(isUpdate(uri));
  const after = new StreamTail(await client.get(undefined, second));
  await before.ended(1_000);
  await client.ask(...call('touch', { uri }), third);
  await after.until(isUpdate(uri));
  assert.equal(before.messages.length + after.messages.length, 2);
  after.leave();
  // What came while nobody listened is told to who comes back with the last id.
  await delay(100);
  for (let times = 0; times < 3; times++) await client.ask(...call('touch', { uri }), first);
  const resumed = new StreamTail(await client.get(after.ids.at(-1), third));
  for (let times = 0; times < 3; times++) await resumed.until(isUpdate(uri));
  await delay(200);
  assert.equal(resumed.messages.length, 3);
  resumed.leave();
});

test('a stream is resumed at another process while its handler runs, and is on one connection only', async () => {
  const client = await begin();
  const args = { mark: 'far', events: 30, burst: 1, pauseMs: 30 };
  for (const cut of [true, false]) {
    const { tail } = await streaming(client, first, 'count', args);
    await tail.until(isNumbered(5));
    if (cut) tail.leave();
    const seen = tail.messages.length;
    const resumed = new StreamTail(await client.get(tail.ids.at(-1), second));
    assert.equal(textOf(await resumed.until(message => 'result' in message)), 'far counted to 30');
    await resumed.ended(1_000);
    const numbers = [...tail.messages.slice(0, seen), ...resumed.messages].map(message => message.params?.data?.number);
    assert.deepEqual(numbers, [...Array.from({ length: 30 }, (_, index) => index + 1), undefined]);
    // What is told on the new connection is not told on the old one as well, but for what was on its way.
    assert.ok(tail.messages.length - seen < 10, `${tail.messages.length - seen} messages came twice`);
  }
});

test('nothing is left after the end: 204', async () => {
  const client = await begin();
  const { tail } = await streaming(client, first, 'count', { mark: 'short', events: 2, burst: 1, pauseMs: 0 });
  await tail.until(message => 'result' in message);
  const answer = await client.get(tail.ids.at(-1), second);
  await answer.text();
  assert.equal(answer.status, 204);
});

test('when the process that runs the handler is killed, an error ends the call for who reads on elsewhere', async () => {
  const client = await begin();
  for (const follows of [true, false]) {
    const doomed = processes.take();
    const port = await serve(doomed);
    const { request, tail } = await streaming(client, port, 'wait', { mark: `doomed ${follows}` });
    await tail.until(isNumbered(0));
    let resumed: StreamTail | undefined;
    if (follows) {
      resumed = new StreamTail(await client.get(tail.ids.at(-1), second));
      await delay(100);
    }
    const killedAt = performance.now();
    await doomed.kill();
    resumed ??= new StreamTail(await client.get(tail.ids.at(-1), second));
    const response = await resumed.until(message => 'error' in message, 5_000);
    assert.equal(response.id, request.id);
    assert.equal(response.error.data.code, 'SLIP_CALL_LOST');
    await resumed.ended(1_000);
    assert.ok(performance.now() - killedAt < 3_000);
    // Both who come late and who come twice hear the same.
    const again = new StreamTail(await client.get(tail.ids.at(-1), third));
    assert.deepEqual(await again.until(message => 'error' in message), response);
  }
});

test('a rolling restart: a client that only tries broken connections again notices nothing', async t => {
  const client = await begin();
  const servers = [processes.take(), processes.take()];
  const ports = [await serve(servers[0]!), await serve(servers[1]!)];
  const statuses: Record<string, number> = {};
  let refused = 0;
  let stop = false;
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  const worker = async (number: number): Promise<void> => {
    for (let count = 0; !stop; count++) {
      const mark = `${number}-${count}`;
      // As behind a balancer: whichever process; the other one if there is no connection to be had.
      for (let attempt = count; ; attempt++) {
        const body = JSON.stringify({ jsonrpc: '2.0', ...client.request(...call('echo', { mark })) });
        try {
          const answer = await exchange({ port: ports[attempt % 2]!, headers: client.headers, body, agent });
          const text = await answer.text();
          statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
          if (answer.status === 503) continue;
          assert.equal(textOf(JSON.parse(text)), mark);
          break;
        } catch (error) {
          assert.ok(error instanceof Error && 'code' in error, String(error));
          refused++;
          await delay(5);
        }
      }
    }
  };
  const workers = [worker(0), worker(1), worker(2)];
  for (let round = 0; round < 2; round++) {
    for (const [index, port] of ports.entries()) {
      await delay(150);
      await servers[index]!.close();
      servers[index] = processes.take();
      assert.equal(await serve(servers[index]!, port), port);
    }
  }
  await delay(150);
  stop = true;
  await Promise.all(workers);
  agent.destroy();
  t.diagnostic(`answers by status: ${JSON.stringify(statuses)}; ${refused} connections refused or broken`);
  assert.ok((statuses[200] ?? 0) > 100);
  assert.ok(refused > 0, 'no client noticed that a process was away: the test proves nothing');
  assert.deepEqual(
    Object.keys(statuses).filter(status => status !== '200' && status !== '503'),
    [],
  );
  await Promise.all(servers.map(server => server.kill()));
});
