import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, ProtocolError, silentLogger } from 'slipway';
import { z } from 'zod';
import { ask, askLegacy, modern, send } from '../support/mcp-post.ts';
import { eventually, serving } from '../support/serving.ts';

test('a method of one’s own is answered in both eras, its params validated and without the envelope', async t => {
  const server = new McpServer({ name: 'own', version: '1.0.0' });
  const params = z.object({ word: z.string() }).catchall(z.unknown());
  server.server.setRequestHandler('acme/reverse', { params }, input => ({
    input,
    reversed: [...input.word].reverse().join(''),
  }));
  const { url } = await serving(t, server);
  for (const request of [ask, askLegacy]) {
    const { result } = await request(url, 'acme/reverse', { word: 'slip' });
    assert.equal(result.reversed, 'pils');
    assert.deepEqual(result.input, { word: 'slip' });
    assert.equal((await request(url, 'acme/reverse', { word: 1 })).error?.code, -32602);
    assert.equal((await request(url, 'acme/unknown')).error?.code, -32601);
  }
});

test('its errors, notifications and cancellation are those of any method', async t => {
  const server = new McpServer({ name: 'own', version: '1.0.0' }, { logger: silentLogger });
  server.server.setRequestHandler('acme/refuses', { params: z.object({}) }, () => {
    throw new ProtocolError(4242, 'refused', { why: 'test' });
  });
  let cancelled = false;
  let begun = false;
  server.server.setRequestHandler('acme/waits', { params: z.object({}) }, async (_params, ctx) => {
    begun = true;
    await new Promise(resolve => ctx.mcpReq.signal.addEventListener('abort', resolve, { once: true }));
    cancelled = true;
    return {};
  });
  const { url } = await serving(t, server);
  assert.deepEqual((await ask(url, 'acme/refuses')).error, { code: 4242, message: 'refused', data: { why: 'test' } });
  const leaving = new AbortController();
  const left = send(url, modern('acme/waits'), leaving.signal);
  await eventually(() => begun);
  leaving.abort();
  await assert.rejects(left);
  await eventually(() => cancelled);
});

test('a notification of one’s own is heard and answered 202; one that breaks harms nothing', async t => {
  const server = new McpServer({ name: 'own', version: '1.0.0' });
  const heard: unknown[] = [];
  const errors: string[] = [];
  server.server.onerror = error => errors.push(error.message);
  server.server.setNotificationHandler('notifications/acme', { params: z.object({ n: z.number() }) }, ({ n }) => {
    if (n < 0) throw new Error('negative');
    heard.push(n);
  });
  server.server.oninitialized = () => {
    throw new Error('initialized badly');
  };
  const { url } = await serving(t, server);
  const tell = async (method: string, params: object) => {
    const { headers } = modern('tools/list');
    const { 'mcp-method': _method, 'mcp-protocol-version': _version, ...rest } = headers;
    const body = JSON.stringify({ jsonrpc: '2.0', method, params });
    const response = await send(url, { headers: rest, body });
    assert.equal(await response.text(), '');
    return response.status;
  };
  assert.equal(await tell('notifications/acme', { n: 1 }), 202);
  await eventually(() => heard.length === 1);
  assert.equal(await tell('notifications/acme', { n: -1 }), 202);
  await eventually(() => errors.some(message => message.includes('negative')));
  assert.equal(await tell('notifications/initialized', {}), 202);
  assert.equal(await tell('notifications/acme', { n: 2 }), 202);
  await eventually(() => heard.length === 2);
});
