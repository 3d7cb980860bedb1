import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProxyTrust } from '../../src/transport/http/proxy-trust.ts';
import { forwardingServer } from './forwarding-server.ts';

const VIA = { host: 'upstream.internal:8087' };

test('without trusted proxies nothing of what proxies say is believed', async t => {
  const look = await forwardingServer(t, undefined);
  const lies = {
    host: 'localhost',
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    'x-request-id': 'theirs',
    forwarded: 'for=192.0.2.1;proto=https;host=evil.example',
  };
  assert.deepEqual(await look(lies), {
    remoteAddress: '127.0.0.1',
    host: 'localhost',
    url: 'http://localhost/mcp?q=1',
  });
});

test('nor from a peer that is none of them', async t => {
  const look = await forwardingServer(t, ['10.0.0.0/8', '127.0.0.2']);
  const seen = await look({ host: 'localhost', 'x-forwarded-for': '192.0.2.1', 'x-request-id': 'theirs' });
  assert.deepEqual(seen, { remoteAddress: '127.0.0.1', host: 'localhost', url: 'http://localhost/mcp?q=1' });
});

test('a trusted proxy tells address, scheme, host and request id', async t => {
  const look = await forwardingServer(t, ['loopback']);
  const seen = await look({
    ...VIA,
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-proto': 'HTTPS',
    'x-forwarded-host': 'mcp.example.com',
    'x-request-id': 'a.b-c_1',
  });
  assert.deepEqual(seen, {
    remoteAddress: '192.0.2.1',
    host: 'mcp.example.com',
    url: 'https://mcp.example.com/mcp?q=1',
    requestId: 'a.b-c_1',
  });
});

test('the list is walked from the right over trusted hops: what a client wrote itself is further left', async t => {
  const look = await forwardingServer(t, ['loopback', '10.0.0.0/8', '2001:db8:1::/48']);
  const addressOf = async (list: string | string[]) => (await look({ ...VIA, 'x-forwarded-for': list })).remoteAddress;
  assert.equal(await addressOf('1.1.1.1, 192.0.2.1'), '192.0.2.1');
  assert.equal(await addressOf('1.1.1.1, 192.0.2.1, 10.1.2.3'), '192.0.2.1');
  assert.equal(await addressOf('1.1.1.1,192.0.2.1,2001:db8:1::7,10.1.2.3'), '192.0.2.1');
  // Header lines add up to one list.
  assert.equal(await addressOf(['1.1.1.1', '192.0.2.1, 10.1.2.3']), '192.0.2.1');
  // The client is one of them itself.
  assert.equal(await addressOf('10.1.2.3'), '10.1.2.3');
  assert.equal(await addressOf('10.9.9.9, 10.1.2.3'), '10.9.9.9');
});

