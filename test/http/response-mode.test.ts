import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer, type ResponseMode } from 'slipway';
import { answerIn, legacy, modern, type Prepared, send } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

async function served(t: TestContext, responseMode?: ResponseMode): Promise<string> {
  const server = new McpServer({ name: 'modes', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('quiet', {}, () => 'quiet');
  server.registerTool('telling', {}, async ctx => {
    await ctx.mcpReq.log('info', 'told');
    return 'telling';
  });
  return (await serving(t, server, { responseMode })).url;
}

const meta = { 'io.modelcontextprotocol/logLevel': 'debug' };
const call = (name: string, accept?: string | null): Prepared =>
  modern('tools/call', { name }, { meta, headers: accept === undefined ? {} : { accept } });

/** The type of the answer to a call, once it is read and right. */
async function typeOf(url: string, message: Prepared, name: string): Promise<string | null> {
  const response = await send(url, message);
  assert.equal(response.status, 200);
  assert.equal((await answerIn(response)).result.content[0].text, name);
  return response.headers.get('content-type');
}

const JSON_TYPE = 'application/json';
const STREAM = 'text/event-stream';

/** What each mode makes of a quiet and of a telling tool, by what the client accepts. */
const EXPECTED: [ResponseMode | undefined, string | undefined, string, string][] = [
  [undefined, undefined, JSON_TYPE, STREAM],
  ['auto', undefined, JSON_TYPE, STREAM],
  ['auto', '*/*', JSON_TYPE, STREAM],
  ['auto', 'text/event-stream', JSON_TYPE, STREAM],
  ['auto', 'application/json', JSON_TYPE, JSON_TYPE],
  ['auto', 'application/json, text/event-stream;q=0', JSON_TYPE, JSON_TYPE],
  ['json', undefined, JSON_TYPE, JSON_TYPE],
  ['json', 'text/event-stream', JSON_TYPE, JSON_TYPE],
  ['sse', undefined, STREAM, STREAM],
  ['sse', 'application/json', JSON_TYPE, JSON_TYPE],
];

for (const [mode, accept, quiet, telling] of EXPECTED) {
  test(`mode ${mode ?? 'unset'}, Accept ${accept ?? 'of a client'}: ${quiet} and ${telling}`, async t => {
    const url = await served(t, mode);
    assert.equal(await typeOf(url, call('quiet', accept), 'quiet'), quiet);
    assert.equal(await typeOf(url, call('telling', accept), 'telling'), telling);
    const headers: Record<string, string> = accept === undefined ? {} : { accept };
    assert.equal(await typeOf(url, legacy('tools/call', { name: 'quiet' }, { headers }), 'quiet'), quiet);
    assert.equal(await typeOf(url, legacy('tools/call', { name: 'telling' }, { headers }), 'telling'), telling);
  });
}

test('a stream that is sent in one piece has its length, so the connection stays usable', async t => {
  const url = await served(t, 'sse');
  const response = await send(url, call('quiet'));
  const length = Number(response.headers.get('content-length'));
  assert.equal((await response.text()).length, length);
});

test('an error that has an HTTP status of its own is JSON in every mode', async t => {
  const url = await served(t, 'sse');
  const response = await send(url, modern('acme/nope'));
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('content-type'), JSON_TYPE);
  assert.equal((await answerIn(response)).error?.code, -32601);
});

test('a listener can not be answered in JSON: 406 with the reason', async t => {
  const url = await served(t);
  const listen = modern(
    'subscriptions/listen',
    { notifications: {} },
    { id: 'l', headers: { accept: 'application/json' } },
  );
  const response = await send(url, listen);
  assert.equal(response.status, 406);
  assert.equal((await answerIn(response)).id, 'l');
});
