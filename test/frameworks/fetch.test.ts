import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type CreateMcpHandlerOptions, createMcpHandler, type McpHttpHandler, McpServer } from 'slipway';
import { OpenStream } from '../support/event-stream.ts';
import { answerIn, legacy, modern, type Prepared } from '../support/mcp-post.ts';
import { eventually } from '../support/serving.ts';
import { FrameworkServer } from './framework-server.ts';

const URL = 'http://localhost/mcp';

function served(
  t: TestContext,
  options: CreateMcpHandlerOptions = {},
): { server: FrameworkServer; handler: McpHttpHandler } {
  const server = new FrameworkServer();
  const handler = createMcpHandler(server.mcp, options);
  t.after(() => handler.close());
  return { server, handler };
}

const web = ({ headers, body }: Prepared, init: RequestInit = {}) =>
  new Request(URL, { method: 'POST', headers, body, ...init });
const echo = (text: string) => modern('tools/call', { name: 'echo', arguments: { text } });

test('a call of either era gets JSON with its length', async t => {
  const { handler } = served(t);
  for (const message of [echo('grüße'), legacy('tools/call', { name: 'echo', arguments: { text: 'grüße' } })]) {
    const response = await handler.fetch(web(message));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const length = Number(response.headers.get('content-length'));
    const text = await response.text();
    assert.equal(Buffer.byteLength(text), length);
    assert.equal(JSON.parse(text).result.content[0].text, 'grüße');
  }
});

test('fetch may be detached from its handler', async t => {
  const { fetch } = served(t).handler;
  assert.equal((await answerIn(await fetch(web(echo('alone'))))).result.content[0].text, 'alone');
});

test('a handler that notifies makes the answer a stream, which begins before the handler ends', async t => {
  const { server, handler } = served(t);
  let finish = () => {};
  const finished = new Promise<void>(resolve => {
    finish = resolve;
  });
  server.mcp.registerTool('half', {}, async ctx => {
    await ctx.mcpReq.log('info', 'begun');
    await finished;
    return 'ended';
  });
  const meta = { 'io.modelcontextprotocol/logLevel': 'debug' };
  const response = await handler.fetch(web(modern('tools/call', { name: 'half' }, { meta })));
  assert.equal(response.headers.get('content-type'), 'text/event-stream');
  const stream = new OpenStream(response);
  assert.equal((await stream.next()).params.data, 'begun');
  finish();
  assert.equal((await stream.next()).result.content[0].text, 'ended');
  assert.equal(await stream.next(), undefined);
});

test('a listener hears changes; when it cancels its place is free again', async t => {
  const { server, handler } = served(t, { maxSubscriptions: 1 });
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  for (let round = 0; round < 3; round++) {
    const stream = new OpenStream(await handler.fetch(web(listen)));
    assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
    server.mcp.sendToolListChanged();
    assert.equal((await stream.next()).method, 'notifications/tools/list_changed');
    await stream.cancel();
  }
});

test('a listener whose host aborts the request frees its place', async t => {
  const { handler } = served(t, { maxSubscriptions: 1 });
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  for (let round = 0; round < 3; round++) {
    const leaving = new AbortController();
    const stream = new OpenStream(await handler.fetch(web(listen, { signal: leaving.signal })));
    assert.equal((await stream.next()).method, 'notifications/subscriptions/acknowledged');
    leaving.abort();
  }
});

test('a listener that does not read is cut off and frees its place', async t => {
  const { handler } = served(t, { maxSubscriptions: 1, maxBufferedBytes: 2000 });
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } });
  const slow = await handler.fetch(web(listen));
  for (let count = 0; count < 100; count++) handler.notify.toolsChanged();
  const next = new OpenStream(await handler.fetch(web(listen)));
  assert.equal((await next.next()).method, 'notifications/subscriptions/acknowledged');
  await assert.rejects(slow.text(), /does not keep up/);
});

test('a request that is aborted while its tool works is cancelled', async t => {
  const { server, handler } = served(t);
  const leaving = new AbortController();
  const answer = handler.fetch(web(modern('tools/call', { name: 'wait' }), { signal: leaving.signal }));
  await eventually(() => server.waiting === 1);
  leaving.abort();
  await eventually(() => server.cancelled === 1);
  assert.equal((await answer).status, 499);
});

test('a request that was aborted before it began is cancelled as well', async t => {
  const { server, handler } = served(t);
  const parsedBody = JSON.parse(modern('tools/call', { name: 'wait' }).body);
  const request = web(modern('tools/call', { name: 'wait' }), { signal: AbortSignal.abort() });
  const answer = handler.fetch(request, { parsedBody });
  await eventually(() => server.cancelled === server.waiting);
  const settled = await Promise.race([answer.then(() => 'settled'), new Promise(resolve => setTimeout(resolve, 1000))]);
  assert.equal(settled, 'settled');
});

