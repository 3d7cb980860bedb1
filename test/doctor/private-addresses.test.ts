// Where the doctor may connect to, and what a name server or a redirect can make it do.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Examination } from '../../src/doctor/examination.ts';
import { addressKind } from '../../src/doctor/network/address-kind.ts';
import { startDns } from './kit/dns-server.ts';
import { healthyServer } from './kit/healthy-server.ts';
import { THROW_AWAY } from './kit/throw-away-ca.ts';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  public: [
    '8.8.8.8',
    '52.84.1.1',
    '172.15.0.1',
    '172.32.0.1',
    '100.63.0.1',
    '100.128.0.1',
    '2600:9000::1',
    '2a00::1',
    '::ffff:8.8.8.8',
    '64:ff9b::808:808',
    '2002:808:808::1',
  ],
  loopback: [
    '127.0.0.1',
    '127.255.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::1',
  ],
  private: [
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fd00::1',
    'fc00::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2001:0:0:0:0:0:f5ff:fffe',
  ],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'link-local': ['169.254.169.254', 'fe80::1', 'fe80::1%eth0', '::ffff:169.254.169.254'],
  unspecified: ['0.0.0.0', '::'],
  multicast: ['224.0.0.1', 'ff02::1'],
  reserved: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '240.0.0.1', '255.255.255.255', '2001:db8::1'],
  'no address': ['mcp.example.com', '1.2.3', ''],
};

describe('private addresses', () => {
  for (const [kind, addresses] of Object.entries(KINDS)) {
    test(`${kind}: ${addresses.join(', ')}`, () => {
      for (const address of addresses) assert.equal(addressKind(address), kind, address);
    });
  }

  test('are refused without --allow-private, and connected to with it', async () => {
    const running = await healthyServer();
    try {
      const refused = await new Examination({ url: running.url }).exchange({ url: running.url });
      assert.deepEqual([refused.failure?.phase, refused.failure?.code], ['policy', 'PRIVATE_ADDRESS']);
      assert.equal(running.requests.length, 0);
      const allowed = await new Examination({ url: running.url, allowPrivate: true }).exchange({ url: running.url });
      assert.equal(allowed.response?.status, 405);
    } finally {
      await running.close();
    }
  });

  test('are refused whichever way the URL writes them, and whoever resolves to them', async () => {
    const dns = await startDns({
      'inner.example.com': { A: ['127.0.0.1'] },
      'meta.example.com': { A: ['169.254.169.254'] },
    });
    try {
      const urls = [
        'http://127.1/',
        'http://2130706433/',
        'http://0x7f.1/',
        'http://[::1]/',
        'http://[::ffff:127.0.0.1]/',
        'http://localhost/',
        'http://inner.example.com/',
        'http://meta.example.com/',
        'http://0.0.0.0/',
      ];
      for (const url of urls) {
        const system = /localhost/.test(url) ? {} : { dns: dns.address };
        const { failure } = await new Examination({ url, ...system }).exchange({ url });
        assert.deepEqual([url, failure?.phase, failure?.code], [url, 'policy', 'PRIVATE_ADDRESS']);
      }
    } finally {
      dns.close();
    }
  });

  test('an address that a probe asks for is held to the same', async () => {
    const examination = new Examination({ url: 'http://mcp.example.com/' });
    const { failure } = await examination.exchange({ url: 'http://mcp.example.com/', address: '10.0.0.1' });
    assert.equal(failure?.code, 'PRIVATE_ADDRESS');
  });

  test('--connect-to goes where its user says, for what it names and nothing else', async () => {
    const running = await healthyServer({ public: { scheme: 'http' } });
    try {
      const examination = new Examination({ url: running.url, ...running.doctor });
      assert.equal((await examination.exchange({ url: running.url })).response?.status, 405);
      const { port } = new URL('http://127.0.0.1:1');
      const other = await examination.exchange({ url: `http://127.0.0.1:${port}/` });
      assert.equal(other.failure?.code, 'PRIVATE_ADDRESS');
    } finally {
      await running.close();
    }
  });

  test('a name that has a public and a private address is connected to by the public one only', async () => {
    const dns = await startDns({ 'mixed.example.com': { A: ['127.0.0.1', '192.0.2.1'] } });
    const url = 'http://mixed.example.com:9/';
    try {
      const { failure } = await new Examination({ url, dns: dns.address }).exchange({ url });
      // The other one is reserved for documentation, and refused as well.
      assert.equal(failure?.code, 'PRIVATE_ADDRESS');
    } finally {
      dns.close();
    }
  });
});

describe('addresses that are connected to', () => {
  test('a URL with an address in it, over TLS: the certificate has to be for the address', async () => {
    const host = '52.84.1.1';
    for (const [hosts, error] of [
      [[host], undefined],
      [['mcp.example.com'], 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ] as const) {
      const running = await healthyServer({ public: { host, identity: THROW_AWAY.identity(hosts) } });
      try {
        const { connection } = await new Examination({ url: running.url, ...running.doctor }).exchange({
          url: running.url,
        });
        assert.equal(connection?.tls?.error, error);
        assert.equal(connection?.tls?.authorized, error === undefined);
      } finally {
        await running.close();
      }
    }
  });

  test('an address that does not answer leaves time for the next one', async () => {
    const running = await healthyServer();
    const { port } = new URL(running.url);
    // Nothing listens at the other loopback addresses of Linux; a full backlog could not be told from a slow network.
    const dns = await startDns({ 'two.example.com': { A: ['127.0.0.99', '127.0.0.1'] } });
    const url = `http://two.example.com:${port}/mcp`;
    try {
      const exchange = await new Examination({ url, dns: dns.address, allowPrivate: true }).exchange({ url });
      assert.equal(exchange.response?.status, 405);
      assert.equal(exchange.connection?.address, '127.0.0.1');
    } finally {
      dns.close();
      await running.close();
    }
  });
});
