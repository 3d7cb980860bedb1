/** Who gets a place among the open streams, and who gives it back. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { eventually, serving } from '../support/serving.ts';
import { refusalOf, SessionClient } from '../support/session-client.ts';
import { onEachDriver } from '../support/state-place.ts';

const text = (value: string) => ({ content: [{ type: 'text' as const, text: value }] });

function server(): McpServer {
  const made = new McpServer({ name: 'places', version: '1.0.0' }, { capabilities: { logging: {} } });
  made.registerTool('slow', {}, async ctx => {
    for (let n = 0; n < 20; n++) {
      await ctx.mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data: n } });
      await new Promise(resolve => setTimeout(resolve, 20));
    }
    return text('done');
  });
  made.registerTool('ask', {}, async ctx => {
    const asked = ctx.mcpReq.elicitInput({ message: '?', requestedSchema: { type: 'object', properties: {} } });
    return text(
      await asked.then(
        () => 'answered',
        error => `failed: ${(error as Error).message}`,
      ),
    );
  });
  return made;
}

onEachDriver('at the limit, a session takes over its own stream, and cut calls are read on', async (_t, place) => {
  const { url } = await place.serve(server(), { maxSubscriptions: 1 });
  const holder = await SessionClient.begin(url);
  const other = await SessionClient.begin(url);
  const held = await holder.open();
  await held.next();
  assert.deepEqual(await refusalOf(await other.get()), [503, 'SLIP_STREAM_LIMIT'], 'a stranger has to wait');
  const call = await other.stream('slow');
  await call.message();
  const id = call.lastId!;
  await call.cut();
  const resumed = await other.open(id);
  assert.equal((await resumed.messages()).at(-1).result.content[0].text, 'done');
  const again = await holder.open();
  await again.next();
  await held.rest();
  await again.cut();
});

test('a GET whose client leaves while the server is being made gives its place back', async t => {
  const factory = async (context: { era: string }) => {
    assert.equal(typeof context.era, 'string');
    await new Promise(resolve => setTimeout(resolve, 50));
    return server();
  };
  const { url } = await serving(t, factory, { maxSubscriptions: 3 });
  const client = await SessionClient.begin(url);
  for (let n = 0; n < 6; n++) {
    const leaving = new AbortController();
    const headers = { accept: 'text/event-stream', 'mcp-session-id': client.sessionId };
    const get = fetch(url, { headers, signal: leaving.signal });
    setTimeout(() => leaving.abort(), 10);
    await assert.rejects(get);
  }
  await new Promise(resolve => setTimeout(resolve, 150));
  const stream = await client.open();
  await stream.next();
  await stream.cut();
});

onEachDriver('no stream outlives its session', async (_t, place) => {
  const made = server();
  const { url } = await place.serve(made, { sessionTtlMs: 700, keepAliveMs: 0 });
  const client = await SessionClient.begin(url);
  const stream = await client.open();
  await stream.next();
  assert.equal(stream.over, false);
  await stream.rest();
  assert.equal((await client.send('tools/list')).status, 404);
});

onEachDriver('DELETE ends the streams of its calls that are read on, and fails open questions', async (_t, place) => {
  const { url } = await place.serve(server());
  const client = await SessionClient.begin(url, { capabilities: { elicitation: {} } });
  const call = await client.stream('slow');
  await call.message();
  const id = call.lastId!;
  await call.cut();
  const resumed = await client.open(id);
  await resumed.next();
  const question = await client.stream('ask');
  assert.equal((await question.message()).method, 'elicitation/create');
  assert.equal((await client.delete()).status, 204);
  assert.equal((await resumed.messages()).at(-1)?.result, undefined, 'it does not get to the end');
  const [withdrawn, answer] = await question.messages();
  assert.equal(withdrawn.method, 'notifications/cancelled');
  assert.match(answer.result.content[0].text, /^failed: .*ended/);
});

test('GET and DELETE with a revision that is not served are 400', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  for (const method of ['GET', 'DELETE']) {
    const headers = { accept: 'text/event-stream', 'mcp-session-id': client.sessionId };
    const refused = await fetch(url, { method, headers: { ...headers, 'mcp-protocol-version': '1999-01-01' } });
    assert.equal(refused.status, 400, method);
    assert.equal(((await refused.json()) as { error: { code: number } }).error.code, -32022, method);
  }
  assert.equal((await client.send('tools/list')).status, 200, 'the session lives on');
});

test('a call whose id is too long to be named in an event id has a stream without ids', async t => {
  const { url } = await serving(t, server());
  const client = await SessionClient.begin(url);
  const body = (id: string) =>
    JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'slow', arguments: {} } });
  const long = await (await client.post(body('x'.repeat(2_000)))).text();
  assert.doesNotMatch(long, /^id:/m);
  assert.match(long, /"text":"done"/);
  assert.match(await (await client.post(body('x'.repeat(1_000)))).text(), /^id:/m);
});

test('a log that comes after the answer, to a store that is gone, is nobody’s end', async t => {
  const made = new McpServer({ name: 'late', version: '1.0.0' }, { capabilities: { logging: {} } });
  const faults: Error[] = [];
  let logged = 0;
  made.registerTool('late', {}, () => {
    setTimeout(() => {
      logged++;
      void made.server.sendLoggingMessage({ level: 'info', data: 'late' });
    }, 50);
    return text('now');
  });
  const place = await failingBus();
  const { url } = await serving(t, made, { state: place, onerror: error => faults.push(error) });
  const client = await SessionClient.begin(url);
  await client.call('late');
  await eventually(() => logged === 1 && faults.length > 0);
  assert.match(faults[0]!.message, /SLIP_STORE_UNAVAILABLE/);
});

/** A state whose bus takes nothing. */
async function failingBus() {
  const { memoryState } = await import('../../src/state/memory/state.ts');
  const { SlipwayError } = await import('slipway');
  const state = memoryState();
  const fail = async (): Promise<string> => {
    throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'it is gone' });
  };
  const bus = {
    publish: fail,
    subscribe: state.bus.subscribe.bind(state.bus),
    read: state.bus.read.bind(state.bus),
    cursor: state.bus.cursor,
  };
  return { ...state, bus };
}
