// The journal of a replayed handler travels through the client: who may bring it back, and what it is not mistaken for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMcpHandler, inputRequired, McpServer, type McpServerOptions } from 'slipway';
import { answerIn, legacy, modern, send } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';
import { accept, EVERYTHING, Rounds, textForm } from './linear-eras.ts';

const INVALID = { code: -32602, message: 'Invalid or expired requestState', data: { reason: 'invalid_request_state' } };
const TAG = 'slipway-journal.';

function server(options: McpServerOptions = {}) {
  const mcp = new McpServer({ name: 'state', version: '1.0.0' }, { logger: recordedLog(), ...options });
  let steps = 0;
  for (const name of ['linear', 'other']) {
    mcp.registerTool(name, {}, async ctx => {
      const number = await ctx.step('count', () => ++steps);
      const { content } = await ctx.elicit(textForm('Name?', 'name'));
      return `${number} ${content?.['name']} ${ctx.mcpReq.requestState() ?? 'no state'}`;
    });
  }
  mcp.registerTool('rounds', {}, ctx =>
    ctx.mcpReq.inputResponses === undefined
      ? inputRequired({
          inputRequests: { name: inputRequired.elicit(textForm('Name?', 'name')) },
          requestState: '[1,"",[["s"]],[]]',
        })
      : `with ${ctx.mcpReq.requestState()}`,
  );
  return mcp;
}

test('the client sees neither answers nor results in the state', async t => {
  const rounds = await Rounds.tool(t, server(), 'linear');
  assert.match(rounds.state, /^slipway-journal\.[\w-]+$/);
  assert.ok(!Buffer.from(rounds.state.slice(TAG.length), 'base64url').includes('count'));
});

test('an altered state is refused, wherever it is altered', async t => {
  const rounds = await Rounds.tool(t, server(), 'linear');
  const { state } = rounds;
  const answers = { 'elicit-0': accept({ name: 'Ada' }), 'elicit-1': accept({ name: 'Ada' }) };
  const altered = [`${state}A`, state.slice(0, -1), TAG, `${TAG}${TAG}${state}`, state.toUpperCase()];
  for (let at = TAG.length; at < state.length; at += 7) {
    const other = state[at] === 'A' ? 'B' : 'A';
    altered.push(state.slice(0, at) + other + state.slice(at + 1));
  }
  for (const one of altered) {
    await rounds.send({ inputResponses: answers, requestState: one });
    assert.deepEqual(rounds.latest.error, INVALID, one);
  }
  await rounds.send({ inputResponses: answers, requestState: state });
  assert.equal(rounds.text, '1 Ada no state');
});

test('a state belongs to its tool and arguments', async t => {
  const { url } = await serving(t, server());
  const { state } = await Rounds.begin(url, 'tools/call', { name: 'linear', arguments: {} });
  const inputResponses = { 'elicit-1': accept({ name: 'Ada' }) };
  for (const params of [
    { name: 'other', arguments: {} },
    { name: 'linear', arguments: { a: 1 } },
  ]) {
    const rounds = await Rounds.begin(url, 'tools/call', { ...params, inputResponses, requestState: state });
    assert.deepEqual(rounds.latest.error, INVALID);
  }
});

test('a state belongs to its caller', async t => {
  const mcp = server();
  const authInfoOf = (user: string) => ({ token: user, clientId: 'c', scopes: [], extra: { sub: user } });
  const handler = createMcpHandler(mcp);
  t.after(() => handler.close());
  const call = async (user: string, members: object = {}) => {
    const { headers, body } = modern(
      'tools/call',
      { name: 'linear', arguments: {}, ...members },
      { capabilities: EVERYTHING as Record<string, unknown> },
    );
    const request = new Request('http://127.0.0.1/', { method: 'POST', headers, body });
    return answerIn(await handler.fetch(request, { authInfo: authInfoOf(user) }));
  };
  const { result } = await call('alice');
  const retry = { inputResponses: { 'elicit-1': accept({ name: 'Ada' }) }, requestState: result.requestState };
  assert.deepEqual((await call('mallory', retry)).error, INVALID);
  assert.equal((await call('alice', retry)).result.content[0].text, '1 Ada no state');
});

test('a state expires', async t => {
  const rounds = await Rounds.tool(t, server({ requestState: { ttlMs: 30 } }), 'linear');
  await new Promise(resolve => setTimeout(resolve, 50));
  await rounds.answer(() => accept({ name: 'Ada' }));
  assert.deepEqual(rounds.latest.error, INVALID);
});

test("a journal does not open as the author's state, nor that as a journal", async t => {
  const { url } = await serving(t, server());
  const linear = await Rounds.begin(url, 'tools/call', { name: 'linear', arguments: {} });
  await linear.send({ inputResponses: {}, requestState: linear.state.slice(TAG.length) });
  assert.deepEqual(linear.latest.error, INVALID);
  const rounds = await Rounds.begin(url, 'tools/call', { name: 'rounds', arguments: {} });
  const { state } = rounds;
  await rounds.send({ inputResponses: {}, requestState: TAG + state });
  assert.deepEqual(rounds.latest.error, INVALID);
  await rounds.send({ inputResponses: {}, requestState: state });
  assert.equal(rounds.text, 'with [1,"",[["s"]],[]]');
});

test("beside the author's own states, journals stay ours", async t => {
  const seen: string[] = [];
  const verify = (state: string) => {
    seen.push(state);
    return `verified ${state}`;
  };
  const { url } = await serving(t, server({ requestState: { verify } }));
  const linear = await Rounds.begin(url, 'tools/call', { name: 'linear', arguments: {} });
  await linear.answer(() => accept({ name: 'Ada' }));
  assert.equal(linear.text, '1 Ada no state');
  assert.deepEqual(seen, []);
  const rounds = await Rounds.begin(url, 'tools/call', { name: 'rounds', arguments: {} });
  await rounds.answer(() => accept({ name: 'Ada' }));
  assert.equal(rounds.text, 'with verified [1,"",[["s"]],[]]');
  assert.equal(seen.length, 1);
});

test('in the 2025 era there is no journal to bring', async t => {
  const { url } = await serving(t, server());
  const { state } = await Rounds.begin(url, 'tools/call', { name: 'linear', arguments: {} });
  const request = legacy('tools/call', { name: 'linear', arguments: {}, requestState: state });
  const answer = await answerIn(await send(url, request));
  assert.deepEqual(answer.error, INVALID);
});
