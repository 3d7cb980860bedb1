/** What the client promises, over every transport, in both eras, with the servers of several makers. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Client } from '../../src/client/client.ts';
import type { ElicitHandler } from '../../src/client/client-options.ts';
import type { CallToolResult } from '../../src/protocol/tool.ts';
import { INFO, INSTRUCTIONS } from './contract-server.ts';
import { clientAt, PLACES } from './places.ts';

const textOf = ({ content }: CallToolResult): string => (content[0] as { text: string }).text;
const TOOLS = ['echo', 'sum', 'fails', 'climbs', 'wait', 'cancelled', 'ship'];

for (const place of PLACES) {
  describe(place.name, () => {
    let client: Client;
    let elicit: ElicitHandler = () => ({ action: 'cancel' });
    const closing: (() => unknown)[] = [];
    before(async () => {
      client = await clientAt(place, closing, { elicit: (...asked) => elicit(...asked) });
    });
    after(async () => {
      for (const close of closing.reverse()) await close();
    });

    test('finds out what the server speaks, and what it is', async () => {
      assert.equal(client.getNegotiatedProtocolVersion(), place.revision);
      assert.equal(client.getProtocolEra(), place.revision >= '2026' ? 'modern' : 'legacy');
      assert.equal(client.getServerVersion()?.name, INFO.name);
      assert.equal(client.getServerVersion()?.version, INFO.version);
      assert.equal(client.getInstructions(), INSTRUCTIONS);
      assert.ok(client.getServerCapabilities()?.tools);
    });

    test('lists everything, however many pages that are', async () => {
      assert.deepEqual(
        (await client.listTools()).tools.map(({ name }) => name),
        TOOLS,
      );
      assert.deepEqual(
        (await client.listResources()).resources.map(({ uri }) => uri),
        ['note://motd'],
      );
      assert.deepEqual(
        (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
        ['city://{name}'],
      );
      assert.deepEqual(
        (await client.listPrompts()).prompts.map(({ name }) => name),
        ['visit'],
      );
    });

    test('calls tools: text, structured, failed, unknown', async () => {
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'grüße 🚢' } })), 'grüße 🚢');
      const sum = await client.callTool({ name: 'sum', arguments: { numbers: [1, 2, 3.5] } });
      assert.deepEqual(sum.structuredContent, { total: 6.5 });
      const failed = await client.callTool({ name: 'fails' });
      assert.equal(failed.isError, true);
      assert.equal(textOf(failed), 'There is no such city');
      const unknown = await client.callTool({ name: 'nope' }).then(
        ({ isError }) => isError,
        ({ code }) => code,
      );
      // The official SDK v1 answers with a result.
      assert.ok(unknown === -32602 || unknown === true, String(unknown));
    });

    test('reads, gets and completes', async () => {
      const { contents } = await client.readResource({ uri: 'city://Oslo' });
      assert.deepEqual(
        contents.map(({ uri, ...rest }) => [uri, (rest as { text: string }).text]),
        [['city://Oslo', 'About Oslo']],
      );
      await assert.rejects(client.readResource({ uri: 'note://nope' }));
      const { messages } = await client.getPrompt({ name: 'visit', arguments: { city: 'Oslo' } });
      assert.deepEqual(messages[0]?.content, { type: 'text', text: 'Plan a visit to Oslo' });
      const byPrompt = await client.complete({
        ref: { type: 'ref/prompt', name: 'visit' },
        argument: { name: 'city', value: 'Li' },
      });
      assert.deepEqual(byPrompt.completion.values, ['Lisbon', 'Lima']);
      const byTemplate = await client.complete({
        ref: { type: 'ref/resource', uri: 'city://{name}' },
        argument: { name: 'name', value: 'O' },
      });
      assert.deepEqual(byTemplate.completion.values, ['Oslo']);
    });

    test('hears of progress before the answer', async () => {
      const heard: unknown[] = [];
      const result = await client.callTool({ name: 'climbs' }, { onprogress: progress => void heard.push(progress) });
      assert.equal(textOf(result), 'up');
      assert.deepEqual(
        heard,
        [1, 2, 3].map(step => ({ progress: step, total: 3, message: `step ${step}` })),
      );
    });

    test('gives up when told so, with the reason that was given, and goes on', async () => {
      const leaving = new AbortController();
      const reason = new Error('no longer wanted');
      const call = client.callTool({ name: 'wait' }, { signal: leaving.signal });
      setTimeout(() => leaving.abort(reason), 20);
      await assert.rejects(call, error => error === reason);
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'on' } })), 'on');
    });

    test('gives up when time is over, and goes on', async () => {
      await assert.rejects(client.callTool({ name: 'wait' }, { timeout: 30 }), { code: 'SLIP_SERVER_TIMEOUT' });
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'on' } })), 'on');
    });

    test('makes many calls at once', async () => {
      const numbers = Array.from({ length: 30 }, (_, number) => `${number}`);
      const results = await Promise.all(numbers.map(text => client.callTool({ name: 'echo', arguments: { text } })));
      assert.deepEqual(results.map(textOf), numbers);
    });

    const cannot = place.asks ? false : 'this server keeps nothing between requests, so it can not ask';
    test('is asked in the middle of a call, and answers', { skip: cannot }, async () => {
      const asked: string[] = [];
      elicit = ({ message }) => {
        asked.push(message);
        return { action: 'accept', content: { city: 'Lima' } };
      };
      const result = await client.callTool({ name: 'ship', arguments: { item: 'mug' } });
      assert.equal(textOf(result), 'mug to Lima (asked about mug)');
      assert.deepEqual(asked, ['Where to with mug?']);
    });

    test('declines, which is an answer too', { skip: cannot }, async () => {
      elicit = () => ({ action: 'decline' });
      assert.equal(textOf(await client.callTool({ name: 'ship', arguments: { item: 'mug' } })), 'mug to nowhere');
    });

    test('without a handler it says so, and the call fails; closing ends what is awaited', async () => {
      const silent = await clientAt(place, closing);
      const failed = await silent.callTool({ name: 'ship', arguments: { item: 'mug' } }).then(
        ({ isError }) => isError === true,
        () => true,
      );
      assert.equal(failed, true);
      const call = silent.callTool({ name: 'wait' });
      const ended = assert.rejects(call, { code: 'SLIP_CLIENT_STATE' });
      await silent.close();
      await ended;
      await assert.rejects(silent.listTools(), { code: 'SLIP_CLIENT_STATE' });
      await silent.close();
    });
  });
}
