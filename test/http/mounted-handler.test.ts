/** `createMcpHandler` inside a node:http server of the author's own: limits per mount, checks called by hand, bridging. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import {
  createMcpHandler,
  hostHeaderValidation,
  isLegacyRequest,
  McpServer,
  type NodeMcpRequestHandler,
  originValidation,
  SlipwayError,
  toNodeHandler,
} from 'slipway';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly result?: object; readonly error?: { readonly data?: { readonly code?: string } } };
}

const CALL = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'sent' } };

function pinned(): McpServer {
  const server = new McpServer({ name: 'mounted', version: '1.0.0' }, { capabilities: { logging: {} } });
  server.registerTool('sent', {}, async () => {
    const { transport } = server.server;
    const params = { level: 'info', data: 'by the transport' };
    await transport?.send({ jsonrpc: '2.0', method: 'notifications/message', params });
    const refused = await transport?.send({ jsonrpc: '2.0', id: 1, method: 'ping' }).catch(() => 'refused');
    return `${refused} ${server.isConnected()}`;
  });
  return server;
}

async function mounted(t: TestContext, handle: NodeMcpRequestHandler): Promise<number> {
  const http = createServer((incoming, response) => void handle(incoming, response));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  t.after(() => http.close());
  return (http.address() as AddressInfo).port;
}

function post(port: number, body: string, headers: Record<string, string> = {}, chunked = false): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(chunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(Buffer.byteLength(body)) }),
        ...headers,
      },
    });
    outgoing.on('error', reject).on('response', async response => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      const json = text.startsWith('{') ? text : (/^data: (.*"(?:result|error)".*)$/m.exec(text)?.[1] ?? '{}');
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(json) });
    });
    outgoing.end(body);
  });
}

const large = JSON.stringify({ ...CALL, params: { ...CALL.params, pad: 'x'.repeat(500) } });

test('a limit belongs to its mount, however the body is sent', async t => {
  const handler = createMcpHandler(pinned);
  t.after(() => handler.close());
  const tight = await mounted(t, toNodeHandler(handler, { maxRequestBodySize: 300 }));
  const wide = await mounted(t, toNodeHandler(handler));
  for (const chunked of [false, true]) {
    const refused = await post(tight, large, {}, chunked);
    assert.equal(refused.status, 413, `chunked ${chunked}`);
    assert.equal(refused.body.error?.data?.code, 'SLIP_BODY_TOO_LARGE');
    assert.equal((await post(tight, JSON.stringify(CALL), {}, chunked)).status, 200);
    assert.equal((await post(wide, large, {}, chunked)).status, 200);
  }
  assert.throws(() => toNodeHandler(handler, { maxRequestBodySize: 0 }), RangeError);
});

test('what a check called by hand has let pass is not refused again, and nothing else is let in', async t => {
  const handler = createMcpHandler(pinned);
  t.after(() => handler.close());
  const serve = toNodeHandler(handler);
  const host = hostHeaderValidation(['mcp.example']);
  const origin = originValidation(['app.example']);
  const guarded = await mounted(t, async (incoming, response) => {
    const node = [incoming, response] as unknown as Parameters<typeof host>;
    if (host(...node) && origin(...node)) await serve(incoming, response);
  });
  const open = await mounted(t, serve);
  const from = { host: 'mcp.example', origin: 'https://app.example' };
  assert.equal((await post(guarded, JSON.stringify(CALL), from)).status, 200);
  assert.equal((await post(guarded, JSON.stringify(CALL), { ...from, host: 'evil.example' })).status, 403);
  assert.equal((await post(guarded, JSON.stringify(CALL), { ...from, origin: 'https://evil.example' })).status, 403);
  const unproven = await post(open, JSON.stringify(CALL), from);
  assert.equal(unproven.body.error?.data?.code, 'SLIP_HOST_REFUSED');
  const page = await post(open, JSON.stringify(CALL), { origin: 'https://app.example' });
  assert.equal(page.body.error?.data?.code, 'SLIP_ORIGIN_REFUSED');
});

test('any object with a fetch is bridged, failures included', async t => {
  const handler = createMcpHandler(pinned);
  const errors: Error[] = [];
  const routed = {
    fetch: async (web: Request) =>
      (await isLegacyRequest(web)) ? handler.fetch(web) : new Response('modern', { status: 418 }),
  };
  const port = await mounted(t, toNodeHandler(routed, { onerror: error => errors.push(error) }));
  const answer = await post(port, JSON.stringify(CALL));
  assert.deepEqual(answer.body.result, { content: [{ type: 'text', text: 'refused true' }] });
  assert.equal(answer.headers['content-type'], 'text/event-stream');
  await handler.close();
  assert.equal((await post(port, JSON.stringify(CALL))).status, 500);
  assert.ok(errors[0] instanceof SlipwayError);
  assert.equal(errors[0].code, 'SLIP_STOPPING');
});

test('a factory is asked again once its author says that a list changed', async t => {
  let made = 0;
  const handler = createMcpHandler(() => {
    made++;
    return pinned();
  });
  t.after(() => handler.close());
  const port = await mounted(t, toNodeHandler(handler));
  for (let count = 0; count < 3; count++) await post(port, JSON.stringify(CALL));
  assert.equal(made, 1);
  handler.notify.resourceUpdated('a://b');
  await post(port, JSON.stringify(CALL));
  assert.equal(made, 1);
  handler.notify.toolsChanged();
  await Promise.all([post(port, JSON.stringify(CALL)), post(port, JSON.stringify(CALL))]);
  assert.equal(made, 2);
});
