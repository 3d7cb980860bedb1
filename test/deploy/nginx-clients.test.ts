// The official clients of both eras, and one that speaks HTTP/2, through TLS and the generated file of nginx.
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ClientServer } from '../clients/client-server.ts';
import { missing } from '../lifecycle/programs.ts';
import { eventsOf } from '../support/event-stream.ts';
import { modern } from '../support/mcp-post.ts';
import { eventually } from '../support/serving.ts';
import { behindNginx, PUBLIC_URL } from './behind-nginx.ts';
import { Http2Client } from './http2-client.ts';

const textOf = (result: object): string => (result as { content: { text: string }[] }).content[0]!.text;

async function begin(t: TestContext) {
  const server = new ClientServer();
  return { server, ...(await behindNginx(t, server.mcp)) };
}

describe('through nginx and TLS', { skip: missing('nginx', 'openssl') }, () => {
  for (const era of ['modern', 'legacy'] as const) {
    test(`the official client, version 2, ${era} era`, async t => {
      const { fetch, site } = await begin(t);
      const mode = era === 'modern' ? { pin: '2026-07-28' } : 'legacy';
      const client = new Client({ name: 'v2', version: '1.0.0' }, { versionNegotiation: { mode } });
      await client.connect(new StreamableHTTPClientTransport(new URL(PUBLIC_URL), { fetch }));
      t.after(() => client.close());
      assert.equal(client.getNegotiatedProtocolVersion(), era === 'modern' ? '2026-07-28' : '2025-11-25');
      assert.equal((await client.listTools()).tools.length > 0, true);
      assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'grüße 🚢' } })), 'grüße 🚢');
      const heard: unknown[] = [];
      const climbed = await client.callTool({ name: 'climbs' }, { onprogress: ({ progress }) => heard.push(progress) });
      assert.deepEqual([textOf(climbed), heard], ['up', [1, 2, 3]]);
      const statuses = [...site.accessLog.matchAll(/"[A-Z]+ \/mcp HTTP\/\d\.\d" (\d{3}) /g)].map(
        ([, status]) => status!,
      );
      assert.ok(statuses.length > 3);
      // 405 is the answer to a GET for which there is no session.
      assert.deepEqual(
        statuses.filter(status => !['200', '202', '405'].includes(status)),
        [],
        'no redirect and no refusal',
      );
    });
  }

  test('the official client, version 1: session, GET stream, a call that is cancelled', async t => {
    const { fetch, server } = await begin(t);
    const client = new ClientV1({ name: 'v1', version: '1.0.0' });
    const transport = new TransportV1(new URL(PUBLIC_URL), { fetch });
    // biome-ignore lint/suspicious/noExplicitAny: the transport's own type disagrees with exactOptionalPropertyTypes
    await client.connect(transport as any);
    t.after(() => client.close());
    assert.ok(transport.sessionId !== undefined);
    await client.ping();
    assert.equal(textOf(await client.callTool({ name: 'echo', arguments: { text: 'on' } })), 'on');
    const leaving = new AbortController();
    const call = client.callTool({ name: 'wait' }, undefined, { signal: leaving.signal });
    await eventually(() => server.waiting === 1);
    leaving.abort();
    await assert.rejects(call);
    await eventually(() => server.cancelled === 1, 'the cancelled call at the server');
  });

  test('an HTTP/2 client calls and reads a stream, and the log says HTTP/2.0', async t => {
    const { site } = await begin(t);
    await using client = new Http2Client(site);
    const call = modern('tools/call', { name: 'echo', arguments: { text: 'two' } });
    const { status, body } = await client.send('POST', '/mcp', call.headers, call.body);
    assert.equal(status, 200);
    assert.equal(textOf(JSON.parse(body).result), 'two');
    assert.equal(client.session.alpnProtocol, 'h2');
    const climb = modern('tools/call', { name: 'climbs', arguments: {} }, { meta: { progressToken: 1 } });
    const stream = await client.send('POST', '/mcp', climb.headers, climb.body);
    assert.match(String(stream.headers['content-type']), /^text\/event-stream/);
    assert.equal(eventsOf(stream.body).length, 4);
    await eventually(() => /"POST \/mcp HTTP\/2\.0" 200 /.test(site.accessLog), 'the line of the log');
  });
});
