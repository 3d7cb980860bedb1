// A server behind proxies: which hosts it answers to, and what it sees of its clients.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ServeOptions } from 'slipway';
import { modern, type Prepared } from '../support/mcp-post.ts';
import { postBytes, type RawAnswer, RawConnection } from '../support/raw-connection.ts';
import { serving } from '../support/serving.ts';
import { call, EdgeServer, edgeServing } from './edge-server.ts';
import { reverseProxy } from './reverse-proxy.ts';

const HOST = { host: 'mcp.example.com' };
const PUBLIC = { publicUrl: 'https://mcp.example.com' };

/** Sends with any Host, which fetch() does not. */
async function posted(port: number, { headers, body }: Prepared): Promise<RawAnswer> {
  const connection = await RawConnection.open(port);
  connection.write(postBytes({ headers, body }));
  const answer = await connection.answer();
  connection.close();
  return answer;
}

/** What a handler sees of its request. */
async function seen(port: number, headers: Record<string, string>): Promise<{ url: string; address: string }> {
  const { status, body } = await posted(port, call('where', headers));
  assert.equal(status, 200, body);
  return JSON.parse(JSON.parse(body).result.content[0].text);
}

async function hostRefused(port: number, headers: Record<string, string>): Promise<boolean> {
  const { status, body } = await posted(port, call('plain', headers));
  if (status === 200) return false;
  assert.equal(status, 403, body);
  assert.equal(JSON.parse(body).error.data.code, 'SLIP_HOST_REFUSED');
  return true;
}

test('a proxy that passes on a host is refused until the server knows the name; the refusal says how', async t => {
  const plain = await edgeServing(t);
  const { status, body } = await posted(await reverseProxy(t, plain.port), call('plain', HOST));
  assert.equal(status, 403);
  const { message, data } = JSON.parse(body).error;
  assert.equal(data.code, 'SLIP_HOST_REFUSED');
  for (const word of ['mcp.example.com', 'publicUrl', 'allowedHosts', 'trustedProxies']) {
    assert.ok(message.includes(word), `${word}: ${message}`);
  }
  for (const options of [PUBLIC, { allowedHosts: ['mcp.example.com'] }] satisfies ServeOptions[]) {
    const { port } = await edgeServing(t, options);
    const front = await reverseProxy(t, port);
    assert.equal(await hostRefused(front, HOST), false);
    assert.equal(await hostRefused(front, { host: 'MCP.Example.com:443' }), false);
    assert.equal(await hostRefused(front, { host: 'evil.example' }), true);
    assert.equal(await hostRefused(front, { host: 'mcp.example.com.evil.example' }), true);
    // On the machine itself its own names go on.
    assert.equal(await hostRefused(port, { host: `localhost:${port}` }), false);
  }
});

test('a name with a port means that port only', async t => {
  const { port } = await edgeServing(t, { allowedHosts: ['mcp.example.com:8443'] });
  assert.equal(await hostRefused(port, { host: 'mcp.example.com:8443' }), false);
  assert.equal(await hostRefused(port, { host: 'mcp.example.com' }), true);
});

test('a proxy with a Host of its own is believed about the client’s if it is trusted, and only then', async t => {
  const front = async (options: ServeOptions) => {
    const { port } = await edgeServing(t, options);
    return reverseProxy(t, port, { passesHost: false });
  };
  const trusting = await front({ ...PUBLIC, trustedProxies: ['loopback'] });
  assert.equal(await hostRefused(trusting, HOST), false);
  assert.equal(await hostRefused(trusting, { host: 'evil.example' }), true);
  // Without trust its own Host counts, which is a name of this machine.
  const wary = await front(PUBLIC);
  assert.equal(await hostRefused(wary, { host: 'evil.example' }), false);
  const claiming = (await edgeServing(t, PUBLIC)).port;
  assert.equal(await hostRefused(claiming, { host: 'evil.example', 'x-forwarded-host': 'mcp.example.com' }), true);
});

