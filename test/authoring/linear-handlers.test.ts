// The same handler in every era.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, ResourceTemplate, type ServerContext, silentLogger } from 'slipway';
import * as z from 'zod';
import { type Asked, accept, ERAS, said, textForm } from './linear-eras.ts';

const server = () => new McpServer({ name: 'linear', version: '1.0.0' }, { logger: silentLogger });
const isLegacy = (era: string) => era.startsWith('2025');
const TOOL = { name: 'tool', arguments: {} };

for (const [era, run] of Object.entries(ERAS)) {
  test(`${era}: asks, works and asks again, and does every step once`, async t => {
    const done: string[] = [];
    const mcp = server();
    mcp.registerTool('tool', { inputSchema: z.object({ item: z.string() }) }, async ({ item }, ctx) => {
      const order = await ctx.step('order', () => {
        done.push('order');
        return { id: done.length, item };
      });
      const to = await ctx.elicit(textForm(`Where to with ${order.item}?`, 'city'));
      const parcel = await ctx.step('pack', async () => {
        done.push('pack');
        return [order.id, to.content?.['city'] ?? null];
      });
      const sent = await ctx.step('nothing', () => void done.push('nothing'));
      const message = { role: 'user' as const, content: { type: 'text' as const, text: `Greet ${parcel[1]}` } };
      const greeting = await ctx.sample({ messages: [message], maxTokens: 10 });
      done.push('end');
      return JSON.stringify([order, to, parcel, sent ?? 'undefined', greeting.content]);
    });
    const { result, asked } = await run(t, mcp, 'tools/call', { name: 'tool', arguments: { item: 'mug' } }, ask =>
      ask.method === 'elicitation/create' ? accept({ city: 'Lisbon' }) : said('Olá'),
    );
    assert.deepEqual(JSON.parse(result.content[0].text), [
      { id: 1, item: 'mug' },
      { action: 'accept', content: { city: 'Lisbon' } },
      [1, 'Lisbon'],
      'undefined',
      { type: 'text', text: 'Olá' },
    ]);
    assert.deepEqual(done, ['order', 'pack', 'nothing', 'end']);
    assert.deepEqual(
      asked.map(({ method, params }) => [method, params.message ?? params.messages[0].content.text]),
      [
        ['elicitation/create', 'Where to with mug?'],
        ['sampling/createMessage', 'Greet Lisbon'],
      ],
    );
  });

  test(`${era}: declining and cancelling are answers`, async t => {
    const mcp = server();
    mcp.registerTool('tool', {}, async ctx => {
      const first = await ctx.elicit(textForm('First?', 'a'));
      const second = await ctx.elicit(textForm('Second?', 'a'));
      return `${first.action} ${second.action}`;
    });
    const { result, asked } = await run(t, mcp, 'tools/call', TOOL, ({ params }) =>
      params.message === 'First?' ? { action: 'decline' } : { action: 'cancel' },
    );
    assert.equal(result.content[0].text, 'decline cancel');
    assert.equal(asked.length, 2);
  });

  test(`${era}: the same question again is another question`, async t => {
    const mcp = server();
    mcp.registerTool('tool', {}, async ctx => {
      const items: unknown[] = [];
      for (;;) {
        const { action, content } = await ctx.elicit(textForm('Another item?', 'item'));
        if (action !== 'accept') return items.join(', ');
        items.push(content?.['item']);
      }
    });
    let answered = 0;
    const { result } = await run(t, mcp, 'tools/call', TOOL, () =>
      ++answered > 3 ? { action: 'decline' } : accept({ item: `item ${answered}` }),
    );
    assert.equal(result.content[0].text, 'item 1, item 2, item 3');
  });

  test(`${era}: questions that begin together, in branches of their own`, async t => {
    const mcp = server();
    const steps: string[] = [];
    const branch = async (ctx: ServerContext, name: string, ms: number) => {
      await ctx.step(`prepare ${name}`, async () => {
        await new Promise(resolve => setTimeout(resolve, ms));
        steps.push(name);
      });
      const first = await ctx.elicit(textForm(`${name} one`, 'a'));
      const second = await ctx.elicit(textForm(`${name} two`, 'a'));
      return [first.content?.['a'], second.content?.['a']];
    };
    mcp.registerTool('tool', {}, async ctx =>
      JSON.stringify(await Promise.all([branch(ctx, 'slow', 30), branch(ctx, 'fast', 5)])),
    );
    const { result, asked } = await run(t, mcp, 'tools/call', TOOL, ({ params }) =>
      accept({ a: `re ${params.message}` }),
    );
    assert.deepEqual(JSON.parse(result.content[0].text), [
      ['re slow one', 're slow two'],
      ['re fast one', 're fast two'],
    ]);
    assert.deepEqual(steps, ['fast', 'slow']);
    assert.equal(asked.length, 4);
  });

  test(`${era}: a form of a Standard Schema, and a page to visit`, async t => {
    const mcp = server();
    mcp.registerTool('tool', {}, async ctx => {
      const age = await ctx.elicit({ message: 'Age?', requestedSchema: z.object({ age: z.int().min(0) }) });
      const visit = await ctx.elicit({ mode: 'url', message: 'Sign in', url: 'https://example.com/in' });
      return `${age.content?.['age']} ${visit.action}`;
    });
    const seen: Asked[] = [];
    const { result } = await run(t, mcp, 'tools/call', TOOL, question => {
      seen.push(question);
      return question.params.mode === 'url' ? { action: 'accept' } : accept({ age: 7 });
    });
    assert.equal(result.content[0].text, '7 accept');
    assert.equal(seen[0]?.params.requestedSchema.properties.age.type, 'integer');
    assert.equal(seen[1]?.params.url, 'https://example.com/in');
    // The id is of 2025-11-25 and required there.
    assert.equal(typeof seen[1]?.params.elicitationId, isLegacy(era) ? 'string' : 'undefined');
  });

  test(`${era}: prompts and resources ask too`, async t => {
    const mcp = server();
    const city = async (ctx: ServerContext) => {
      const { content } = await ctx.elicit(textForm('Which city?', 'city'));
      return ctx.step('greet', () => `Olá ${content?.['city']}`);
    };
    mcp.registerPrompt('plain', {}, ctx => city(ctx));
    mcp.registerPrompt(
      'with',
      { argsSchema: z.object({ a: z.string() }) },
      async ({ a }, ctx) => a + (await city(ctx)),
    );
    mcp.registerResource('fixed', 'note://fixed', {}, (_uri, ctx) => city(ctx));
    mcp.registerResource(
      'family',
      new ResourceTemplate('city://{name}', { list: undefined }),
      {},
      async (_, { name }, ctx) => `${name}: ${await city(ctx)}`,
    );
    const answering = () => accept({ city: 'Lisbon' });
    const texts: string[] = [];
    for (const params of [{ name: 'plain' }, { name: 'with', arguments: { a: '! ' } }]) {
      const { result } = await run(t, mcp, 'prompts/get', params, answering);
      texts.push(result.messages[0].content.text);
      await mcp.close();
    }
    for (const uri of ['note://fixed', 'city://x']) {
      const { result } = await run(t, mcp, 'resources/read', { uri }, answering);
      texts.push(result.contents[0].text);
      await mcp.close();
    }
    assert.deepEqual(texts, ['Olá Lisbon', '! Olá Lisbon', 'Olá Lisbon', 'x: Olá Lisbon']);
  });

  test(`${era}: a client that can not be asked is known before anything is sent`, async t => {
    const mcp = server();
    mcp.registerTool('tool', {}, async ctx => {
      const caught: unknown[] = [];
      for (const asking of [
        () => ctx.elicit({ mode: 'url', message: 'm', url: 'https://example.com' }),
        () => ctx.sample({ messages: [], maxTokens: 1 }),
        () => ctx.sample({ messages: [], maxTokens: 1, tools: [] }),
      ]) {
        await asking().catch(error => caught.push([error.code, error.data]));
      }
      // What could not be asked did not count: the rest works as ever.
      const { content } = await ctx.elicit(textForm('Name?', 'name'));
      return JSON.stringify([caught, content]);
    });
    const only = { elicitation: { form: {} } };
    const { result, asked } = await run(t, mcp, 'tools/call', TOOL, () => accept({ name: 'Ada' }), only);
    assert.deepEqual(JSON.parse(result.content[0].text), [
      [
        [-32021, { requiredCapabilities: { elicitation: { url: {} } } }],
        [-32021, { requiredCapabilities: { sampling: {} } }],
        [-32021, { requiredCapabilities: { sampling: { tools: {} } } }],
      ],
      { name: 'Ada' },
    ]);
    assert.equal(asked.length, 1);
    mcp.registerTool('uncaught', {}, async ctx => (await ctx.elicit(textForm('Where?', 'a'))).action);
    await mcp.close();
    const refused = await run(t, mcp, 'tools/call', { name: 'uncaught' }, () => ({}), {});
    if (isLegacy(era)) assert.match(refused.result.content[0].text, /did not declare the capability/);
    else assert.equal(refused.error?.code, -32021);
    assert.equal(refused.asked.length, 0);
  });

  test(`${era}: finally blocks run, and a step that failed fails in every round`, async t => {
    const mcp = server();
    const events: string[] = [];
    let attempts = 0;
    mcp.registerTool('tool', {}, async ctx => {
      const connection = { open: true };
      try {
        const charge = () =>
          ctx.step('charge', () => {
            if (++attempts === 1) throw new Error('unreachable');
            return attempts;
          });
        const charged = await charge().catch(() => charge());
        const { action } = await ctx.elicit(textForm('Sure?', 'a'));
        return `${action} ${charged}`;
      } finally {
        connection.open = false;
        events.push('closed');
      }
    });
    const { result } = await run(t, mcp, 'tools/call', TOOL, () => ({ action: 'decline' }));
    assert.equal(result.content[0].text, 'decline 2');
    assert.equal(attempts, 2);
    // Once for the round that ended with the question.
    assert.deepEqual(events, isLegacy(era) ? ['closed'] : ['closed', 'closed']);
  });
}