test('a handler that awaits is slowed to the pace of its reader and is never cut off', async t => {
  const { server, handler } = served(t, { maxBufferedBytes: 100_000 });
  let sent = 0;
  server.mcp.registerTool('flood', {}, async ctx => {
    for (; sent < 200; sent++) await ctx.mcpReq.log('info', 'x'.repeat(10_000));
    return 'all of it';
  });
  const meta = { 'io.modelcontextprotocol/logLevel': 'debug' };
  const response = await handler.fetch(web(modern('tools/call', { name: 'flood' }, { meta })));
  await new Promise(resolve => setTimeout(resolve, 50));
  assert.ok(sent < 50, `${sent} messages were sent before anything was read`);
  const messages = await new OpenStream(response).rest();
  assert.equal(messages.length, 201);
  assert.equal(messages.at(-1).result.content[0].text, 'all of it');
});

test('a handler that does not await is cut off once its reader is too far behind', async t => {
  const { server, handler } = served(t, { maxBufferedBytes: 100_000 });
  let aborted = false;
  server.mcp.registerTool('flood', {}, async ctx => {
    for (let sent = 0; sent < 200; sent++) void ctx.mcpReq.log('info', 'x'.repeat(10_000));
    aborted = ctx.mcpReq.signal.aborted;
    return 'all of it';
  });
  const meta = { 'io.modelcontextprotocol/logLevel': 'debug' };
  const response = await handler.fetch(web(modern('tools/call', { name: 'flood' }, { meta })));
  await assert.rejects(response.text(), /does not keep up/);
  assert.equal(aborted, true);
});

test('a writer that waits for its reader goes on when the reader leaves', async t => {
  const { server, handler } = served(t, { maxBufferedBytes: 10_000 });
  let ended = false;
  server.mcp.registerTool('flood', {}, async ctx => {
    for (let sent = 0; sent < 100; sent++) await ctx.mcpReq.log('info', 'x'.repeat(6000));
    ended = true;
    return 'all of it';
  });
  const meta = { 'io.modelcontextprotocol/logLevel': 'debug' };
  const response = await handler.fetch(web(modern('tools/call', { name: 'flood' }, { meta })));
  await new Promise(resolve => setTimeout(resolve, 20));
  assert.equal(ended, false);
  await response.body?.cancel();
  await eventually(() => ended);
});

test('the limits of the body hold: announced or not', async t => {
  const { handler } = served(t, { maxBodyBytes: 1000 });
  const large = echo('x'.repeat(2000));
  const announced = { ...large, headers: { ...large.headers, 'content-length': String(large.body.length) } };
  const streamed = new Request(URL, {
    method: 'POST',
    headers: large.headers,
    body: new Blob([large.body]).stream(),
    duplex: 'half',
  } as RequestInit);
  for (const request of [web(announced), streamed]) {
    const response = await handler.fetch(request);
    assert.equal(response.status, 413);
    assert.equal((await answerIn(response)).error?.data?.['code'], 'SLIP_BODY_TOO_LARGE');
  }
  assert.equal((await handler.fetch(web(echo('small')))).status, 200);
});

test('a body that breaks off, or was read already, is answered 400 instead of rejecting', async t => {
  const { handler } = served(t);
  const broken = new Request(URL, {
    method: 'POST',
    headers: echo('x').headers,
    body: new ReadableStream({ pull: controller => controller.error(new Error('broken off')) }),
    duplex: 'half',
  } as RequestInit);
  assert.equal((await handler.fetch(broken)).status, 400);
  const used = web(echo('x'));
  await used.text();
  assert.equal((await handler.fetch(used)).status, 400);
});

test('a parsed body and a validated token may be handed over', async t => {
  const { handler } = served(t);
  const message = modern('tools/call', { name: 'whoami' });
  const parsedBody = JSON.parse(message.body);
  const authInfo = { token: 'secret', clientId: 'ada', scopes: [] };
  const request = new Request(URL, { method: 'POST', headers: message.headers });
  assert.equal((await answerIn(await handler.fetch(request, { parsedBody, authInfo }))).result.content[0].text, 'ada');
});

test('reserved paths are 404, other methods 405', async t => {
  const { handler } = served(t);
  const discovery = await handler.fetch(new Request('http://localhost/.well-known/oauth-protected-resource'));
  assert.equal(discovery.status, 404);
  const get = await handler.fetch(new Request(URL));
  assert.equal(get.status, 405);
  assert.equal(get.headers.get('allow'), 'POST, OPTIONS');
});

test('after close() listeners are complete and fetch rejects', async () => {
  const server = new McpServer({ name: 'closing', version: '1.0.0' });
  server.registerTool('any', {}, () => 'any');
  const handler = createMcpHandler(server);
  const listen = modern('subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: 'l' });
  const stream = new OpenStream(await handler.fetch(web(listen)));
  await stream.next();
  await handler.close();
  assert.equal((await stream.next()).result.resultType, 'complete');
  assert.equal(await stream.next(), undefined);
  await assert.rejects(handler.fetch(web(modern('tools/list'))), { code: 'SLIP_STOPPING' });
});
