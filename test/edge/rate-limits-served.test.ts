// Rate limits as callers meet them, over real sockets. Their windows are longer than any test, so counts are exact.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { SlipwayProcess } from '../lifecycle/slipway-process.ts';
import { legacy, modern, send } from '../support/mcp-post.ts';
import { postBytes, RawConnection } from '../support/raw-connection.ts';
import { SessionClient } from '../support/session-client.ts';
import { SseClient } from '../support/sse-client.ts';
import { batch, call, edgeMounted, edgeServing, legacyCall, refusalIn, refused, statusOf } from './edge-server.ts';

const from = (address: string) => ({ 'x-forwarded-for': address });

for (const [era, prepared] of [
  ['modern', call],
  ['2025', legacyCall],
] as const) {
  test(`the call beyond the limit is 429, with Retry-After and a coded error for its id (${era})`, async t => {
    const { edge, url } = await edgeServing(t, { rateLimitPerAddress: '3/1h' });
    for (let count = 0; count < 3; count++) assert.equal(await statusOf(url, prepared('plain')), 200);
    const { data, retryAfter, ...rest } = await refused(url, prepared('plain', {}, 'fourth'));
    assert.deepEqual(rest, { status: 429, id: 'fourth', rpcCode: -32600, code: 'SLIP_RATE_LIMITED' });
    assert.deepEqual([data['limit'], data['scope']], ['3/1h', 'address']);
    assert.equal(retryAfter, Math.ceil(Number(data['retryAfterMs']) / 1000));
    assert.ok(retryAfter > 3_500 && retryAfter <= 3_600, String(retryAfter));
    assert.equal(edge.called.length, 3);
  });
}

test('whose allowance is known to be used up is refused before its body is sent', async t => {
  const { edge, url, port } = await edgeServing(t, { rateLimitPerAddress: '1/1h', trustedProxies: ['loopback'] });
  assert.equal(await statusOf(url, call('plain')), 200);
  const connection = await RawConnection.open(port);
  t.after(() => connection.close());
  const { headers, body } = call('plain');
  // Who is not known to be beyond the limit is asked for its body.
  connection.write(
    postBytes({ headers: { ...headers, ...from('192.0.2.9'), expect: '100-continue' }, body }, {}).slice(
      0,
      -body.length,
    ),
  );
  assert.equal((await connection.answer()).status, 100);
  connection.write(body);
  assert.equal((await connection.answer()).status, 200);
  assert.equal((await refused(url, call('plain'))).status, 429);
  connection.write(postBytes({ headers, body }).slice(0, -body.length));
  const answer = await connection.answer();
  assert.equal(answer.status, 429);
  assert.equal(JSON.parse(answer.body).error.data.code, 'SLIP_RATE_LIMITED');
  assert.ok(Number(answer.headers['retry-after']) > 3_500);
  assert.equal(edge.called.length, 2);
});

test('behind a trusted proxy each client address has its own allowance, and IPv6 counts by /64', async t => {
  const { url } = await edgeServing(t, { rateLimitPerAddress: '2/1h', trustedProxies: ['loopback'] });
  for (const address of ['192.0.2.1', '192.0.2.2', '2001:db8::1']) {
    assert.equal(await statusOf(url, call('plain', from(address))), 200, address);
    assert.equal(await statusOf(url, call('plain', from(address))), 200, address);
    assert.equal(await statusOf(url, call('plain', from(address))), 429, address);
  }
  assert.equal(await statusOf(url, call('plain', from('2001:db8::ffff:2'))), 429);
  assert.equal(await statusOf(url, call('plain', from('2001:db8:0:1::1'))), 200);
  // What a client puts in front of the proxy's own entry is nobody's address.
  assert.equal(await statusOf(url, call('plain', from('198.51.100.7, 192.0.2.1'))), 429);
});

test('without a trusted proxy nobody gets a new allowance by a header', async t => {
  const { url } = await edgeServing(t, { rateLimitPerAddress: '2/1h' });
  assert.equal(await statusOf(url, call('plain', from('192.0.2.1'))), 200);
  assert.equal(await statusOf(url, call('plain', from('192.0.2.2'))), 200);
  assert.equal(await statusOf(url, call('plain', from('192.0.2.3'))), 429);
});

