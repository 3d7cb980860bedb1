// What the generated file of nginx does with requests: paths, headers, sizes, sign-in, what it answers itself.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { z } from 'zod';
import { missing } from '../lifecycle/programs.ts';
import { modern } from '../support/mcp-post.ts';
import { eventually } from '../support/serving.ts';
import { type Behind, behindNginx } from './behind-nginx.ts';
import { Http2Client } from './http2-client.ts';
import { DOMAIN } from './nginx-site.ts';

const ORIGIN = 'https://claude.ai';

function edgeServer(): McpServer {
  const mcp = new McpServer({ name: 'edge', version: '1.0.0' });
  mcp.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => `${text.length} letters`);
  mcp.registerTool('facts', {}, ({ http }) => {
    const { headers, url } = http!.req!;
    return { id: headers.get('x-request-id'), connection: headers.get('connection'), url };
  });
  mcp.registerTool(
    'mirrored',
    {
      inputSchema: z.object({
        user_id: z.string().meta({ 'x-mcp-header': 'user_id' }),
        place: z.string().meta({ 'x-mcp-header': 'a.b' }),
      }),
    },
    ({ user_id, place }) => `${user_id} at ${place}`,
  );
  return mcp;
}

const begin = (t: TestContext, site = {}): Promise<Behind> => behindNginx(t, edgeServer(), {}, site);

/** A call of `echo` whose body has exactly so many bytes. */
function callOf(bytes: number) {
  const empty = modern('tools/call', { name: 'echo', arguments: { text: '' } }).body.length;
  return modern('tools/call', { name: 'echo', arguments: { text: 'x'.repeat(bytes - empty) } });
}

const post = ({ fetch }: Behind, path: string, { headers, body }: ReturnType<typeof modern>) =>
  fetch(`https://${DOMAIN}${path}`, { method: 'POST', headers, body });

const textOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { result: { content: { text: string }[] } }).result.content[0]!.text;

