import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { McpServer, silentLogger } from 'slipway';
import { type Answer, connect, type Question } from 'slipway/testing';
import { z } from 'zod';

function shop(): McpServer {
  const server = new McpServer({ name: 'shop', version: '1.0.0' }, { logger: silentLogger });
  const Place = z.object({ city: z.string(), floor: z.number().optional() });
  server.registerTool('ship', {}, async ctx => {
    const { action, content } = await ctx.elicit({ message: 'Where to?', requestedSchema: Place });
    return `${action} ${JSON.stringify(content ?? {})}`;
  });
  server.registerTool('twice', {}, async ctx => {
    const one = await ctx.elicit({ message: 'First?', requestedSchema: Place });
    const other = await ctx.elicit({ message: 'Second?', requestedSchema: Place });
    return `${one.content?.city} and ${other.content?.city}`;
  });
  server.registerTool('act', {}, async ctx => {
    const schema = z.object({ action: z.string() });
    const { content } = await ctx.elicit({ message: 'What now?', requestedSchema: schema });
    return String(content?.action);
  });
  server.registerTool('visit', {}, async ctx => {
    const { action } = await ctx.elicit({ mode: 'url', message: 'Sign in', url: 'https://example.com/' });
    return action;
  });
  server.registerTool('think', {}, async ctx => {
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: 'Hm?' } }];
    const { content } = await ctx.sample({ messages, maxTokens: 10 });
    return JSON.stringify(content);
  });
  return server;
}

for (const protocolVersion of ['2026-07-28', '2025-11-25']) {
  describe(`questions to a client of ${protocolVersion}`, () => {
    const CASES: [title: string, elicit: Answer | ((question: Question) => Answer | Promise<Answer>), text: string][] =
      [
        ['content', { city: 'Lima' }, 'accept {"city":"Lima"}'],
        ['a function', ({ required }) => ({ city: required.join() }), 'accept {"city":"city"}'],
        ['an asynchronous function', async ({ message }) => ({ city: message }), 'accept {"city":"Where to?"}'],
        ['decline', 'decline', 'decline {}'],
        ['cancel', () => 'cancel', 'cancel {}'],
        ['a whole result', { action: 'accept', content: { city: 'Oslo' } }, 'accept {"city":"Oslo"}'],
      ];
    for (const [title, elicit, text] of CASES) {
      test(`are answered with ${title}`, async () => {
        await using client = await connect(shop(), { protocolVersion, elicit });
        assert.equal((await client.callTool('ship')).text, text);
      });
    }

    test('one after the other', async () => {
      const asked: string[] = [];
      await using client = await connect(shop(), {
        protocolVersion,
        elicit: ({ message, fields }) => {
          asked.push(message);
          assert.deepEqual(Object.keys(fields), ['city', 'floor']);
          return { city: message };
        },
      });
      assert.equal((await client.callTool('twice')).text, 'First? and Second?');
      assert.deepEqual(asked, ['First?', 'Second?']);
    });

    test('a field may be named action', async () => {
      const elicit: Answer = { action: 'accept', content: { action: 'cancel' } };
      await using client = await connect(shop(), { protocolVersion, elicit });
      assert.equal((await client.callTool('act')).text, 'cancel');
      await using other = await connect(shop(), { protocolVersion, elicit: { action: 'jump' } });
      assert.equal((await other.callTool('act')).text, 'jump');
    });

    test('a page to visit', async () => {
      const seen: unknown[] = [];
      await using client = await connect(shop(), {
        protocolVersion,
        elicit: ({ mode, url }) => {
          seen.push(mode, url);
          return 'accept';
        },
      });
      assert.equal((await client.callTool('visit')).text, 'accept');
      assert.deepEqual(seen, ['url', 'https://example.com/']);
    });

    test('an assertion that fails while it answers fails the call, with its own error', async () => {
      await using client = await connect(shop(), {
        protocolVersion,
        elicit: ({ message }) => {
          assert.equal(message, 'Something else?');
          return 'decline';
        },
      });
      await assert.rejects(client.callTool('ship'), assert.AssertionError);
      await assert.rejects(client.callTool('ship'), assert.AssertionError);
    });

    test('without an answer the server is told that nobody can be asked', async () => {
      await using client = await connect(shop(), { protocolVersion });
      const failed = await client.callTool('ship').then(
        ({ isError }) => isError,
        ({ code }) => code,
      );
      assert.ok(failed === true || failed === -32021, String(failed));
    });

    test('a model is there when it is given', async () => {
      await using client = await connect(shop(), {
        protocolVersion,
        sample: ({ messages }) => ({
          model: 'test',
          role: 'assistant',
          content: { type: 'text', text: `${messages.length} message` },
        }),
      });
      assert.match((await client.callTool('think')).text, /1 message/);
    });
  });
}
