import assert from 'node:assert/strict';
import { McpServer } from 'slipway';
import { askLegacy } from '../support/mcp-post.ts';
import { messagesIn } from '../support/sent-events.ts';
import { SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

const RETRY_MS = 150;
const PRIMING = { retry: RETRY_MS, data: '' };

interface Polled {
  readonly server: McpServer;
  finish(): void;
}

function polled(): Polled {
  const server = new McpServer(
    { name: 'polled', version: '1.0.0' },
    { secrets: [SECRET], capabilities: { logging: {} } },
  );
  const { promise, resolve } = Promise.withResolvers<void>();
  server.registerTool('close-first', {}, async ctx => {
    ctx.http?.closeSSE?.();
    await promise;
    return 'done';
  });
  server.registerTool('close-later', {}, async ctx => {
    await ctx.mcpReq.log('info', 'before');
    ctx.http?.closeSSE?.();
    await ctx.mcpReq.log('info', 'after');
    ctx.http?.closeSSE?.();
    await promise;
    return 'done';
  });
  server.registerTool('close-in-one-go', {}, ctx => {
    void ctx.mcpReq.log('info', 'before');
    ctx.http?.closeSSE?.();
    void ctx.mcpReq.log('info', 'after');
    return 'done';
  });
  server.registerTool('close-and-ask', {}, async ctx => {
    ctx.http?.closeSSE?.();
    const { action } = await ctx.mcpReq.elicitInput({
      message: 'well?',
      requestedSchema: { type: 'object', properties: {} },
    });
    return action;
  });
  server.registerTool('can-close', {}, ctx => typeof ctx.http?.closeSSE);
  return { server, finish: resolve };
}

const textIn = (messages: { result?: { content: { text: string }[] } }[]) => messages.at(-1)?.result?.content[0]?.text;

onEachDriver(
  'closeSSE before anything was sent: a priming event, a retry time, the end; the rest by GET',
  async (_t, place) => {
    const { server, finish } = polled();
    const { url } = await place.serve(server, { retryMs: RETRY_MS });
    const client = await SessionClient.begin(url);
    const stream = await client.stream('close-first', {}, { id: 'polled' });
    const [{ id, ...priming } = {}, ...more] = await stream.rest();
    assert.deepEqual(priming, PRIMING);
    assert.deepEqual(more, [{ retry: RETRY_MS }]);
    const again = await client.open(id);
    finish();
    const messages = await again.messages();
    assert.equal(messages.length, 1);
    assert.equal(messages[0].id, 'polled');
    assert.equal(textIn(messages), 'done');
  },
);

onEachDriver(
  'closeSSE after a message: the client comes back for what follows it, in time or late',
  async (_t, place) => {
    const { server, finish } = polled();
    const { url } = await place.serve(server, { retryMs: RETRY_MS });
    const client = await SessionClient.begin(url);
    const stream = await client.stream('close-later');
    const events = await stream.rest();
    assert.deepEqual(
      messagesIn(events).map(({ params }) => params.data),
      ['before'],
    );
    const last = events.findLast(({ id }) => id !== undefined)!.id;
    const again = await client.open(last);
    assert.equal((await again.message()).params.data, 'after');
    finish();
    assert.equal(textIn(await again.messages()), 'done');
    const late = await (await client.open(last)).messages();
    assert.deepEqual([late[0].params.data, textIn(late)], ['after', 'done']);
  },
);

onEachDriver(
  'closeSSE in the midst of messages that nobody waited for: none is lost, none comes twice',
  async (_t, place) => {
    const { url } = await place.serve(polled().server, { retryMs: RETRY_MS });
    const client = await SessionClient.begin(url);
    const events = await (await client.stream('close-in-one-go')).rest();
    const last = events.findLast(({ id }) => id !== undefined)!.id;
    const response = await client.get({ 'last-event-id': last! });
    assert.equal(response.status, 200);
    const rest = await (await client.open(last)).rest();
    await response.body?.cancel();
    const messages = messagesIn([...events, ...rest]);
    assert.deepEqual(
      messages.map(({ params, result }) => params?.data ?? result.content[0].text),
      ['before', 'after', 'done'],
    );
    assert.deepEqual(events.at(-1), { retry: RETRY_MS }, 'it was ended, not answered, where it was');
  },
);

onEachDriver('a question asked while nobody reads is there when the client comes back', async (_t, place) => {
  const { url } = await place.serve(polled().server, { retryMs: RETRY_MS });
  const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
  const [priming] = await (await client.stream('close-and-ask')).rest();
  const again = await client.open(priming?.id);
  const question = await again.message();
  assert.equal(question.method, 'elicitation/create');
  assert.equal(await client.answer(question.id, { action: 'decline' }), 202);
  assert.equal(textIn(await again.messages()), 'decline');
});

onEachDriver('closeSSE is offered where the client can come back, and only there', async (_t, place) => {
  const { url } = await place.serve(polled().server);
  const offered = async (version: string, accept?: string) => {
    const client = await SessionClient.begin(url, { version });
    return textIn([await client.call('can-close', {}, accept === undefined ? {} : { headers: { accept } })]);
  };
  assert.equal(await offered('2025-11-25'), 'function');
  assert.equal(await offered('2025-06-18'), 'undefined', 'it would take the end for a loss');
  assert.equal(await offered('2025-11-25', 'application/json'), 'undefined');
  assert.equal(textIn([await askLegacy(url, 'tools/call', { name: 'can-close' })]), 'undefined', 'without a session');
});
