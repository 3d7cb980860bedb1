import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, serve, silentLogger } from 'slipway';
import { callTool, modern, send } from '../support/mcp-post.ts';

test('calls whose clients left and whose handlers never end give their places back when their time is up', async () => {
  const server = new McpServer({ name: 'places', version: '1' }, { logger: silentLogger });
  server.registerTool('never', {}, async ctx => {
    void ctx.mcpReq.signal;
    await new Promise(() => {});
  });
  server.registerTool('ok', {}, () => 'ok');
  const places = 3;
  const { url, close } = await serve(server, { port: 0, maxConcurrentRequests: places, requestTimeoutMs: 300 });
  const controller = new AbortController();
  const left = Array.from({ length: places }, () =>
    send(url, modern('tools/call', { name: 'never' }), controller.signal),
  );
  await new Promise(resolve => setTimeout(resolve, 100));
  controller.abort();
  await Promise.allSettled(left);
  const full = await send(url, modern('tools/call', { name: 'ok' }));
  assert.equal(full.status, 503, 'positive control: the places are taken');
  assert.equal(full.headers.get('retry-after'), '1');
  await new Promise(resolve => setTimeout(resolve, 700));
  const { result } = await callTool(url, 'ok');
  assert.deepEqual((result as { content: unknown }).content, [{ type: 'text', text: 'ok' }]);
  await close({ graceMs: 100 });
});
