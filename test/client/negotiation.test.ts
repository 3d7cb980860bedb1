import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StreamableHTTPClientTransport } from '../../src/client/streamable-http-client-transport.ts';
import {
  clientFor,
  connectedTo,
  DISCOVERED,
  failure,
  type HttpScript,
  INITIALIZED,
  json,
  legacy,
  type Message,
  modern,
  result,
  ScriptedTransport,
  scriptedHttp,
} from './scripted-server.ts';

const methods = (received: readonly { message: Message }[]): string[] => received.map(({ message }) => message.method);

/** How an older server may turn down a request that it does not know. */
const REFUSALS: [title: string, refuse: HttpScript][] = [
  ['an unknown method', ({ message }, response) => json(response, failure(message, -32601, 'Method not found'))],
  ['invalid params', ({ message }, response) => json(response, failure(message, -32602, 'Invalid'), 400)],
  ['a bare 400', (_, response) => void response.writeHead(400).end()],
  ['a 404 in text', (_, response) => void response.writeHead(404).end('Cannot POST /mcp')],
  ['a 500', (_, response) => void response.writeHead(500).end()],
  [
    'a session that is missing',
    (_, response) => json(response, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'No session' } }, 400),
  ],
  ['a result of something else', ({ message }, response) => json(response, result(message, { hello: 'there' }))],
];

describe('an older server is found by the way it refuses server/discover', () => {
  for (const [title, refuse] of REFUSALS) {
    test(title, async t => {
      const script: HttpScript = (received, response, request) =>
        received.message.method === 'server/discover'
          ? refuse(received, response, request)
          : legacy(() => {})(received, response, request);
      const { client, received } = await connectedTo(t, script);
      assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25');
      assert.deepEqual(methods(received), ['server/discover', 'initialize', 'notifications/initialized']);
      const [probe, handshake, done] = received;
      assert.equal(probe!.headers['mcp-protocol-version'], '2026-07-28');
      assert.equal(handshake!.headers['mcp-protocol-version'], undefined);
      assert.equal(handshake!.message.params._meta, undefined);
      assert.equal(done!.headers['mcp-protocol-version'], '2025-11-25');
      assert.equal(done!.headers['mcp-session-id'], 'session-1');
    });
  }
});

describe('what is no sign of an older server is told at once', () => {
  const CASES: [title: string, script: HttpScript, code: unknown][] = [
    ['a sign-in', (_, response) => void response.writeHead(401).end(), 'SLIP_SERVER_UNAUTHORIZED'],
    ['a refusal', (_, response) => void response.writeHead(403).end(), 'SLIP_SERVER_FORBIDDEN'],
    ['a redirect', (_, response) => void response.writeHead(308, { location: '/mcp/' }).end(), 'SLIP_SERVER_REDIRECT'],
    ['a page', (_, response) => void response.setHeader('content-type', 'text/html').end('Hi'), 'SLIP_SERVER_NOT_MCP'],
    [
      'a header that does not match',
      ({ message }, r) => json(r, failure(message, -32020, 'Header mismatch'), 400),
      -32020,
    ],
    ['a missing capability', ({ message }, r) => json(r, failure(message, -32021, 'Missing', {}), 400), -32021],
  ];
  for (const [title, script, code] of CASES) {
    test(title, async t => {
      const server = await scriptedHttp(t, script);
      const client = clientFor(t);
      await assert.rejects(client.connect(new StreamableHTTPClientTransport(server.url)), { code });
      assert.deepEqual(methods(server.received), ['server/discover']);
    });
  }
});

