// Calls that ask: each round is done once, and the call as a whole.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { inputRequired, McpServer, silentLogger } from 'slipway';
import { ask, type JsonRpcAnswer } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';
import { SessionClient } from '../support/session-client.ts';
import { freshKey, KEY, keyed, LOST, MISMATCH, REPLAY, told } from './keyed-calls.ts';

type Members = Readonly<Record<string, unknown>>;

const accept = (content: Members): Members => ({ action: 'accept', content });
const FORM = { type: 'object' as const, properties: { n: { type: 'integer' as const } }, required: ['n'] };

/** A server with a tool that has an effect before its question and one after it. */
function asking() {
  const effects: string[] = [];
  const server = new McpServer({ name: 'rounds', version: '1.0.0' }, { logger: silentLogger });
  server.registerTool('pay', {}, async ctx => {
    const order = await ctx.step('order', () => {
      effects.push('order');
      return effects.length;
    });
    const { content } = await ctx.elicit({ message: 'How much?', requestedSchema: FORM });
    const { content: sure } = await ctx.elicit({ message: 'Sure?', requestedSchema: FORM });
    await ctx.step('pay', () => effects.push('pay'));
    return `paid ${content?.['n']}/${sure?.['n']} for ${order}`;
  });
  server.registerTool('stateless', {}, ctx => {
    const answer = ctx.mcpReq.inputResponses?.['n'] as { content?: Members } | undefined;
    if (answer?.content?.['n'] !== 7) {
      const n = inputRequired.elicit({ message: 'Seven, please', requestedSchema: FORM });
      return inputRequired({ inputRequests: { n } });
    }
    effects.push('seven');
    return `${effects.length}`;
  });
  return { server, effects };
}

const CAPABILITIES = { elicitation: { form: {} } };

async function modernly(t: TestContext, name: string) {
  const { server, effects } = asking();
  const { url } = await serving(t, server);
  const send = (key: string, members: Members = {}): Promise<JsonRpcAnswer> =>
    ask(url, 'tools/call', { name, arguments: {}, ...members }, { ...keyed(key), capabilities: CAPABILITIES });
  return { send, effects };
}

/** The members of the next round. */
function answering({ result }: JsonRpcAnswer, content: Members): Members {
  assert.equal(result?.resultType, 'input_required');
  const [key] = Object.keys(result.inputRequests);
  return { requestState: result.requestState, inputResponses: { [key!]: accept(content) } };
}

test('each round of 2026-07-28 is done once, and so is the call', async t => {
  const { send, effects } = await modernly(t, 'pay');
  const key = freshKey();
  const first = await send(key);
  const again = await send(key);
  assert.equal(again.result._meta[REPLAY], true);
  assert.equal(again.result.requestState, first.result.requestState, 'the same question');
  const amount = answering(first, { n: 5 });
  const second = await send(key, amount);
  assert.equal((await send(key, amount)).result.requestState, second.result.requestState);
  const sure = answering(second, { n: 1 });
  assert.deepEqual(told(await send(key, sure)), ['paid 5/1 for 1', false]);
  assert.deepEqual(told(await send(key, sure)), ['paid 5/1 for 1', true]);
  assert.deepEqual(told(await send(key, answering(second, { n: 2 }))), MISMATCH, 'no second end');
  assert.deepEqual(told(await send(key, answering(first, { n: 6 }))), MISMATCH);
  assert.deepEqual(effects, ['order', 'pay']);
});

test('a round that is sent twice at once runs once', async t => {
  const { send, effects } = await modernly(t, 'pay');
  const key = freshKey();
  const firsts = await Promise.all([send(key), send(key), send(key)]);
  assert.equal(new Set(firsts.map(({ result }) => result.requestState)).size, 1);
  assert.deepEqual(effects, ['order']);
});

test('a question without a state is asked again, with other answers too; the end is kept', async t => {
  const { send, effects } = await modernly(t, 'stateless');
  const key = freshKey();
  for (let n = 0; n < 2; n++) assert.equal((await send(key)).result.resultType, 'input_required');
  for (const n of [5, 6]) {
    const answer = await send(key, { inputResponses: { n: accept({ n }) } });
    assert.equal(answer.result.resultType, 'input_required');
  }
  const right = { inputResponses: { n: accept({ n: 7 }) } };
  assert.deepEqual(told(await send(key, right)), ['1', false]);
  assert.deepEqual(told(await send(key, right)), ['1', true]);
  assert.deepEqual(told(await send(key, { inputResponses: { n: accept({ n: 8 }) } })), MISMATCH);
  assert.deepEqual(effects, ['seven']);
});

test('a state that is refused takes no key', async t => {
  const { send, effects } = await modernly(t, 'pay');
  const key = freshKey();
  for (let n = 0; n < 2; n++) {
    const { error } = await send(key, { requestState: 'forged', inputResponses: {} });
    assert.deepEqual([error?.code, error?.data?.['reason']], [-32602, 'invalid_request_state']);
  }
  assert.deepEqual(effects, []);
});

for (const [name, effect] of [
  ['pay', 'pay'],
  ['stateless', 'seven'],
] as const) {
  test(`a call of the 2025 era is one, whatever it asks in between (${name})`, async t => {
    const { server, effects } = asking();
    const { url } = await serving(t, server, { sessions: 'optional' });
    const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
    const meta = { [KEY]: freshKey() };
    const stream = await client.stream(name, {}, { meta });
    const repetition = client.call(name, {}, { meta });
    let asked = 0;
    let ended: JsonRpcAnswer | undefined;
    for (let message = await stream.message(); message !== undefined; message = await stream.message()) {
      if (message.method === 'elicitation/create') {
        asked++;
        await client.answer(message.id, accept({ n: 7 }));
      } else if (message.result !== undefined) {
        ended = message as JsonRpcAnswer;
        break;
      }
    }
    assert.ok(asked > 0);
    assert.equal(ended?.result._meta[REPLAY], false);
    const text = ended?.result.content[0].text;
    assert.deepEqual(told(await repetition), [text, true]);
    assert.deepEqual(told(await client.call(name, {}, { meta })), [text, true]);
    assert.equal(effects.filter(each => each === effect).length, 1);
  });
}

test('a question of the 2025 era that nobody answers ends the call', async t => {
  const { server, effects } = asking();
  const { url } = await serving(t, server, { sessions: 'optional' });
  const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
  const meta = { [KEY]: freshKey() };
  const id = 77;
  const stream = await client.stream('pay', {}, { meta, id });
  assert.equal((await stream.message())?.method, 'elicitation/create');
  assert.equal(await client.tell('notifications/cancelled', { requestId: id, reason: 'enough' }), 202);
  const again = await client.call('pay', {}, { meta });
  assert.deepEqual(told(again), LOST, 'the order may have been made, and it was');
  assert.deepEqual(effects, ['order']);
});
