import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMcpHandler, McpServer, silentLogger } from 'slipway';
import { answerIn, callTool, legacy, modern } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

function serverSaying(text: () => string): McpServer {
  const server = new McpServer({ name: 'made', version: '1.0.0' }, { logger: silentLogger });
  server.registerTool('say', {}, text);
  return server;
}

const say = async (url: string) => (await callTool(url, 'say')).result.content[0].text;

test('a factory that ignores its context is called once, and its server is shared', async t => {
  let made = 0;
  let calls = 0;
  const { url } = await serving(t, () => {
    made++;
    return serverSaying(() => `call ${++calls}`);
  });
  assert.deepEqual([await say(url), await say(url), await say(url)], ['call 1', 'call 2', 'call 3']);
  assert.equal(made, 1);
});

test('first requests that come together wait for one call of the factory', async t => {
  let made = 0;
  const { url } = await serving(t, async () => {
    made++;
    await new Promise(resolve => setTimeout(resolve, 30));
    return serverSaying(() => 'shared');
  });
  const answers = await Promise.all(Array.from({ length: 10 }, () => say(url)));
  assert.deepEqual(new Set(answers), new Set(['shared']));
  assert.equal(made, 1);
});

test('a factory that reads its context is called for every request', async t => {
  const eras: string[] = [];
  const { url } = await serving(t, ctx => {
    eras.push(ctx.era);
    return serverSaying(() => `${eras.length}`);
  });
  assert.deepEqual([await say(url), await say(url)], ['1', '2']);
  const { headers, body } = legacy('tools/call', { name: 'say' });
  await (await fetch(url, { method: 'POST', headers, body })).text();
  assert.deepEqual(eras, ['modern', 'modern', 'legacy']);
});

test('first requests that come together each get the server made for them', async t => {
  const { url } = await serving(t, async ({ requestInfo }) => {
    const who = requestInfo?.headers.get('x-who') ?? 'nobody';
    await new Promise(resolve => setTimeout(resolve, 20));
    return serverSaying(() => who);
  });
  const names = Array.from({ length: 10 }, (_, n) => `caller ${n}`);
  const answers = await Promise.all(
    names.map(async name => (await callTool(url, 'say', {}, { headers: { 'x-who': name } })).result.content[0].text),
  );
  assert.deepEqual(answers, names);
});

test('a context that is read only while a tool runs is never that of somebody else', async t => {
  const handler = createMcpHandler(ctx => serverSaying(() => ctx.authInfo?.clientId ?? 'nobody'));
  t.after(() => handler.close());
  const as = async (clientId: string) => {
    const message = modern('tools/call', { name: 'say' });
    const request = new Request('http://localhost/mcp', { method: 'POST', ...message });
    const response = await handler.fetch(request, { authInfo: { token: 't', clientId, scopes: [] } });
    return (await answerIn(response)).result.content[0].text;
  };
  assert.deepEqual([await as('ada'), await as('bob'), await as('ada')], ['ada', 'bob', 'ada']);
});

test('a factory that fails is answered 500 without its message, and is asked again', async t => {
  let made = 0;
  const errors: Error[] = [];
  const { url } = await serving(
    t,
    () => {
      if (++made === 1) throw new Error('password=hunter2');
      return serverSaying(() => 'recovered');
    },
    { logger: silentLogger, onerror: error => errors.push(error) },
  );
  const { headers, body } = modern('tools/call', { name: 'say' }, { id: 'first' });
  const failed = await fetch(url, { method: 'POST', headers, body });
  assert.equal(failed.status, 500);
  const text = await failed.text();
  assert.doesNotMatch(text, /hunter2/);
  assert.equal(JSON.parse(text).id, 'first');
  assert.equal(JSON.parse(text).error.code, -32603);
  assert.equal(await say(url), 'recovered');
  assert.deepEqual(
    errors.map(({ message }) => message),
    ['password=hunter2'],
  );
});
