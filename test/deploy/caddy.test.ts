// Caddy takes the generated Caddyfile, and passes requests and streams on as they are.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { McpServer, serve, silentLogger } from 'slipway';
import { z } from 'zod';
import { missing } from '../lifecycle/programs.ts';
import { OpenStream } from '../support/event-stream.ts';
import { modern } from '../support/mcp-post.ts';
import { eventually } from '../support/serving.ts';
import { PUBLIC_URL, SERVICE_OPTIONS } from './behind-nginx.ts';
import { CaddySite, judgement } from './caddy-site.ts';
import { Http2Client } from './http2-client.ts';
import { fetchThrough } from './tls-fetch.ts';

class CaddyServer {
  readonly mcp = new McpServer({ name: 'behind-caddy', version: '1.0.0' }, { logger: silentLogger });
  readonly release = Promise.withResolvers<void>();

  constructor() {
    const inputSchema = z.object({ text: z.string() });
    this.mcp.registerTool('echo', { inputSchema }, ({ text }) => `${text.length} letters`);
    this.mcp.registerTool('hold', {}, async ctx => {
      await ctx.mcpReq.progress(1, 2, 'first');
      await this.release.promise;
      return 'done';
    });
    // Not user_id: from 2.11.4 on Caddy drops underscores and dots.
    const mirrored = z.object({ user_id: z.string().meta({ 'x-mcp-header': 'user-id' }) });
    this.mcp.registerTool('mirrored', { inputSchema: mirrored }, ({ user_id }, { http }) => {
      return `${user_id} ${new URL(http!.req!.url).origin} ${http!.req!.headers.get('x-request-id')}`;
    });
  }
}

async function begin(t: TestContext) {
  const server = new CaddyServer();
  const running = await serve(server.mcp, { port: 0, logger: silentLogger, ...SERVICE_OPTIONS });
  t.after(() => running.close({ graceMs: 0, lameDuckMs: 0 }));
  t.after(() => server.release.resolve());
  const site = await CaddySite.running(`127.0.0.1:${running.port}`);
  t.after(() => site[Symbol.asyncDispose]());
  return { server, site, fetch: fetchThrough(site) };
}

describe('Caddy', { skip: missing('caddy', 'openssl') }, () => {
  for (const backend of ['127.0.0.1:8087', '10.0.0.1:8087,10.0.0.2:8087']) {
    test(`takes the file, and would format it no other way (${backend})`, () => {
      const { said, formatted, text } = judgement(backend);
      assert.match(said, /Valid configuration/);
      assert.equal(formatted.trimEnd(), text.trimEnd());
    });
  }

  for (const mode of [{ pin: '2026-07-28' }, 'legacy'] as const) {
    test(`the official client, ${mode === 'legacy' ? 'legacy' : 'modern'} era`, async t => {
      const { fetch } = await begin(t);
      const client = new Client({ name: 'v2', version: '1.0.0' }, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(new URL(PUBLIC_URL), { fetch }));
      t.after(() => client.close());
      const { content } = await client.callTool({ name: 'echo', arguments: { text: 'four' } });
      assert.deepEqual(content, [{ type: 'text', text: '4 letters' }]);
    });
  }

  test('the first event arrives while the call goes on, and is not compressed', async t => {
    const { server, fetch } = await begin(t);
    const { headers, body } = modern('tools/call', { name: 'hold', arguments: {} }, { meta: { progressToken: 1 } });
    const asked = { ...headers, 'accept-encoding': 'gzip, zstd' };
    const stream = new OpenStream(await fetch(PUBLIC_URL, { method: 'POST', headers: asked, body }));
    assert.equal((await stream.next()).params.message, 'first');
    assert.equal(stream.response.headers.get('content-encoding'), null);
    server.release.resolve();
    assert.equal((await stream.next()).result.content[0].text, 'done');
  });

  test('paths, preflight, mirrored headers, the public URL and the request id', async t => {
    const { site, fetch } = await begin(t);
    for (const path of ['/', '/mcp', '/mcp/']) {
      const { headers, body } = modern('tools/call', { name: 'echo', arguments: { text: 'x' } });
      const { status } = await fetch(new URL(path, PUBLIC_URL), { method: 'POST', headers, body });
      assert.equal(status, 200, path);
    }
    await using client = new Http2Client(site);
    const preflight = await client.send('OPTIONS', '/mcp', { origin: 'https://claude.ai' });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers['access-control-allow-origin'], 'https://claude.ai');
    const mirrored = { headers: { 'mcp-param-user-id': 'ada' } };
    const call = modern('tools/call', { name: 'mirrored', arguments: { user_id: 'ada' } }, mirrored);
    const { status, body } = await client.send('POST', '/mcp?code=hidden', call.headers, call.body);
    assert.equal(status, 200, body);
    assert.match(JSON.parse(body).result.content[0].text, /^ada https:\/\/mcp\.example\.com [0-9a-f-]{36}$/);
    await eventually(() => site.accessLog.includes('"HTTP/2.0"'), 'HTTP/2.0 in the log');
    assert.doesNotMatch(site.accessLog, /hidden/);
  });

  test('a body of more than the limit is 413', async t => {
    const { fetch } = await begin(t);
    const { headers, body } = modern('tools/call', { name: 'echo', arguments: { text: 'x'.repeat(4 * 1024 * 1024) } });
    assert.equal((await fetch(PUBLIC_URL, { method: 'POST', headers, body })).status, 413);
  });
});
