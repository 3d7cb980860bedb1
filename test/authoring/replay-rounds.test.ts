// What a round of a replayed handler asks, and what becomes of the answers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, type ServerContext, silentLogger, ToolError } from 'slipway';
import * as z from 'zod';
import { serving } from '../support/serving.ts';
import { accept, Rounds, said, textForm } from './linear-eras.ts';

const server = () => new McpServer({ name: 'rounds', version: '1.0.0' }, { logger: silentLogger });

test('questions that begin together are asked in one round, and only the unanswered ones again', async t => {
  const mcp = server();
  const first = { ...textForm('Name?', 'name') };
  const message = { role: 'user' as const, content: { type: 'text' as const, text: 'Hi' } };
  mcp.registerTool('tool', {}, async ctx => {
    const [name, model] = await Promise.all([ctx.elicit(first), ctx.sample({ messages: [message], maxTokens: 1 })]);
    return JSON.stringify([name, model]);
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  assert.deepEqual(rounds.questions, {
    'elicit-0': { method: 'elicitation/create', params: { ...first, mode: 'form' } },
    'sample-1': { method: 'sampling/createMessage', params: { messages: [message], maxTokens: 1 } },
  });
  await rounds.retry({ 'sample-1': said('Hello') });
  assert.deepEqual(Object.keys(rounds.questions), ['elicit-0']);
  // The answer of the round before stays, whatever the client sends for it now and in the next round.
  await rounds.retry({ 'sample-1': said('Changed') });
  await rounds.retry({ 'sample-1': said('Changed'), 'elicit-0': accept({ name: 'Ada' }), 'elicit-7': accept({}) });
  assert.deepEqual(JSON.parse(rounds.text), [accept({ name: 'Ada' }), said('Hello')]);
});

test('what is no answer to the question is asked again, for ever', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => (await ctx.elicit(textForm('Name?', 'name'))).action);
  const rounds = await Rounds.tool(t, mcp, 'tool');
  const answers: unknown[] = [
    undefined,
    null,
    'accept',
    {},
    { action: 'perhaps' },
    { action: 'accept' },
    accept({}),
    accept({ name: 7 }),
    { action: 'accept', content: [] },
    { method: 'elicitation/create', result: accept({ name: 'Ada' }) },
    said('Ada'),
  ];
  for (const answer of answers) {
    await rounds.retry({ 'elicit-0': answer });
    assert.ok(rounds.asks, JSON.stringify(answer));
  }
  await rounds.retry({});
  await rounds.send({ requestState: rounds.state });
  assert.ok(rounds.asks);
  await rounds.retry({ 'elicit-0': accept({ name: 'Ada' }) });
  assert.equal(rounds.text, 'accept');
});

test("a model's answer without a model is asked again", async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => (await ctx.sample({ messages: [], maxTokens: 1 })).model);
  const rounds = await Rounds.tool(t, mcp, 'tool');
  const { model: _, ...nameless } = said('x');
  for (const answer of [nameless, accept({}), { ...said('x'), content: undefined }]) {
    await rounds.retry({ 'sample-0': answer });
    assert.ok(rounds.asks);
  }
  await rounds.retry({ 'sample-0': said('x') });
  assert.equal(rounds.text, 'm');
});

test('answers without the state begin anew', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => (await ctx.elicit(textForm('Name?', 'name'))).action);
  const rounds = await Rounds.tool(t, mcp, 'tool');
  await rounds.send({ inputResponses: { 'elicit-0': accept({ name: 'Ada' }) } });
  assert.ok(rounds.asks);
});

test('an id of a visit and a new object of the same question do not make it another question', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => {
    const elicitationId = crypto.randomUUID();
    const { action } = await ctx.elicit({ mode: 'url', message: 'Pay', url: 'https://example.com/pay', elicitationId });
    return action;
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  const { params } = rounds.questions['elicit-0']!;
  assert.deepEqual(params, { mode: 'url', message: 'Pay', url: 'https://example.com/pay' });
  await rounds.retry({ 'elicit-0': { action: 'accept' } });
  assert.equal(rounds.text, 'accept');
});