describe('revisions', () => {
  test('a modern server of another revision names those that it has', async t => {
    const refuse: HttpScript = ({ message }, response) =>
      json(response, failure(message, -32022, 'No', { supported: ['2027-01-01'], requested: '2026-07-28' }), 400);
    const server = await scriptedHttp(t, refuse);
    const connecting = clientFor(t).connect(new StreamableHTTPClientTransport(server.url));
    await assert.rejects(connecting, { code: 'SLIP_SERVER_REVISION', message: /the server speaks 2027-01-01\./ });
    assert.equal(server.received.length, 1);
  });

  test('one that names an older revision is spoken to in that', async t => {
    const script: HttpScript = (received, response, request) => {
      const { message } = received;
      if (message.method !== 'server/discover') return legacy(() => {})(received, response, request);
      json(response, failure(message, -32022, 'No', { supported: ['2025-06-18'], requested: '2026-07-28' }), 400);
    };
    const { received } = await connectedTo(t, script);
    assert.equal(received[1]!.message.params.protocolVersion, '2025-06-18');
  });

  test('a discovery that lists older revisions only leads to the handshake', async t => {
    const script: HttpScript = (received, response, request) => {
      const { message } = received;
      if (message.method !== 'server/discover') return legacy(() => {})(received, response, request);
      json(response, result(message, { ...DISCOVERED, supportedVersions: ['2025-11-25'] }));
    };
    const { client } = await connectedTo(t, script);
    assert.equal(client.getProtocolEra(), 'legacy');
  });

  test('a server that offers a revision nobody knows is turned down', async t => {
    const transport = new ScriptedTransport(message => {
      if (message.method === 'server/discover') return [failure(message, -32601, 'No')];
      return [result(message, { ...INITIALIZED, protocolVersion: '2024-01-01' })];
    });
    await assert.rejects(clientFor(t).connect(transport), { code: 'SLIP_SERVER_REVISION' });
  });

  test('a pinned modern revision is not given up', async t => {
    const server = await scriptedHttp(
      t,
      legacy(() => {}),
    );
    const client = clientFor(t, { protocolVersion: '2026-07-28' });
    await assert.rejects(client.connect(new StreamableHTTPClientTransport(server.url)), { code: -32601 });
    assert.deepEqual(methods(server.received), ['server/discover']);
  });

  test('a pinned older revision is offered without a look at newer ones', async t => {
    const { client, received } = await connectedTo(
      t,
      legacy(() => {}),
      { protocolVersion: '2025-03-26' },
    );
    assert.equal(received[0]!.message.params.protocolVersion, '2025-03-26');
    // The server has the last word.
    assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25');
  });

  test('what the server says of itself is found where either draft has it', async t => {
    const { client } = await connectedTo(
      t,
      modern(() => {}),
    );
    assert.deepEqual(client.getServerVersion(), { name: 'scripted', version: '1.0.0' });
    const info = { name: 'inside', version: '2.0.0' };
    const transport = new ScriptedTransport(message => [
      result(message, { supportedVersions: ['2026-07-28'], capabilities: {}, serverInfo: info }),
    ]);
    const other = clientFor(t);
    await other.connect(transport);
    assert.deepEqual(other.getServerVersion(), info);
  });
});

describe('over a channel that tells of no refusal', () => {
  test('silence is taken for an older server', async t => {
    const transport = new ScriptedTransport(message =>
      message.method === 'initialize' ? [result(message, INITIALIZED)] : [],
    );
    const client = clientFor(t, { probeTimeoutMs: 10 });
    await client.connect(transport);
    assert.equal(client.getProtocolEra(), 'legacy');
  });

  test('a modern server that was slow says so when it is taken for an older one', async t => {
    let asked = 0;
    const transport = new ScriptedTransport(message => {
      if (message.method === 'initialize') {
        return [failure(message, -32022, 'No', { supported: ['2026-07-28'], requested: '2025-11-25' })];
      }
      return ++asked === 1 ? [] : [result(message, DISCOVERED)];
    });
    const client = clientFor(t, { probeTimeoutMs: 10 });
    await client.connect(transport);
    assert.equal(client.getProtocolEra(), 'modern');
  });

  test('over HTTP, where a refusal would be told, silence is a failure', async t => {
    const server = await scriptedHttp(t, () => {});
    const connecting = clientFor(t, { probeTimeoutMs: 10 }).connect(new StreamableHTTPClientTransport(server.url), {
      timeout: 60,
    });
    await assert.rejects(connecting, { code: 'SLIP_SERVER_TIMEOUT' });
    assert.deepEqual(methods(server.received), ['server/discover']);
  });
});

test('a client connects once', async t => {
  const { client } = await connectedTo(
    t,
    modern(() => {}),
  );
  await assert.rejects(client.connect(new ScriptedTransport(() => [])), { code: 'SLIP_CLIENT_STATE' });
  const unconnected = clientFor(t);
  await assert.rejects(unconnected.listTools(), { code: 'SLIP_CLIENT_STATE' });
});