test('a principal has its own allowance, from wherever it comes, and its address has no part in it', async t => {
  const options = { rateLimitPerPrincipal: '2/1h', rateLimitPerAddress: '1/1h', trustedProxies: ['loopback'] };
  const { url } = await edgeMounted(t, options);
  const as = (user: string, address: string) => ({ 'x-user': user, ...from(address) });
  assert.equal(await statusOf(url, call('plain', as('ann', '192.0.2.1'))), 200);
  assert.equal(await statusOf(url, call('plain', as('ann', '192.0.2.2'))), 200);
  const { status, data } = await refused(url, call('plain', as('ann', '192.0.2.3')));
  assert.deepEqual([status, data['scope'], data['limit']], [429, 'principal', '2/1h']);
  assert.equal(await statusOf(url, call('plain', as('bea', '192.0.2.1'))), 200);
  assert.equal(await statusOf(url, call('plain', from('192.0.2.1'))), 200);
  assert.equal(await statusOf(url, call('plain', from('192.0.2.1'))), 429);
});

test('calls cost what their tools say, a ping nothing', async t => {
  const { edge, url } = await edgeServing(t, { rateLimitPerAddress: '11/1h' });
  assert.equal(await statusOf(url, call('dear')), 200);
  for (let count = 0; count < 20; count++) assert.equal(await statusOf(url, call('free')), 200);
  for (let count = 0; count < 20; count++) assert.equal(await statusOf(url, legacy('ping')), 200);
  assert.equal(await statusOf(url, legacyCall('dear')), 200);
  assert.equal(await statusOf(url, modern('tools/list')), 200);
  assert.equal(await statusOf(url, modern('tools/list')), 429);
  assert.equal(edge.called.filter(name => name === 'dear').length, 2);
});

test('a tool has its own limit, in place of the one for each tool; other tools go on', async t => {
  const { edge, url } = await edgeServing(t, { rateLimitPerTool: '3/1h' });
  const many = async (name: string) => {
    const statuses = [];
    for (let count = 0; count < 4; count++) statuses.push(await statusOf(url, call(name)));
    return statuses;
  };
  assert.deepEqual(await many('rare'), [200, 200, 429, 429]);
  assert.deepEqual(await many('plain'), [200, 200, 200, 429]);
  assert.deepEqual(await many('other'), [200, 200, 200, 429]);
  const { code, data } = await refused(url, call('rare'));
  assert.deepEqual([code, data['scope'], data['limit']], ['SLIP_RATE_LIMITED', 'tool', '2/1m']);
  assert.equal(edge.called.filter(name => name === 'rare').length, 2);
  assert.equal(await statusOf(url, modern('tools/list')), 200);
});

test('a batch counts as the sum of its calls, and is refused as one', async t => {
  const { edge, url } = await edgeServing(t, { rateLimitPerAddress: '12/1h', rateLimitPerTool: '10/1h' });
  assert.equal(await statusOf(url, batch([legacyCall('dear', {}, 1), legacyCall('plain', {}, 2)])), 200);
  const ofTool = await refused(
    url,
    batch([legacyCall('rare', {}, 1), legacyCall('rare', {}, 2), legacyCall('rare', {}, 3)]),
  );
  assert.deepEqual([ofTool.status, ofTool.id, ofTool.data['scope']], [429, null, 'tool']);
  // 9 of 12 are used.
  const ofAll = await refused(url, batch([legacyCall('dear', {}, 1), legacyCall('free', {}, 2)]));
  assert.deepEqual([ofAll.status, ofAll.id, ofAll.data['scope']], [429, null, 'address']);
  assert.deepEqual(edge.called, ['dear', 'plain']);
});

test('what a caller sends beside calls counts too, and so does what was read for nothing', async t => {
  const kinds = {
    'a notification': legacy('notifications/initialized'),
    'a modern notification': modern('notifications/cancelled', { requestId: 1 }),
    'no JSON': { headers: call('plain').headers, body: '{' },
    'no JSON-RPC': { headers: call('plain').headers, body: '{"jsonrpc":"1.0"}' },
    'headers that say something else': modern('tools/call', { name: 'plain' }, { headers: { 'mcp-name': 'other' } }),
    'a session that is none': legacyCall('plain', { 'mcp-session-id': 'none' }),
  };
  for (const [kind, { headers, body }] of Object.entries(kinds)) {
    const { url } = await edgeServing(t, { rateLimitPerAddress: '2/1h' });
    const prepared = { headers, body: kind.endsWith('notification') ? body.replace('"id":1,', '') : body };
    const first = await statusOf(url, prepared);
    assert.ok(first !== 429, kind);
    assert.equal(await statusOf(url, prepared), first, kind);
    await statusOf(url, prepared);
    assert.equal(await statusOf(url, call('plain')), 429, kind);
  }
});

