// What a replayed handler must not do, and what comes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputRequired, isSuspension, McpServer, type ServerContext, ToolError } from 'slipway';
import * as z from 'zod';
import { ask } from '../support/mcp-post.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';
import { accept, connected, EVERYTHING, Rounds, textForm } from './linear-eras.ts';

function recorded() {
  const log = recordedLog();
  const mcp = new McpServer({ name: 'rules', version: '1.0.0' }, { logger: log });
  return { log, mcp };
}

const decline = () => ({ action: 'decline' });
const question = (ctx: ServerContext, message = 'Sure?') => ctx.elicit(textForm(message, 'a'));

/** The client reads the code and a reference, and the log explains that. */
function assertBroken(rounds: Rounds, { entries }: ReturnType<typeof recordedLog>, code: string, why = ''): void {
  assert.equal(rounds.latest.result?.isError, true, JSON.stringify(rounds.latest));
  const reference = /\((SLIP_\w+), reference (\w+)\)$/.exec(rounds.text);
  assert.equal(reference?.[1], code, rounds.text);
  const entry = entries.find(({ fields }) => fields.reference === reference?.[2]);
  assert.equal(entry?.fields.code, code);
  assert.equal(entry?.fields.error.code, code);
  assert.ok(entry?.fields.error.message.includes(why), entry?.fields.error.message);
  // What the log says stays there.
  assert.ok(!rounds.text.includes(entry?.fields.error.what));
}

const DIVERGING: Record<
  string,
  readonly [why: string, handler: (ctx: ServerContext, round: number) => Promise<unknown>]
> = {
  'another step first': [
    "call 1 is now the step 'b'",
    async (ctx, round) => {
      for (const name of round === 1 ? ['a', 'b'] : ['b', 'a']) await ctx.step(name, () => name);
      return question(ctx);
    },
  ],
  'another question': ['call 1 is now a call of ctx.elicit()', (ctx, round) => question(ctx, `It is ${round}`)],
  'a step in place of a question': [
    "call 1 is now the step 'a'",
    (ctx, round) => (round === 1 ? question(ctx) : ctx.step('a', () => 'a')),
  ],
  'a question in place of a step': [
    'call 1 is now a call of ctx.elicit()',
    async (ctx, round) => {
      if (round === 1) await ctx.step('a', () => 'a');
      return question(ctx);
    },
  ],
  'fewer calls': [
    'it made 1 calls, and 2 before',
    async (ctx, round) => {
      await ctx.step('a', () => 'a');
      return round === 1 ? question(ctx) : 'done';
    },
  ],
  'no call at all': ['it made 0 calls, and 1 before', async (ctx, round) => (round === 1 ? question(ctx) : 'done')],
  'an error caught and passed over': [
    'call 1 is now',
    async (ctx, round) => {
      await question(ctx, `It is ${round}`).catch(error => {
        if (isSuspension(error)) throw error;
      });
      return 'done';
    },
  ],
};

for (const [name, [why, handler]] of Object.entries(DIVERGING)) {
  test(`another way than in the round before is found out: ${name}`, async t => {
    const { mcp, log } = recorded();
    let round = 0;
    mcp.registerTool('tool', {}, async ctx => JSON.stringify(await handler(ctx, ++round)));
    const rounds = await Rounds.tool(t, mcp, 'tool');
    await rounds.answer(decline);
    assertBroken(rounds, log, 'SLIP_REPLAY_DIVERGED', why);
    assert.match(rounds.text, /start over/);
  });
}

