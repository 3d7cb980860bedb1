import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Fastify, { type FastifyInstance } from 'fastify';
import { createMcpHandler, type McpHttpHandler } from 'slipway';
import { answerIn, modern, send } from '../support/mcp-post.ts';
import { FrameworkServer } from './framework-server.ts';
import { assertRefuses, assertServes } from './mounted-behaviour.ts';

async function mounted(
  t: TestContext,
  mount: (app: FastifyInstance, handler: McpHttpHandler) => void,
): Promise<{ url: string; server: FrameworkServer }> {
  const server = new FrameworkServer();
  const handler = createMcpHandler(server.mcp);
  const app = Fastify();
  mount(app, handler);
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  t.after(async () => {
    await handler.close();
    app.server.closeAllConnections();
    await app.close();
  });
  return { url, server };
}

test('with the body that Fastify parsed', async t => {
  const { url, server } = await mounted(t, (app, handler) => {
    app.all('/mcp', (request, reply) => {
      reply.hijack();
      handler.node(request.raw, reply.raw, request.body);
    });
  });
  await assertServes(`${url}/mcp`, server);
});

test('with the raw request, which no parser has touched', async t => {
  const { url, server } = await mounted(t, (app, handler) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.all('/*', (request, reply) => {
      reply.hijack();
      handler.node(request.raw, reply.raw);
    });
  });
  for (const path of ['/', '/mcp', '/mcp/']) await assertServes(url + path, server);
  await assertRefuses(`${url}/mcp`);
  assert.equal((await fetch(`${url}/.well-known/oauth-protected-resource`)).status, 404);
});

test('a body of JSON null is refused, not waited for', async t => {
  const { url } = await mounted(t, (app, handler) => {
    app.post('/mcp', (request, reply) => {
      reply.hijack();
      handler.node(request.raw, reply.raw, request.body);
    });
  });
  const { headers } = modern('tools/list');
  const response = await send(`${url}/mcp`, { headers, body: 'null' }, AbortSignal.timeout(2000));
  assert.equal(response.status, 400);
  assert.equal((await answerIn(response)).error?.code, -32600);
});