test('a round that asks waits for the steps that run, and they do not run again', async t => {
  const mcp = server();
  const ran: string[] = [];
  const slowly = (ctx: ServerContext, name: string, ms: number) =>
    ctx.step(name, async () => {
      ran.push(name);
      await new Promise(resolve => setTimeout(resolve, ms));
      return name;
    });
  mcp.registerTool('together', {}, async ctx => {
    const [step, answer] = await Promise.all([slowly(ctx, 'slow', 30), ctx.elicit(textForm('Sure?', 'a'))]);
    return `${step} ${answer.action}`;
  });
  const { url } = await serving(t, mcp);
  const rounds = await Rounds.begin(url, 'tools/call', { name: 'together' });
  assert.deepEqual(Object.keys(rounds.questions), ['elicit-1']);
  await rounds.retry({ 'elicit-1': { action: 'decline' } });
  assert.equal(rounds.text, 'slow decline');
  assert.deepEqual(ran, ['slow']);
});

test('a step that begins while a question is being asked is recorded too', async t => {
  const mcp = server();
  let ran = 0;
  mcp.registerTool('tool', {}, async ctx => {
    const { action } = await ctx.elicit(textForm('First?', 'a'));
    const late = new Promise(resolve => setImmediate(resolve)).then(() =>
      ctx.step('late', async () => {
        ran++;
        await new Promise(resolve => setTimeout(resolve, 40));
        return ran;
      }),
    );
    late.catch(() => {});
    const second = await ctx.elicit(textForm('Second?', 'a'));
    return `${action} ${second.action} ${await late}`;
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  for (let round = 0; rounds.asks && round < 6; round++) await rounds.answer(() => ({ action: 'decline' }));
  assert.equal(rounds.text, 'decline decline 1');
  assert.equal(ran, 1);
});

test('branches take their turns as they did, whatever they wait for themselves', async t => {
  const mcp = server();
  const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));
  let round = 0;
  mcp.registerTool('tool', {}, async ctx => {
    round++;
    const one = async () => {
      const step = await ctx.step('one', () => pause(round === 1 ? 40 : 0));
      return [step, (await ctx.elicit(textForm('One?', 'a'))).action];
    };
    const two = async () => {
      // Not in a step: this takes its time in every round.
      await pause(15);
      await ctx.step('two', () => undefined);
      return (await ctx.elicit(textForm('Two?', 'a'))).action;
    };
    return JSON.stringify(await Promise.all([one(), two()]));
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  assert.deepEqual(
    rounds.asked.map(({ params }) => params.message),
    ['Two?', 'One?'],
  );
  await rounds.answer(({ params }) => ({ action: params.message === 'One?' ? 'decline' : 'cancel' }));
  assert.equal(rounds.text, '[[null,"decline"],"cancel"]');
});

test('new answers come when the handler is where it was', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => {
    const quick = async () => {
      const { action } = await ctx.elicit(textForm('Quick 1?', 'a'));
      return [action, (await ctx.elicit(textForm('Quick 2?', 'a'))).action];
    };
    const slow = async () => {
      await ctx.step('slow', () => new Promise<void>(resolve => setTimeout(resolve, 15)));
      for (let turn = 0; turn < 10; turn++) await null;
      return (await ctx.elicit(textForm('Slow?', 'a'))).action;
    };
    return JSON.stringify(await Promise.all([quick(), slow()]));
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  assert.deepEqual(Object.keys(rounds.questions), ['elicit-0', 'elicit-2']);
  await rounds.retry({ 'elicit-0': { action: 'decline' } });
  assert.deepEqual(Object.keys(rounds.questions), ['elicit-2', 'elicit-3']);
  await rounds.answer(() => ({ action: 'cancel' }));
  assert.equal(rounds.text, '[["decline","cancel"],"cancel"]');
});

test('any order of the answers leads to the same end', async t => {
  const mcp = server();
  const branch = async (ctx: ServerContext, name: string) => {
    const one = await ctx.elicit(textForm(`${name}1`, 'a'));
    const two = await ctx.elicit(textForm(`${name}2`, 'a'));
    return [one.content?.['a'], two.content?.['a']];
  };
  mcp.registerTool('tool', {}, async ctx =>
    JSON.stringify(await Promise.all([branch(ctx, 'A'), branch(ctx, 'B'), branch(ctx, 'C')])),
  );
  const { url } = await serving(t, mcp);
  for (const pick of ['first', 'last'] as const) {
    const rounds = await Rounds.begin(url, 'tools/call', { name: 'tool' });
    // One answer per round, of the first or the last question.
    for (let round = 0; rounds.asks && round < 10; round++) {
      const questions = Object.entries(rounds.questions);
      const [key, { params }] = questions.at(pick === 'first' ? 0 : -1)!;
      await rounds.retry({ [key]: accept({ a: params.message }) });
    }
    assert.equal(rounds.text, '[["A1","A2"],["B1","B2"],["C1","C2"]]');
    assert.equal(rounds.count, 7);
  }
});

test('an error before the question is asked is the answer; nobody is asked in vain', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => {
    const fails = ctx.step('look', () => {
      throw new ToolError('There is no such city');
    });
    await Promise.all([ctx.elicit(textForm('Sure?', 'a')), fails]);
    return 'never';
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  assert.equal(rounds.latest.result.isError, true);
  assert.equal(rounds.text, 'There is no such city');
});

test('a recorded failure reads as it did', async t => {
  const mcp = server();
  const seen: unknown[] = [];
  mcp.registerTool('tool', {}, async ctx => {
    const failing = [
      () => ctx.step('coded', () => Promise.reject(Object.assign(new TypeError('no'), { code: 'ENOENT' }))),
      () => ctx.step('text', () => Promise.reject('just text')),
      () => ctx.step('tool', () => Promise.reject(new ToolError('for the model'))),
    ];
    const caught: unknown[] = [];
    for (const one of failing) await one().catch(error => caught.push(error));
    seen.push(caught.map(error => (error instanceof Error ? [error.name, error.message, { ...error }] : error)));
    await ctx.elicit(textForm('Sure?', 'a'));
    throw caught[2];
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  await rounds.answer(() => ({ action: 'decline' }));
  assert.equal(rounds.text, 'for the model');
  const [coded, , tool] = seen[0] as unknown[];
  assert.deepEqual(seen, [
    [coded, 'just text', tool],
    [coded, ['Error', 'just text', {}], tool],
  ]);
  assert.deepEqual(coded, ['TypeError', 'no', { code: 'ENOENT' }]);
});

test('what a handler does to a value concerns its own round only', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => {
    const list = await ctx.step('list', () => ['a']);
    const { content } = await ctx.elicit(textForm('Name?', 'name'));
    list.push('b');
    if (content !== undefined) content['name'] += '!';
    await ctx.elicit(textForm('Sure?', 'a'));
    return JSON.stringify([list, content]);
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  await rounds.answer(() => accept({ name: 'Ada' }));
  await rounds.answer(() => ({ action: 'decline' }));
  assert.equal(rounds.text, '[["a","b"],{"name":"Ada!"}]');
});

test('another process continues what one began, with the same secret', async t => {
  const secrets = ['a secret of the tests, 32 bytes or more'];
  let charged = 0;
  const build = () => {
    const mcp = new McpServer({ name: 'rounds', version: '1.0.0' }, { logger: silentLogger, secrets });
    mcp.registerTool('tool', {}, async ctx => {
      const number = await ctx.step('charge', () => ++charged);
      return `${number} ${(await ctx.elicit(textForm('Sure?', 'a'))).action}`;
    });
    return mcp;
  };
  const [one, two] = await Promise.all([serving(t, build()), serving(t, build())]);
  const rounds = await Rounds.begin(one.url, 'tools/call', { name: 'tool' });
  await rounds.moveTo(two.url).answer(() => ({ action: 'decline' }));
  assert.equal(rounds.text, '1 decline');
  assert.equal(charged, 1);
});

test('what was answered stays answered when the client can no longer be asked it', async t => {
  const mcp = server();
  mcp.registerTool('tool', {}, async ctx => {
    const { content } = await ctx.elicit(textForm('Name?', 'name'));
    const { model } = await ctx.sample({ messages: [], maxTokens: 1 });
    return `${content?.['name']} ${model}`;
  });
  const rounds = await Rounds.tool(t, mcp, 'tool');
  await rounds.answer(() => accept({ name: 'Ada' }));
  rounds.capabilities = { sampling: {} };
  await rounds.answer(() => said('x'));
  assert.equal(rounds.text, 'Ada m');
});

test('arguments that no longer fit are what they are', async t => {
  const mcp = server();
  const inputSchema = z.object({ item: z.string().optional() });
  const handler = async (_: unknown, ctx: ServerContext) => (await ctx.elicit(textForm('Name?', 'name'))).action;
  const tool = mcp.registerTool('tool', { inputSchema }, handler);
  const rounds = await Rounds.tool(t, mcp, 'tool');
  tool.update({ paramsSchema: z.object({ item: z.string() }) });
  await rounds.answer(() => ({ action: 'decline' }));
  assert.match(rounds.text, /^Input validation error/);
});