test('waiting one by one for what began together does not hang', async t => {
  const { mcp, log } = recorded();
  let round = 0;
  mcp.registerTool('tool', {}, async ctx => {
    if (++round === 1) await Promise.all([question(ctx, 'One?'), question(ctx, 'Two?')]);
    await question(ctx, 'One?');
    return 'done';
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  await rounds.answer(decline);
  assertBroken(rounds, log, 'SLIP_REPLAY_DIVERGED', 'it made 1 calls, and 2 before');
});

test('a handler of another release does not continue, and does not even run', async t => {
  const { mcp, log } = recorded();
  const inputSchema = z.object({});
  const tool = mcp.registerTool('tool', { inputSchema }, async (_, ctx) => (await question(ctx)).action);
  const rounds = await Rounds.tool(t, mcp, 'tool');
  const state = rounds.state;
  let ran = false;
  tool.update({
    paramsSchema: inputSchema,
    callback: async (_, ctx) => {
      ran = true;
      return (await question(ctx)).action;
    },
  });
  await rounds.answer(decline);
  assertBroken(rounds, log, 'SLIP_REPLAY_HANDLER_CHANGED');
  assert.match(rounds.text, /start over/);
  assert.equal(ran, false);
  await rounds.send({});
  assert.ok(rounds.asks);
  assert.notEqual(rounds.state, state);
  await rounds.answer(decline);
  assert.equal(rounds.text, 'decline');
});

test('too much state is an error of its own', async t => {
  const { mcp, log } = recorded();
  mcp.registerTool('tool', {}, async ctx => {
    const text = await ctx.step('read', () => 'x'.repeat(16_384));
    return `${text.length} ${(await question(ctx)).action}`;
  });
  mcp.registerTool('answers', {}, async ctx => {
    const { content } = await ctx.elicit(textForm('Text?', 'a'));
    return `${content?.['a']} ${(await question(ctx)).action}`;
  });
  const { url } = await serving(t, mcp);
  assertBroken(await Rounds.begin(url, 'tools/call', { name: 'tool' }), log, 'SLIP_REQUEST_STATE_TOO_LARGE');
  const rounds = await Rounds.begin(url, 'tools/call', { name: 'answers' });
  await rounds.answer(() => accept({ a: 'x'.repeat(16_384) }));
  assertBroken(rounds, log, 'SLIP_REQUEST_STATE_TOO_LARGE');
});

const SWALLOWING: Record<string, (ctx: ServerContext) => Promise<unknown>> = {
  'a catch block that returns': ctx => question(ctx).catch(() => 'nobody answered'),
  'Promise.allSettled': async ctx => (await Promise.allSettled([question(ctx)])).length,
  'no await': async ctx => {
    void question(ctx);
    return 'done';
  },
  'a race that something else wins': ctx => Promise.race([question(ctx), 'faster']),
  'a catch block that returns a question of its own': ctx =>
    question(ctx).catch(() => inputRequired({ requestState: 'x' })),
};

for (const [name, handler] of Object.entries(SWALLOWING)) {
  test(`a suspension that does not end the handler is found out: ${name}`, async t => {
    const { mcp, log } = recorded();
    mcp.registerTool('tool', {}, async ctx => (await handler(ctx)) as string);
    assertBroken(await Rounds.tool(t, mcp, 'tool'), log, 'SLIP_REPLAY_SUSPENSION_CAUGHT');
  });
}

const PASSING: Record<string, (ctx: ServerContext) => Promise<unknown>> = {
  'rethrown by isSuspension': ctx =>
    question(ctx).catch(error => {
      if (isSuspension(error)) throw error;
      return 'caught';
    }),
  'turned into another error': ctx =>
    question(ctx).catch(() => {
      throw new ToolError('could not ask');
    }),
};

for (const [name, handler] of Object.entries(PASSING)) {
  test(`a suspension that ends the handler asks: ${name}`, async t => {
    const { mcp, log } = recorded();
    mcp.registerTool('tool', {}, async ctx => JSON.stringify(await handler(ctx)));
    const rounds = await Rounds.tool(t, mcp, 'tool');
    await rounds.answer(decline);
    assert.equal(rounds.text, '{"action":"decline"}');
    assert.deepEqual(log.entries, []);
  });
}

test('calls after the suspension do nothing, and the log says so', async t => {
  const { mcp, log } = recorded();
  const ran: string[] = [];
  mcp.registerTool('tool', {}, async ctx => {
    try {
      return (await question(ctx)).action;
    } catch {
      await ctx.step('give up', () => ran.push('gave up'));
      return 'gave up';
    } finally {
      await ctx.step('clean up', () => ran.push('cleaned up'));
    }
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  assert.deepEqual(Object.keys(rounds.questions), ['elicit-0']);
  assert.deepEqual(ran, []);
  assert.deepEqual(
    log.entries.map(({ level, fields }) => [level, fields.code, fields.call]),
    [['warn', 'SLIP_REPLAY_SUSPENSION_CAUGHT', 'step']],
  );
  await rounds.answer(decline);
  assert.equal(rounds.text, 'decline');
  assert.deepEqual(ran, ['cleaned up']);
});

test('a loop that catches everything does not block the process', async t => {
  const { mcp } = recorded();
  let calls = 0;
  mcp.registerTool('tool', {}, async ctx => {
    for (;;) {
      calls++;
      const answer = await question(ctx).catch(() => undefined);
      if (answer !== undefined) return answer.action;
    }
  });
  mcp.registerTool('other', {}, () => 'fine');
  const { url } = await serving(t, mcp);
  const stop = new AbortController();
  const looping = ask(url, 'tools/call', { name: 'tool' }, { capabilities: EVERYTHING, signal: stop.signal });
  looping.catch(() => {});
  const other = await Rounds.begin(url, 'tools/call', { name: 'other' });
  assert.equal(other.text, 'fine');
  await new Promise(resolve => setTimeout(resolve, 50));
  const before = calls;
  await new Promise(resolve => setTimeout(resolve, 20));
  assert.ok(before > 1 && before < 1000, String(before));
  assert.equal(calls, before);
  stop.abort();
});

test('inputRequired(...) beside the linear calls is found out, in both eras and in every round', async t => {
  const { mcp, log } = recorded();
  const returned = () =>
    inputRequired({ requestState: 'mine', inputRequests: { roots: inputRequired.elicit(textForm('Mine?', 'a')) } });
  mcp.registerTool('step', {}, async ctx => {
    await ctx.step('a', () => 'a');
    return returned();
  });
  mcp.registerTool('later', {}, async ctx => {
    if (ctx.mcpReq.inputResponses === undefined) return returned();
    return (await question(ctx)).action;
  });
  const { url } = await serving(t, mcp);
  assertBroken(await Rounds.begin(url, 'tools/call', { name: 'step' }), log, 'SLIP_REPLAY_MIXED');
  const rounds = await Rounds.begin(url, 'tools/call', { name: 'later' });
  await rounds.answer(decline);
  assertBroken(rounds, log, 'SLIP_REPLAY_MIXED');
  for (const name of ['step', 'later']) {
    const { result } = await connected(t, mcp, 'tools/call', { name }, decline);
    assert.match(result.content[0].text, /SLIP_REPLAY_MIXED/);
    await mcp.close();
  }
});

test('prompts and resources answer with a JSON-RPC error that has the code', async t => {
  const { mcp } = recorded();
  let round = 0;
  const handler = async (ctx: ServerContext) => (await question(ctx, `It is ${++round}`)).action;
  mcp.registerPrompt('prompt', {}, handler);
  mcp.registerResource('resource', 'note://x', {}, (_uri, ctx) => handler(ctx));
  const { url } = await serving(t, mcp);
  for (const [method, params] of [
    ['prompts/get', { name: 'prompt' }],
    ['resources/read', { uri: 'note://x' }],
  ] as const) {
    const rounds = await Rounds.begin(url, method, params);
    await rounds.answer(decline);
    const { code, message, data } = rounds.latest.error!;
    assert.equal(code, -32603);
    assert.match(message, /start over/);
    assert.equal(data?.['code'], 'SLIP_REPLAY_DIVERGED');
    assert.equal(typeof data?.['reference'], 'string');
  }
});

test("a handler's own error in a later round is its own", async t => {
  const { mcp } = recorded();
  let round = 0;
  mcp.registerTool('tool', {}, async ctx => {
    if (++round > 1) throw new ToolError('gone meanwhile');
    return (await question(ctx)).action;
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  await rounds.answer(decline);
  assert.equal(rounds.text, 'gone meanwhile');
});
