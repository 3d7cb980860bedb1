import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMcpHandler, McpServer, type McpServerFactory } from 'slipway';
import { type Fetch, SessionClient } from '../support/session-client.ts';
import { onEachDriver, SECRET } from '../support/state-place.ts';

function made(name: string): McpServer {
  const server = new McpServer({ name, version: '1.0.0' }, { secrets: [SECRET], capabilities: { logging: {} } });
  server.registerTool('ask', {}, async ctx => {
    const { content } = await ctx.mcpReq.elicitInput({
      message: `${name} asks`,
      requestedSchema: { type: 'object', properties: { word: { type: 'string' } } },
    });
    return `${name}: ${content?.['word']}`;
  });
  return server;
}

const looksAtItsRequest: McpServerFactory = ctx => made(`for the ${ctx.era} era`);
const looksAtNothing: McpServerFactory = () => made('for all');

for (const [what, factory, name] of [
  ['that is called once', looksAtNothing, 'for all'],
  ['that is called for every request', looksAtItsRequest, 'for the legacy era'],
] as const) {
  onEachDriver(`a factory ${what} has sessions, streams and questions`, async (_t, place) => {
    const { url } = await place.serve(factory);
    const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
    const stream = await client.stream('ask');
    const question = await stream.message();
    assert.equal(question.params.message, `${name} asks`);
    const after = stream.lastId;
    await stream.cut();
    const rest = await client.open(after);
    assert.equal(await client.answer(question.id, { action: 'accept', content: { word: 'yes' } }), 202);
    assert.equal((await rest.message()).result.content[0].text, `${name}: yes`);
    const listening = await client.open();
    await listening.next();
    assert.equal((await client.delete()).status, 204);
    assert.deepEqual(await listening.rest(), []);
    assert.equal((await client.send('tools/list')).status, 404);
  });
}

test('changes announced by a handler around a factory reach the sessions', async t => {
  const handler = createMcpHandler(looksAtItsRequest, { sessions: 'optional' });
  t.after(() => handler.close());
  const fetch: Fetch = (url, init) => handler.fetch(new Request(url, init));
  const client = await SessionClient.begin('http://localhost/mcp', { fetch });
  const stream = await client.open();
  await stream.next();
  handler.notify.toolsChanged();
  assert.equal((await stream.message()).method, 'notifications/tools/list_changed');
  await stream.cut();
});
