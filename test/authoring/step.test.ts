// ctx.step, and where ctx.elicit, ctx.sample and ctx.step may be called.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, type ServerContext, SlipwayError } from 'slipway';
import { recordedLog } from '../support/recorded-log.ts';
import { serving } from '../support/serving.ts';
import { accept, byHand, connected, Rounds, textForm } from './linear-eras.ts';

function recorded() {
  const log = recordedLog();
  return { log, mcp: new McpServer({ name: 'step', version: '1.0.0' }, { logger: log }) };
}

const BOTH = { '2025-11-25': connected, '2026-07-28': byHand };

class Account {
  name = 'Ada';
}

const cyclic: unknown[] = [];
cyclic.push({ cyclic });

const NOT_JSON: Record<string, readonly [value: unknown, why: string]> = {
  'a date': [{ at: [new Date(0)] }, 'the result.at[0] is a Date'],
  'a map': [new Map(), 'the result is a Map'],
  'an instance': [{ a: new Account() }, 'the result.a is a Account'],
  'an error': [new Error('x'), 'the result is a Error'],
  'not a number': [{ n: Number.NaN }, 'the result.n is NaN'],
  infinity: [Number.POSITIVE_INFINITY, 'the result is Infinity'],
  'a large integer': [1n, 'the result is a bigint'],
  'a function': [{ f: () => 1 }, 'the result.f is a function'],
  'a symbol': [Symbol('s'), 'the result is a symbol'],
  'undefined in a list': [[1, undefined], 'the result[1] is undefined'],
  'a hole in a list': [Object.assign([1], { length: 2 }), 'the result[1] is undefined'],
  'a cycle': [cyclic, 'is nested too deeply, or contains itself'],
  bytes: [new Uint8Array(1), 'the result is a Uint8Array'],
};

const JSON_VALUES = [
  undefined,
  null,
  '',
  'ü\ud800',
  0,
  -1.5,
  1e300,
  true,
  [],
  {},
  { a: [{ b: null }], '': 1 },
  Object.create(null),
];