for (const standard of [false, true]) {
  const header = standard ? 'Forwarded' : 'X-Forwarded-*';
  test(`handlers see scheme, host and address as the client has them (${header})`, async t => {
    for (const passesHost of [true, false]) {
      const { port } = await edgeServing(t, { ...PUBLIC, trustedProxies: ['loopback'] });
      const front = await reverseProxy(t, port, { passesHost, standard });
      const { url, address } = await seen(front, HOST);
      assert.equal(url, 'https://mcp.example.com/');
      assert.equal(address, '127.0.0.1');
      // What a client claims does not pass its proxy.
      const forged = {
        ...HOST,
        'x-forwarded-for': '198.51.100.7',
        'x-forwarded-proto': 'http',
        forwarded: 'for=1.2.3.4',
      };
      assert.deepEqual(await seen(front, forged), { url, address });
    }
  });

  test(`of several proxies each says what it has seen (${header})`, async t => {
    const { port } = await edgeServing(t, { ...PUBLIC, trustedProxies: ['loopback'] });
    const inner = await reverseProxy(t, port, { standard, scheme: 'http', trustsClients: true });
    const outer = await reverseProxy(t, inner, { standard, passesHost: false, trustsClients: true });
    const ahead: Record<string, string> = standard
      ? { forwarded: 'for=198.51.100.7;proto=https' }
      : { 'x-forwarded-for': '198.51.100.7' };
    const { address } = await seen(outer, { ...HOST, ...ahead });
    assert.equal(address, '198.51.100.7', 'the first one that is no trusted proxy');
    const { port: wary } = await edgeServing(t, { ...PUBLIC, trustedProxies: ['192.0.2.1'] });
    assert.equal((await seen(await reverseProxy(t, wary), { ...HOST, ...ahead })).address, '127.0.0.1');
  });
}

test('without a trusted proxy nothing is believed, and the public URL says the scheme', async t => {
  const claims = {
    'x-forwarded-for': '198.51.100.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
  };
  const plain = await edgeServing(t);
  const local = { host: `127.0.0.1:${plain.port}` };
  const expected = { url: `http://127.0.0.1:${plain.port}/`, address: '127.0.0.1' };
  assert.deepEqual(await seen(plain.port, { ...local, ...claims }), expected);
  const { port } = await edgeServing(t, PUBLIC);
  assert.equal((await seen(port, HOST)).url, 'https://mcp.example.com/');
  assert.equal((await seen(port, { host: 'localhost' })).url, 'http://localhost/');
});

test('pages of the public URL may call it through the proxy', async t => {
  const { port } = await edgeServing(t, { ...PUBLIC, trustedProxies: ['loopback'] });
  const front = await reverseProxy(t, port);
  const { status, headers } = await posted(front, call('plain', { ...HOST, origin: 'https://mcp.example.com' }));
  assert.equal(status, 200);
  assert.equal(headers['access-control-allow-origin'], 'https://mcp.example.com');
  const other = await posted(front, call('plain', { ...HOST, origin: 'https://evil.example' }));
  assert.equal(JSON.parse(other.body).error.data.code, 'SLIP_ORIGIN_REFUSED');
});

test('log, audit trail and refusals name the client, and the request as the proxy does', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-edge-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const logFile = join(folder, 'log');
  const auditFile = join(folder, 'audit');
  const options = { ...PUBLIC, trustedProxies: ['loopback'], rateLimitPerAddress: '1/1h', accessLog: true };
  const running = await serving(t, new EdgeServer(t).mcp, { ...options, logFile, auditFile });
  const client = { ...HOST, 'x-forwarded-for': '198.51.100.7', 'x-request-id': 'of-the-proxy' };
  assert.equal((await posted(running.port, call('plain', client))).status, 200);
  assert.equal((await posted(running.port, call('plain', client))).status, 429);
  assert.equal(
    (await posted(running.port, modern('tools/list', {}, { headers: { ...client, host: 'evil' } }))).status,
    403,
  );
  await running.close();
  const linesOf = async (file: string) => {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    return lines.map((line): Record<string, unknown> => JSON.parse(line));
  };
  const lines = (await linesOf(logFile)).filter(line => line['msg'] === 'call' || line['msg'] === 'refused');
  assert.deepEqual(
    lines.map(line => [line['address'], line['requestId'], line['code']]),
    [undefined, 'SLIP_RATE_LIMITED', 'SLIP_HOST_REFUSED'].map(code => ['198.51.100.7', 'of-the-proxy', code]),
  );
  const [record] = await linesOf(auditFile);
  assert.equal(record?.['address'], '198.51.100.7');
});
