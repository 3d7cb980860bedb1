import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
// @ts-expect-error: Express brings no types
import untypedExpress from 'express';
import { createMcpHandler, type McpHttpHandler, type NodeHandler, toNodeHandler } from 'slipway';
import { answerIn, callTool, modern, send } from '../support/mcp-post.ts';
import { FrameworkServer } from './framework-server.ts';
import { assertRefuses, assertServes, listeningWith } from './mounted-behaviour.ts';

type Listener = (request: IncomingMessage & { body?: unknown }, response: ServerResponse, next: () => void) => void;

/** As much of Express as is used here. */
interface Express {
  (request: IncomingMessage, response: ServerResponse): void;
  use(path: string, listener: NodeHandler): void;
  use(listener: Listener): void;
  use(listener: NodeHandler): void;
  get(path: string, listener: Listener): void;
  post(path: string, listener: Listener): void;
  all(path: string, listener: Listener): void;
}

const express = untypedExpress as { (): Express; json(): Listener };

/** An Express app around a handler; gives the base URL. */
async function mounted(
  t: TestContext,
  mount: (app: Express, handler: McpHttpHandler) => void,
): Promise<{ url: string; server: FrameworkServer }> {
  const server = new FrameworkServer();
  const handler = createMcpHandler(server.mcp, { maxBodyBytes: 10_000 });
  t.after(() => handler.close());
  const app = express();
  mount(app, handler);
  return { url: await listeningWith(t, app), server };
}

test('as a middleware at the root, without a body parser', async t => {
  const { url, server } = await mounted(t, (app, handler) => app.use(handler.node));
  for (const path of ['/', '/mcp', '/mcp/', '/anything?x=1']) await assertServes(url + path, server);
  await assertRefuses(`${url}/mcp`);
});

test('as a middleware at /mcp, next to routes of the app', async t => {
  const { url, server } = await mounted(t, (app, handler) => {
    app.get('/', (_request, response) => void response.end('the app'));
    app.use('/mcp', handler.node);
  });
  for (const path of ['/mcp', '/mcp/']) await assertServes(url + path, server);
  await assertRefuses(`${url}/mcp`);
  assert.equal(await (await fetch(url)).text(), 'the app');
  assert.equal((await fetch(`${url}/elsewhere`, { method: 'POST' })).status, 404);
});

test('behind express.json(), which has read the body already', async t => {
  const { url, server } = await mounted(t, (app, handler) => {
    app.use(express.json());
    app.use('/mcp', handler.node);
    app.post('/', (request, response) => handler.node(request, response, request.body));
  });
  for (const path of ['/mcp', '/']) await assertServes(url + path, server);
  await assertRefuses(`${url}/mcp`);
});

test('behind express.json(), which makes {} of an empty body, that is refused', async t => {
  const { url } = await mounted(t, (app, handler) => {
    app.use(express.json());
    app.use(handler.node);
  });
  const { headers } = modern('tools/list');
  const response = await send(url, { headers, body: '' });
  assert.equal(response.status, 400);
  assert.equal((await answerIn(response)).error?.code, -32600);
});

test('behind something that has read the body and left nothing, the request is answered', async t => {
  const { url } = await mounted(t, (app, handler) => {
    app.use((request, _response, next) => {
      request.resume();
      request.on('end', () => setImmediate(next));
    });
    app.use(handler.node);
  });
  const response = await send(url, modern('tools/list'), AbortSignal.timeout(2000));
  assert.equal(response.status, 400);
  assert.equal((await answerIn(response)).error?.code, -32700);
});

test('a token that a middleware validated reaches the tools', async t => {
  const { url } = await mounted(t, (app, handler) => {
    app.use((request, _response, next) => {
      const auth = { token: 'secret', clientId: 'ada', scopes: [] };
      if (request.headers.authorization === 'Bearer secret') Object.assign(request, { auth });
      next();
    });
    app.use(handler.node);
  });
  const known = await callTool(url, 'whoami', {}, { headers: { authorization: 'Bearer secret' } });
  assert.equal(known.result.content[0].text, 'ada');
  assert.equal((await callTool(url, 'whoami')).result.content[0].text, 'nobody');
});

test('toNodeHandler() mounts the same', async t => {
  const { url, server } = await mounted(t, (app, handler) => {
    const node = toNodeHandler(handler);
    app.all('/mcp', (request, response) => void node(request, response));
  });
  await assertServes(`${url}/mcp`, server);
});

test('a body beyond the limit is answered 413', async t => {
  const { url } = await mounted(t, (app, handler) => app.use(handler.node));
  const large = modern('tools/call', { name: 'echo', arguments: { text: 'x'.repeat(20_000) } });
  const response = await send(url, large);
  assert.equal(response.status, 413);
  assert.equal((await answerIn(response)).error?.data?.['code'], 'SLIP_BODY_TOO_LARGE');
});

test('a closed handler answers 503', async t => {
  const server = new FrameworkServer();
  const handler = createMcpHandler(server.mcp);
  const app = express();
  app.use(handler.node);
  const url = await listeningWith(t, app);
  await handler.close();
  const response = await send(url, modern('tools/list'));
  assert.equal(response.status, 503);
  assert.equal((await answerIn(response)).error?.data?.['code'], 'SLIP_STOPPING');
});
