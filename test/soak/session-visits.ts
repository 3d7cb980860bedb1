/** What clients of the 2025 era do: with a session, without one, and over the transport of 2024. */
import assert from 'node:assert/strict';
import { legacy } from '../support/mcp-post.ts';
import { type Caller, textOf } from './caller.ts';
import { assertCounted } from './modern-visits.ts';
import { Session } from './session.ts';
import type { Visit } from './visit.ts';

const ABLE = { elicitation: {} };

async function withoutSession(caller: Caller): Promise<void> {
  const mark = caller.mark();
  const call = legacy('tools/call', { name: 'echo', arguments: { mark } }, { id: mark });
  assert.equal(textOf(await caller.timed(call)), mark);
}

async function wholeSession(caller: Caller): Promise<void> {
  const session = await Session.begin(caller);
  await session.ask('logging/setLevel', { level: 'warning' });
  for (let calls = caller.between(1, 6); calls > 0; calls--) {
    const mark = caller.mark();
    assert.equal(textOf(await session.call('echo', { mark })), mark);
    await caller.wait(caller.between(0, 50));
  }
  await session.end();
  assert.equal(await session.status(), 404, 'a session that has ended');
}

/** Most clients never say that they leave. */
async function abandonedSession(caller: Caller): Promise<void> {
  const session = await Session.begin(caller);
  await session.ask('resources/subscribe', { uri: `thing://${caller.mark()}` });
  const mark = caller.mark();
  assert.equal(textOf(await session.call('echo', { mark })), mark);
}

/** Loses its connection once or twice, and reads on. */
async function cutStream(caller: Caller): Promise<void> {
  const session = await Session.begin(caller);
  const mark = caller.mark();
  const events = caller.between(6, 16);
  let stream = await session.stream('count', { mark, events, pauseMs: 10, ballast: 200 });
  const messages = [];
  for (let cuts = caller.between(1, 2); cuts > 0; cuts--) {
    for (let reads = caller.between(1, 3); reads > 0; reads--) messages.push(await stream.next());
    stream.cut();
    await caller.wait(caller.between(0, 60));
    assert.ok(stream.lastId, 'events without ids');
    stream = await session.open(stream.lastId);
  }
  messages.push(...(await stream.rest()));
  assertCounted(messages, mark, events);
}

/** Leaves a call alone: in this era it is done all the same. */
async function leftCall(caller: Caller): Promise<void> {
  const session = await Session.begin(caller);
  const stream = await session.stream('count', { mark: caller.mark(), events: 20, pauseMs: 20 });
  await stream.next();
  stream.cut();
}

async function cancelledCall(caller: Caller): Promise<void> {
  const session = await Session.begin(caller);
  const id = caller.mark();
  const stream = await session.stream('forever', { mark: id }, id);
  assert.equal((await stream.next()).params.progress, 1);
  await caller.wait(caller.between(0, 200));
  await session.tell('notifications/cancelled', { requestId: id, reason: 'soak' });
  const last = (await stream.rest()).at(-1);
  assert.equal(last.id, id);
  assert.equal(last.error.data.code, 'SLIP_REQUEST_CANCELLED');
}

async function question(caller: Caller): Promise<void> {
  const session = await Session.begin(caller, ABLE);
  const mark = caller.mark();
  const stream = await session.stream('ask', { mark });
  const asked = await stream.next();
  assert.equal(asked.method, 'elicitation/create');
  assert.equal(asked.params.message, mark);
  await session.answer(asked.id, { action: 'accept', content: { word: 'soaked' } });
  const [answer, ...more] = await stream.rest();
  assert.equal(textOf(answer), `${mark} heard accept soaked`);
  assert.equal(more.length, 0);
}

/** Ends the session while it is asked. */
async function unansweredQuestion(caller: Caller): Promise<void> {
  const session = await Session.begin(caller, ABLE);
  const mark = caller.mark();
  const stream = await session.stream('ask', { mark }, mark);
  assert.equal((await stream.next()).method, 'elicitation/create');
  await session.end();
  const rest = await stream.rest();
  assert.equal(rest.filter(message => message.id === mark && !('method' in message)).length, 1, JSON.stringify(rest));
}

/** Hears of changes, is cut, misses one, and hears of it when it comes back. */
async function ownStream(caller: Caller): Promise<void> {
  const session = await Session.begin(caller);
  const uri = `thing://${caller.mark()}`;
  await session.ask('resources/subscribe', { uri });
  let stream = await session.open();
  const heard = async () => {
    const message = await stream.next();
    assert.equal(message?.method, 'notifications/resources/updated', JSON.stringify(message));
    assert.equal(message.params.uri, uri);
  };
  const touch = async () => assert.equal(textOf(await session.call('touch', { uri })), uri);
  await touch();
  await heard();
  await caller.hold();
  stream.cut();
  await touch();
  stream = await session.open(stream.lastId);
  await heard();
  if (caller.between(0, 1) === 0) return stream.cut();
  await session.end();
  assert.deepEqual(await stream.rest(), []);
}

/** The transport of 2024-11-05. */
async function olderTransport(caller: Caller): Promise<void> {
  const stream = await caller.stream({ method: 'GET', path: '/sse', headers: { accept: 'text/event-stream' } });
  const path = await stream.nextText();
  const post = async (message: object) => {
    const headers = { 'content-type': 'application/json' };
    const reply = await caller.send({ path, headers, body: JSON.stringify({ jsonrpc: '2.0', ...message }) });
    await reply.text();
    assert.equal(reply.status, 202);
  };
  const clientInfo = { name: 'soak', version: '1.0.0' };
  await post({ id: 1, method: 'initialize', params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo } });
  assert.equal((await stream.next()).result.protocolVersion, '2024-11-05');
  await post({ method: 'notifications/initialized' });
  const mark = caller.mark();
  await post({ id: 2, method: 'tools/call', params: { name: 'echo', arguments: { mark } } });
  const answer = await stream.next();
  assert.equal(answer.id, 2);
  assert.equal(textOf(answer), mark);
  await caller.hold();
  stream.cut();
}

export const SESSION_VISITS: readonly Visit[] = [
  { name: '2025: call without a session', perSecond: 40, run: withoutSession },
  { name: '2025: session begun, used, ended', perSecond: 6, run: wholeSession },
  { name: '2025: session begun and left', perSecond: 3, run: abandonedSession },
  { name: '2025: stream cut and resumed', perSecond: 5, run: cutStream },
  { name: '2025: stream cut, call goes on', perSecond: 3, run: leftCall },
  { name: '2025: call cancelled', perSecond: 5, run: cancelledCall },
  { name: '2025: question', perSecond: 4, run: question },
  { name: '2025: question, session ended', perSecond: 2, run: unansweredQuestion },
  { name: '2025: GET stream cut and resumed', perSecond: 4, run: ownStream },
  { name: '2024: HTTP+SSE', perSecond: 2, run: olderTransport },
];
