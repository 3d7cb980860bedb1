/** What clients of 2026-07-28 do. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { modern, type Prepared } from '../support/mcp-post.ts';
import { type Caller, type Events, type Message, textOf } from './caller.ts';
import type { Visit } from './visit.ts';

const ABLE = { elicitation: { form: {} } };

export function toolCall(caller: Caller, name: string, args: object, changes: object = {}): Prepared {
  return modern('tools/call', { name, arguments: args }, { id: caller.mark(), ...changes });
}

const withProgress = { meta: { progressToken: 'p' } };

/** Checks that the messages are progress 1 to `events` and then the answer, each once. */
export function assertCounted(messages: readonly Message[], mark: string, events: number): void {
  assert.deepEqual(
    messages.slice(0, -1).map(({ params }) => params.progress),
    Array.from({ length: events }, (_, index) => index + 1),
  );
  assert.equal(textOf(messages.at(-1)), `${mark} counted to ${events}`);
}

async function echo(caller: Caller): Promise<void> {
  const mark = caller.mark();
  assert.equal(textOf(await caller.timed(toolCall(caller, 'echo', { mark }))), mark);
}

async function double(caller: Caller): Promise<void> {
  const number = caller.between(1, 1_000_000);
  const { result } = await caller.timed(toolCall(caller, 'double', { number }));
  assert.deepEqual(result.structuredContent, { doubled: 2 * number });
}

async function look(caller: Caller): Promise<void> {
  const id = caller.mark();
  const { result: discovered } = await caller.timed(modern('server/discover', {}, { id }));
  assert.ok(discovered.supportedVersions.includes('2026-07-28'));
  const { result: tools } = await caller.timed(modern('tools/list', {}, { id }));
  assert.ok(tools.tools.length > 5);
  const uri = `thing://${id}`;
  const { result: read } = await caller.timed(modern('resources/read', { uri }, { id }));
  assert.equal(read.contents[0].text, `this is ${uri}`);
  const { result: prompt } = await caller.timed(
    modern('prompts/get', { name: 'greet', arguments: { name: id } }, { id }),
  );
  assert.equal(prompt.messages[0].content.text, `Hello, ${id}!`);
}

async function mistake(caller: Caller): Promise<void> {
  const { result, error } = await caller.ask(toolCall(caller, 'echo', { mark: 7 }));
  assert.ok(result?.isError === true || error !== undefined, 'wrong arguments were taken');
  const unknown = await caller.ask(toolCall(caller, 'nowhere', {}));
  assert.equal(unknown.error?.code, -32602);
}

async function progress(caller: Caller): Promise<void> {
  const mark = caller.mark();
  const events = caller.between(1, 20);
  const call = toolCall(caller, 'count', { mark, events, pauseMs: caller.between(0, 10) }, withProgress);
  const stream = await caller.stream(call);
  assertCounted(await stream.rest(), mark, events);
}

async function large(caller: Caller): Promise<void> {
  const mark = caller.mark();
  const characters = caller.between(1_000, 200_000);
  const text = textOf(await caller.ask(toolCall(caller, 'large', { mark, characters })));
  assert.equal(text.length, mark.length + characters);
  assert.ok(text.startsWith(mark));
}

/** Leaves a call that would never end by itself. */
async function leaveForever(caller: Caller): Promise<void> {
  const stream = await caller.stream(toolCall(caller, 'forever', { mark: caller.mark() }, withProgress));
  const { params } = await stream.next();
  assert.equal(params.progress, 1);
  await caller.wait(caller.between(0, 300));
  stream.cut();
}

/** Leaves before anything has come back. */
async function leaveEarly(caller: Caller): Promise<void> {
  const { headers, body } = toolCall(caller, 'slow', { mark: caller.mark(), ms: 60_000 });
  const gone = caller.send({ headers, body }, true).then(
    () => assert.fail('a call was answered before its time'),
    () => {},
  );
  await caller.wait(caller.between(1, 300));
  caller.leave();
  await gone;
}

async function ask(caller: Caller): Promise<void> {
  const mark = caller.mark();
  const params = { name: 'ask', arguments: { mark } };
  const first = await caller.ask(modern('tools/call', params, { id: mark, capabilities: ABLE }));
  assert.equal(first.result?.resultType, 'input_required', JSON.stringify(first).slice(0, 300));
  const { inputRequests, requestState } = first.result;
  const [[key, question]] = Object.entries<Message>(inputRequests) as [[string, Message]];
  assert.equal(question.params.message, mark);
  const inputResponses = { [key]: { action: 'accept', content: { word: `word of ${mark}` } } };
  const again = { ...params, inputResponses, requestState };
  const second = await caller.ask(modern('tools/call', again, { id: mark, capabilities: ABLE }));
  assert.equal(textOf(second), `${mark} heard accept word of ${mark}`);
}

/** Asks for a change, hears of it, holds the stream and leaves. */
async function listen(caller: Caller): Promise<void> {
  const uri = `thing://${caller.mark()}`;
  const notifications = { resourceSubscriptions: [uri], toolsListChanged: true };
  const id = caller.mark();
  const stream: Events = await caller.stream(modern('subscriptions/listen', { notifications }, { id }));
  assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
  assert.equal(textOf(await caller.ask(toolCall(caller, 'touch', { uri }))), uri);
  const updated = await stream.next();
  assert.equal(updated.method, 'notifications/resources/updated');
  assert.equal(updated.params.uri, uri);
  assert.equal(updated.params._meta['io.modelcontextprotocol/subscriptionId'], id);
  await caller.hold();
  stream.cut();
}

/** Sends a call again with its key, at once or later: it has been done once. */
async function twice(caller: Caller): Promise<void> {
  const mark = caller.mark();
  const meta = { 'io.slipway/idempotency-key': `soak-${randomUUID()}` };
  const send = async () => textOf(await caller.ask(toolCall(caller, 'once', { mark }, { meta })));
  const [first, second] = await Promise.all([send(), send()]);
  assert.equal(first, second);
  await caller.wait(caller.between(0, 100));
  assert.equal(await send(), first);
}

export const MODERN_VISITS: readonly Visit[] = [
  { name: 'call', perSecond: 120, run: echo },
  { name: 'structured call', perSecond: 15, run: double },
  { name: 'discover, list, read, get', perSecond: 5, run: look },
  { name: 'mistake', perSecond: 4, run: mistake },
  { name: 'progress stream', perSecond: 8, run: progress },
  { name: 'large answer', perSecond: 3, run: large },
  { name: 'stream left, call cancelled', perSecond: 6, run: leaveForever },
  { name: 'call left before its answer', perSecond: 6, run: leaveEarly },
  { name: 'question (two rounds)', perSecond: 5, run: ask },
  { name: 'idempotent call, sent again', perSecond: 4, run: twice },
  { name: 'subscriptions/listen', perSecond: 4, run: listen },
];