describe('requests through nginx', { skip: missing('nginx', 'openssl') }, () => {
  test('/, /mcp and /mcp/ answer without a redirect', async t => {
    const behind = await begin(t);
    for (const path of ['/', '/mcp', '/mcp/', '/mcp?x=1']) {
      const response = await post(behind, path, callOf(400));
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get('location'), null);
    }
  });

  test('a preflight is 204, with each CORS header exactly once; so is an answer', async t => {
    const { site } = await begin(t);
    await using client = new Http2Client(site);
    const asked = { origin: ORIGIN, 'access-control-request-method': 'POST' };
    const preflight = await client.send('OPTIONS', '/mcp', asked);
    assert.equal(preflight.status, 204);
    const names = Object.keys(preflight.headers).filter(name => name.startsWith('access-control-'));
    assert.deepEqual(names.sort(), [
      'access-control-allow-headers',
      'access-control-allow-methods',
      'access-control-allow-origin',
      'access-control-expose-headers',
      'access-control-max-age',
    ]);
    // node:http2 joins what comes twice with a comma.
    assert.equal(preflight.headers['access-control-allow-origin'], ORIGIN);
    assert.equal(preflight.headers['access-control-max-age'], '86400');
    const call = callOf(400);
    const answer = await client.send('POST', '/mcp', { ...call.headers, origin: ORIGIN }, call.body);
    assert.equal(answer.headers['access-control-allow-origin'], ORIGIN);
    assert.equal(answer.headers['strict-transport-security'], 'max-age=31536000');
  });

  test('control: a CORS header of nginx beside that of the server would be seen', async t => {
    const line = `add_header Access-Control-Allow-Origin '${ORIGIN}' always;`;
    const { site } = await begin(t, { replace: [['ssl_session_tickets off;', line]] });
    await using client = new Http2Client(site);
    const { headers } = await client.send('OPTIONS', '/mcp', { origin: ORIGIN });
    assert.equal(headers['access-control-allow-origin'], `${ORIGIN}, ${ORIGIN}`);
  });

  test('a body of the limit is served, one byte more is 413 as JSON-RPC', async t => {
    const behind = await begin(t);
    const limit = 4 * 1024 * 1024;
    assert.equal((await post(behind, '/mcp', callOf(limit))).status, 200);
    const refused = await post(behind, '/mcp', callOf(limit + 1));
    assert.equal(refused.status, 413);
    assert.equal(refused.headers.get('content-type'), 'application/json');
    const { error } = (await refused.json()) as { error: { data: { code: string } } };
    assert.equal(error.data.code, 'SLIP_BODY_TOO_LARGE');
    await eventually(() => /too large body/.test(behind.site.errorLog), 'nginx itself has refused it');
  });

  test('headers that mirror arguments arrive, whatever their names (HTTP/1.1 and HTTP/2)', async t => {
    const behind = await begin(t);
    const mirrored = { 'mcp-param-user_id': 'ada', 'mcp-param-a.b': 'Lima' };
    const args = { user_id: 'ada', place: 'Lima' };
    const call = modern('tools/call', { name: 'mirrored', arguments: args }, { headers: mirrored });
    assert.equal(await textOf(await post(behind, '/mcp', call)), 'ada at Lima');
    await using client = new Http2Client(behind.site);
    const { status, body } = await client.send('POST', '/mcp', call.headers, call.body);
    assert.equal(status, 200, body);
  });

  test('control: with nginx as it is by default they get lost, and the call is refused', async t => {
    const behind = await begin(t, { replace: [['ignore_invalid_headers off;', '']] });
    const mirrored = { 'mcp-param-user_id': 'ada', 'mcp-param-a.b': 'Lima' };
    const args = { user_id: 'ada', place: 'Lima' };
    const call = modern('tools/call', { name: 'mirrored', arguments: args }, { headers: mirrored });
    assert.equal((await post(behind, '/mcp', call)).status, 400);
  });

  test('the server knows the public URL and the id of a request, and connections to it are kept', async t => {
    const behind = await begin(t);
    const call = modern('tools/call', { name: 'facts', arguments: {} });
    const seen = JSON.parse(await textOf(await post(behind, '/mcp', call)));
    assert.equal(new URL(seen.url).origin, `https://${DOMAIN}`);
    assert.match(seen.id, /^[0-9a-f]{32}$/);
    await eventually(() => behind.site.accessLog.includes(seen.id), 'the id in the log of nginx');
    assert.notEqual(seen.connection, 'close');
  });

  test('another host name is refused by the server', async t => {
    const { site } = await begin(t);
    await using client = new Http2Client(site);
    const call = callOf(400);
    const other = await client.send('POST', '/mcp', { ':authority': 'evil.example.com', ...call.headers }, call.body);
    assert.equal(other.status, 403);
    assert.match(other.body, /SLIP_HOST_REFUSED/);
  });

  test('http leads to https with 308, except for what the certificate authority asks', async t => {
    const { site } = await begin(t);
    const plain = `http://127.0.0.1:${site.httpPort}`;
    const redirected = await fetch(`${plain}/mcp?x=1`, { method: 'POST', body: '{}', redirect: 'manual' });
    assert.equal(redirected.status, 308);
    assert.equal(redirected.headers.get('location'), `https://${DOMAIN}/mcp?x=1`);
    const challenge = '/.well-known/acme-challenge/token-1';
    assert.equal((await fetch(`${plain}${challenge}`)).status, 404);
    mkdirSync(join(site.folder, '.well-known/acme-challenge'), { recursive: true });
    writeFileSync(join(site.folder, challenge), 'answer');
    assert.equal(await (await fetch(`${plain}${challenge}`)).text(), 'answer');
  });

  test('the sign-in is limited by address, calls are not', async t => {
    const behind = await begin(t, { replace: [['burst=100', 'burst=2']] });
    const statuses = async (path: string) => {
      const sent = Array.from({ length: 12 }, () => post(behind, path, callOf(400)));
      return (await Promise.all(sent)).map(({ status }) => status);
    };
    const signIn = await statuses('/token');
    assert.ok(signIn.includes(429), signIn.join());
    assert.ok(signIn.includes(404), 'the first ones reach the server, which has no sign-in');
    assert.deepEqual(new Set(await statuses('/mcp')), new Set([200]));
  });

  test('a server that is gone is 503 as JSON-RPC, with the time to come back', async t => {
    const behind = await begin(t);
    await behind.running.close({ graceMs: 0, lameDuckMs: 0 });
    const response = await post(behind, '/mcp', callOf(400));
    assert.equal(response.status, 503);
    assert.equal(response.headers.get('retry-after'), '1');
    const { error } = (await response.json()) as { error: { data: { code: string } } };
    assert.equal(error.data.code, 'SLIP_BACKEND_UNREACHABLE');
  });
});