for (const [era, run] of Object.entries(BOTH)) {
  for (const [name, [value, why]] of Object.entries(NOT_JSON)) {
    test(`${era}: a step can not give ${name}`, async t => {
      const { mcp, log } = recorded();
      let thrown: unknown;
      mcp.registerTool('tool', {}, async ctx => {
        await ctx.step('look', () => value).catch(error => (thrown = error));
        return 'caught';
      });
      const { result } = await run(t, mcp, 'tools/call', { name: 'tool' }, () => ({}));
      assert.ok(thrown instanceof SlipwayError && thrown.code === 'SLIP_STEP_NOT_JSON');
      assert.ok(thrown.message.includes(why), thrown.message);
      assert.ok(thrown.message.includes("'look'"));
      assert.match(result.content[0].text, /^Internal error \(SLIP_STEP_NOT_JSON, reference \w+\)$/);
      assert.equal(log.entries[0]?.fields.error, thrown);
    });
  }

  test(`${era}: a step gives a copy of any JSON`, async t => {
    const { mcp } = recorded();
    const got: unknown[] = [];
    mcp.registerTool('tool', {}, async ctx => {
      got.length = 0;
      for (const value of JSON_VALUES) {
        const copy = await ctx.step('value', () => value);
        if (typeof value === 'object' && value !== null) assert.notEqual(copy, value);
        got.push(copy);
      }
      got.push(await ctx.step('sparse', () => ({ a: undefined, b: 1 })));
      await ctx.elicit(textForm('Sure?', 'a'));
      return 'done';
    });
    const { result } = await run(t, mcp, 'tools/call', { name: 'tool' }, () => accept({ a: '' }));
    assert.equal(result.content[0].text, 'done');
    assert.deepEqual(got, [...JSON_VALUES.slice(0, -1), {}, { b: 1 }]);
  });

  test(`${era}: a step asks nothing and has no steps`, async t => {
    const { mcp } = recorded();
    const inner: Record<string, (ctx: ServerContext) => Promise<unknown>> = {
      elicit: ctx => ctx.elicit(textForm('Sure?', 'a')),
      sample: ctx => ctx.sample({ messages: [], maxTokens: 1 }),
      step: ctx => ctx.step('inner', () => 1),
    };
    for (const [name, call] of Object.entries(inner)) {
      mcp.registerTool(name, {}, async ctx => {
        await ctx.step('outer', async () => {
          await Promise.resolve();
          await call(ctx);
        });
        return 'never';
      });
      const { result } = await run(t, mcp, 'tools/call', { name }, () => ({}));
      assert.match(result.content[0].text, /SLIP_STEP_NESTED/);
      await mcp.close();
    }
  });

  test(`${era}: a step has a name and a function`, async t => {
    const { mcp } = recorded();
    mcp.registerTool('tool', {}, async ctx => {
      const caught: unknown[] = [];
      for (const [name, fn] of [
        ['', () => 1],
        [7, () => 1],
        ['a', undefined],
      ] as unknown as [string, () => number][]) {
        await ctx.step(name, fn).catch(error => caught.push(error instanceof TypeError));
      }
      return caught.join();
    });
    const { result } = await run(t, mcp, 'tools/call', { name: 'tool' }, () => ({}));
    assert.equal(result.content[0].text, 'true,true,true');
  });

  test(`${era}: nothing can be asked where no handler of a tool, prompt or resource runs`, async t => {
    const { mcp } = recorded();
    const codes: Record<string, unknown[]> = {};
    const tryAll = async (where: string, ctx: ServerContext) => {
      codes[where] = [];
      for (const call of [
        () => ctx.elicit(textForm('Sure?', 'a')),
        () => ctx.sample({ messages: [], maxTokens: 1 }),
        () => ctx.step('a', () => 1),
      ]) {
        await call().catch(error => codes[where]?.push(error.code));
      }
    };
    mcp.registerResource('note', 'note://1', {}, () => 'a note');
    let late: Promise<void> | undefined;
    for (const name of ['used', 'unused']) {
      mcp.registerTool(name, {}, async ctx => {
        if (name === 'used') await ctx.step('a', () => 1);
        late = new Promise(resolve => setTimeout(resolve, 20)).then(() => tryAll(`after ${name}`, ctx));
        return 'done';
      });
    }
    mcp.use(async (ctx, next) => {
      await tryAll('before', ctx);
      const result = await next();
      await tryAll('behind', ctx);
      return result;
    });
    const sent: unknown[] = [];
    const answering = () => {
      sent.push(1);
      return {};
    };
    for (const name of ['used', 'unused']) {
      const { result } = await run(t, mcp, 'tools/call', { name }, answering);
      assert.equal(result.content[0].text, 'done');
      await late;
      await mcp.close();
    }
    const { result } = await run(t, mcp, 'resources/read', { uri: 'note://1' }, answering);
    assert.equal(result.contents[0].text, 'a note');
    const all = Array(3).fill('SLIP_ASK_OUTSIDE_HANDLER');
    assert.deepEqual(codes, { before: all, behind: all, 'after used': all, 'after unused': all });
    assert.deepEqual(sent, []);
  });
}

test('a call after a round that asked does nothing', async t => {
  const { mcp } = recorded();
  let late: Promise<unknown> | undefined;
  let ran = false;
  mcp.registerTool('tool', {}, async ctx => {
    const branch = async () => {
      await new Promise(resolve => setTimeout(resolve, 20));
      await ctx.step('late', () => (ran = true));
    };
    late = branch().catch(error => String(error));
    await ctx.elicit(textForm('Sure?', 'a'));
    return 'done';
  });
  const { url } = await serving(t, mcp);
  const rounds = await Rounds.begin(url, 'tools/call', { name: 'tool' });
  assert.match(String(await late), /isSuspension/);
  assert.equal(ran, false);
  await rounds.answer(() => ({ action: 'decline' }));
  assert.equal(rounds.text, 'done');
});