test('what is refused without being read costs nothing', async t => {
  const { url } = await edgeServing(t, { rateLimitPerAddress: '1/1h' });
  for (let count = 0; count < 3; count++) {
    assert.equal((await fetch(url)).status, 405);
    assert.equal((await fetch(new URL('/healthz', url))).status, 200);
    assert.equal((await fetch(new URL('/.well-known/x', url))).status, 404);
    assert.equal((await fetch(url, { method: 'POST', body: 'text' })).status, 415);
    assert.equal((await fetch(url, { method: 'OPTIONS' })).status, 204);
  }
  assert.equal(await statusOf(url, call('plain')), 200);
  assert.equal(await statusOf(url, call('plain')), 429);
});

test('streams that are opened count, and are refused to who is beyond the limit', async t => {
  const { url } = await edgeServing(t, { rateLimitPerAddress: '4/1h' });
  // initialize, notifications/initialized, a call
  const client = await SessionClient.begin(url);
  assert.equal((await client.call('plain')).result.content[0].text, 'plain');
  const stream = await client.open();
  t.after(() => stream.cut());
  for (const _ of ['counted', 'known without counting']) {
    const { status, code, retryAfter } = await refusalIn(await client.get());
    assert.deepEqual([status, code], [429, 'SLIP_RATE_LIMITED']);
    assert.ok(retryAfter);
  }
  assert.equal((await client.delete()).status, 429);
});

test('HTTP+SSE is limited as the rest is', async t => {
  const { edge, url } = await edgeServing(t, { rateLimitPerAddress: '6/1h', rateLimitPerTool: '1/1h', httpSse: true });
  const sse = new URL('/sse', url).href;
  const client = await SseClient.open(sse);
  t.after(() => client.leave());
  await client.initialize();
  const post = (id: number, name = 'plain') =>
    client.post({ jsonrpc: '2.0', id, method: 'tools/call', params: { name, arguments: {} } });
  assert.equal((await post(1)).status, 202);
  assert.equal((await client.nextWhere(({ id }) => id === 1)).result.content[0].text, 'plain');
  const ofTool = await refusalIn(await post(2));
  assert.deepEqual([ofTool.status, ofTool.id, ofTool.data['scope']], [429, 2, 'tool']);
  assert.equal((await post(3, 'other')).status, 202);
  const ofAddress = await refusalIn(await post(4, 'other'));
  assert.deepEqual([ofAddress.status, ofAddress.data['scope']], [429, 'address']);
  assert.equal((await refusalIn(await fetch(sse, { headers: { accept: 'text/event-stream' } }))).status, 429);
  await client.nextWhere(({ id }) => id === 3);
  assert.deepEqual(edge.called, ['plain', 'other']);
});

async function stateDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'slipway-limits-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

test('servers with one state directory share a limit, and a restart does not renew it', async t => {
  const stateDir = await stateDirectory(t);
  const options = { rateLimitPerAddress: '5/1h', rateLimitPerTool: '3/1h', stateDir };
  const [one, other] = [await edgeServing(t, options), await edgeServing(t, options)];
  assert.equal(await statusOf(one.url, call('plain')), 200);
  assert.equal(await statusOf(other.url, call('plain')), 200);
  assert.equal(await statusOf(one.url, call('plain')), 200);
  assert.equal((await refused(other.url, call('plain'))).data['scope'], 'tool');
  assert.equal(await statusOf(other.url, call('other')), 200);
  const later = await edgeServing(t, options);
  const { status, data, retryAfter } = await refused(later.url, call('other'));
  assert.deepEqual([status, data['scope']], [429, 'address']);
  assert.ok(retryAfter! > 3_500);
});

test('workers of one server share a limit', async t => {
  const example = join(import.meta.dirname, '../../examples/hello/server.ts');
  await using server = new SlipwayProcess({ SLIPWAY_WORKERS: 2, SLIPWAY_RATE_LIMIT_PER_ADDRESS: '10/1h' }, [example]);
  const url = await server.listening();
  const ask = async () => {
    // A connection each: they are handed round.
    const response = await send(url, modern('tools/list', {}, { headers: { connection: 'close' } }));
    await response.arrayBuffer();
    return response.status;
  };
  const statuses = await Promise.all(Array.from({ length: 30 }, ask));
  assert.equal(statuses.filter(status => status === 200).length, 10, statuses.join());
  assert.equal(statuses.filter(status => status === 429).length, 20, statuses.join());
  assert.equal(server.workers().length, 2);
  t.diagnostic('20 of 30 refused by two workers');
});