test('ports, brackets, zones and mapped addresses are one spelling', async t => {
  const look = await forwardingServer(t, ['loopback']);
  for (const [written, meant] of [
    ['192.0.2.1:5060', '192.0.2.1'],
    ['[2001:DB8::1]:443', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['[0:0:0:0:0:ffff:192.0.2.1]:80', '192.0.2.1'],
  ] as const) {
    assert.equal((await look({ ...VIA, 'x-forwarded-for': written })).remoteAddress, meant, written);
  }
});

test('garbage ends the walk at the last address that is known', async t => {
  const look = await forwardingServer(t, ['loopback', '10.0.0.0/8']);
  for (const garbage of [
    '',
    ' ',
    ',',
    'unknown',
    '_hidden',
    '1.2.3',
    '1.2.3.4.5',
    '300.1.1.1',
    '[::1',
    '192.0.2.1 x',
    '::g',
  ]) {
    const only = await look({ ...VIA, 'x-forwarded-for': garbage });
    assert.equal(only.remoteAddress, '127.0.0.1', `'${garbage}'`);
    const behind = await look({ ...VIA, 'x-forwarded-for': `192.0.2.9, ${garbage}, 10.0.0.1` });
    assert.equal(behind.remoteAddress, '10.0.0.1', `'${garbage}'`);
  }
});

test('a list of thousands of trusted addresses costs no more than 32', async t => {
  const look = await forwardingServer(t, ['loopback']);
  const list = Array.from({ length: 500 }, () => '127.0.0.1').join(',');
  assert.equal((await look({ ...VIA, 'x-forwarded-for': `192.0.2.1,${list}` })).remoteAddress, '127.0.0.1');
});

test('of several schemes and hosts those count that the outermost trusted proxy wrote', async t => {
  const look = await forwardingServer(t, ['loopback', '10.0.0.0/8']);
  const appended = await look({
    ...VIA,
    'x-forwarded-for': '6.6.6.6, 192.0.2.1, 10.0.0.1',
    'x-forwarded-host': 'evil.example, mcp.example.com, inner.internal',
    'x-forwarded-proto': 'gopher, https, http',
  });
  assert.equal(appended.url, 'https://mcp.example.com/mcp?q=1');
  const passedOn = await look({
    ...VIA,
    'x-forwarded-for': '192.0.2.1, 10.0.0.1',
    'x-forwarded-host': 'mcp.example.com',
    'x-forwarded-proto': 'https',
  });
  assert.equal(passedOn.url, 'https://mcp.example.com/mcp?q=1');
  const oneHop = await look({
    ...VIA,
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-host': 'evil.example, mcp.example.com',
  });
  assert.equal(oneHop.host, 'mcp.example.com');
});

test('other schemes, and what makes no URL, never break a request', async t => {
  const look = await forwardingServer(t, ['loopback']);
  const odd = await look({ ...VIA, 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a b/<>' });
  assert.equal(odd.url, 'http://localhost/mcp?q=1');
  // It is what the host guard is to see, and refuse.
  assert.equal(odd.host, 'a b/<>');
});

test('request ids that are no ids are dropped', async t => {
  const look = await forwardingServer(t, ['loopback']);
  for (const id of ['', 'a b', 'a"b', 'é', 'x'.repeat(65), '{}']) {
    assert.equal((await look({ ...VIA, 'x-request-id': id })).requestId, undefined, id);
  }
});

test('Forwarded counts where there is no X-Forwarded-For', async t => {
  const look = await forwardingServer(t, ['loopback', '10.0.0.0/8']);
  const seen = await look({
    ...VIA,
    forwarded: 'for=6.6.6.6;host=evil.example, For="[2001:db8::7]:4711";Proto=https;Host=mcp.example.com, for=10.0.0.1',
  });
  assert.deepEqual(seen, {
    remoteAddress: '2001:db8::7',
    host: 'mcp.example.com',
    url: 'https://mcp.example.com/mcp?q=1',
  });
  const both = await look({ ...VIA, forwarded: 'for=6.6.6.6;host=evil.example', 'x-forwarded-for': '192.0.2.1' });
  assert.equal(both.remoteAddress, '192.0.2.1');
  assert.equal(both.host, VIA.host);
  for (const garbage of [
    'for',
    'for=unknown',
    'for="1.2.3.4',
    '=',
    ';',
    'for=_x;proto="a\\"b"',
    'for="1.2.3.4,5.6.7.8"',
  ]) {
    assert.equal((await look({ ...VIA, forwarded: garbage })).remoteAddress, '127.0.0.1', garbage);
  }
});

test('IPv4 that reaches an IPv6 socket is IPv4', async t => {
  const look = await forwardingServer(t, ['127.0.0.1'], undefined, '::');
  assert.equal((await look({ ...VIA })).remoteAddress, '127.0.0.1');
  assert.equal((await look({ ...VIA, 'x-forwarded-for': '192.0.2.1' })).remoteAddress, '192.0.2.1');
});

test('the public URL tells the scheme of requests to its host', async t => {
  const look = await forwardingServer(t, undefined, 'https://mcp.example.com');
  assert.equal((await look({ host: 'mcp.example.com' })).url, 'https://mcp.example.com/mcp?q=1');
  assert.equal((await look({ host: 'localhost:8087' })).url, 'http://localhost:8087/mcp?q=1');
});

test('private networks are trusted by name', () => {
  const trust = new ProxyTrust(['private']);
  for (const address of ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1', 'fc00::1']) {
    assert.equal(trust.trusts(address), true, address);
    assert.equal(trust.trusts(address), true, `${address} again`);
  }
  for (const address of ['127.0.0.1', '::1', '172.32.0.1', '11.0.0.1', '2001:db8::1', '169.254.1.1', undefined]) {
    assert.equal(trust.trusts(address), false, String(address));
  }
});

test('what is no proxy is refused, and so is everybody', () => {
  for (const entry of [
    '',
    'proxy.example',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/x',
    '10.0.0.0/-1',
    'fe80::1%eth0',
    '::/129',
    '*',
    '0.0.0.0/0',
    '::/0',
  ]) {
    assert.throws(() => new ProxyTrust([entry]), { code: 'SLIP_INVALID_OPTION', message: /trustedProxies/ }, entry);
  }
  assert.equal(ProxyTrust.of([]), undefined);
  assert.equal(ProxyTrust.of(undefined), undefined);
});
