import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { StreamableHTTPClientTransport } from '../../src/client/streamable-http-client-transport.ts';
import { missing } from '../lifecycle/programs.ts';
import { clientFor, connectedTo, failure, json, legacy, type Message, modern, result } from './scripted-server.ts';

const DONE = { resultType: 'complete', content: [{ type: 'text', text: 'done' }] };
const event = (message: object, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(message)}\n\n`;
const openStream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });
const call = { name: 'work', arguments: {} };

describe('headers of the modern era', () => {
  test('mirror the method and the name, encoded where they have to be', async t => {
    const { client, received } = await connectedTo(
      t,
      modern(({ message }, response) => json(response, result(message, DONE))),
      {},
      { headers: { 'x-own': 'mine', authorization: 'Bearer t' } },
    );
    await client.callTool({ name: 'grüße' });
    await client.request('acme/own', { a: 1 });
    const [, tool, own] = received;
    assert.equal(tool!.headers['mcp-method'], 'tools/call');
    assert.equal(tool!.headers['mcp-name'], `=?base64?${Buffer.from('grüße').toString('base64')}?=`);
    assert.equal(tool!.headers['accept'], 'application/json, text/event-stream');
    assert.equal(own!.headers['mcp-method'], 'acme/own');
    assert.equal(own!.headers['mcp-name'], undefined);
    for (const { headers, message } of received) {
      assert.equal(headers['mcp-protocol-version'], '2026-07-28');
      assert.equal(message.params._meta['io.modelcontextprotocol/protocolVersion'], '2026-07-28');
      assert.deepEqual(message.params._meta['io.modelcontextprotocol/clientCapabilities'], {});
      assert.equal(headers['authorization'], 'Bearer t');
      assert.equal(headers['x-own'], 'mine');
      assert.equal(headers['mcp-session-id'], undefined);
    }
  });

  const tool = (property: object) => ({
    name: 'work',
    inputSchema: { type: 'object', properties: { region: property } },
  });

  test('mirror arguments, as the schema says; after a refusal the schema is asked for', async t => {
    const { client, received } = await connectedTo(
      t,
      modern(({ message, headers }, response) => {
        const tools = [tool({ type: 'string', 'x-mcp-header': 'Region' })];
        if (message.method === 'tools/list') return json(response, result(message, { tools }));
        if (headers['mcp-param-region'] === undefined) return json(response, failure(message, -32020, 'Header'), 400);
        json(response, result(message, DONE));
      }),
    );
    const calling = () => client.callTool({ name: 'work', arguments: { region: 'süd' } });
    await calling();
    assert.deepEqual(
      received.map(({ message }) => message.method),
      ['server/discover', 'tools/call', 'tools/list', 'tools/call'],
    );
    assert.equal(received[3]!.headers['mcp-param-region'], `=?base64?${Buffer.from('süd').toString('base64')}?=`);
    await calling();
    assert.equal(received.length, 5);
  });

  test('a refusal that the schema does not explain is told, and not tried again', async t => {
    const { client, received } = await connectedTo(
      t,
      modern(({ message }, response) =>
        message.method === 'tools/list'
          ? json(response, result(message, { tools: [tool({ type: 'string' })] }))
          : json(response, failure(message, -32020, 'Header'), 400),
      ),
    );
    await assert.rejects(client.callTool(call), { code: -32020 });
    assert.equal(received.length, 3);
  });

  test('a tool whose mirroring is not valid is left out, and told', async t => {
    const errors: Error[] = [];
    const tools = [tool({ type: 'number', 'x-mcp-header': 'Region' }), { ...tool({}), name: 'other' }];
    const { client } = await connectedTo(
      t,
      modern(({ message }, response) => json(response, result(message, { tools }))),
      { onerror: error => void errors.push(error) },
    );
    assert.deepEqual(
      (await client.listTools()).tools.map(({ name }) => name),
      ['other'],
    );
    assert.match(errors[0]!.message, /'work' has a bad x-mcp-header/);
  });
});

describe('answers', () => {
  test('a stream may have comments, notifications and odd line ends before the answer', async t => {
    const heard: unknown[] = [];
    const { client } = await connectedTo(
      t,
      modern(({ message }, response) => {
        const progressToken = message.params._meta.progressToken;
        const step = { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken, progress: 1 } };
        openStream(response).write(': hello\r\n\r\n');
        response.write(`event: ping\ndata: no message\n\n`);
        const text = event(step).replaceAll('\n', '\r\n');
        response.write(text.slice(0, 40));
        response.write(text.slice(40));
        response.end(event(result(message, DONE)));
      }),
    );
    const { content } = await client.callTool(call, { onprogress: progress => void heard.push(progress) });
    assert.deepEqual(content, DONE.content);
    assert.deepEqual(heard, [{ progress: 1 }]);
  });

  test('a stream that stays open after the answer does not keep it', async t => {
    const { client } = await connectedTo(
      t,
      modern(({ message }, response) => void openStream(response).write(event(result(message, DONE)))),
    );
    assert.deepEqual((await client.callTool(call)).content, DONE.content);
    assert.deepEqual((await client.callTool(call)).content, DONE.content);
  });

  const CASES: [title: string, answer: (message: Message, response: ServerResponse) => void, code: unknown][] = [
    ['no JSON', (_, r) => void r.setHeader('content-type', 'application/json').end('{'), 'SLIP_SERVER_ANSWER'],
    ['another id', (message, r) => json(r, { ...result(message, DONE), id: 'x' }), 'SLIP_SERVER_NOT_MCP'],
    ['no result', (message, r) => json(r, { jsonrpc: '2.0', id: message.id, result: null }), 'SLIP_SERVER_ANSWER'],
    ['nothing', (_, r) => void r.writeHead(204).end(), 'SLIP_SERVER_NOT_MCP'],
    ['too much', (message, r) => json(r, result(message, { text: 'x'.repeat(2_000) })), 'SLIP_SERVER_ANSWER'],
    ['too much at once', (_, r) => void openStream(r).write(`data: ${'x'.repeat(2_000)}`), 'SLIP_SERVER_ANSWER'],
    ['too deep', (message, r) => json(r, result(message, { a: [[[[[[[[[[1]]]]]]]]]] })), 'SLIP_SERVER_ANSWER'],
    ['a stream without an end', (_, r) => void openStream(r).end(': bye\n\n'), 'SLIP_SERVER_CLOSED'],
    ['a body that breaks off', (_, r) => breakOff(r, 'application/json'), 'SLIP_SERVER_CLOSED'],
    ['a stream that breaks off', (_, r) => breakOff(r, 'text/event-stream'), 'SLIP_SERVER_CLOSED'],
    ['an error of HTTP', (_, r) => void r.writeHead(503).end('busy'), 'SLIP_SERVER_STATUS'],
    ['an error in a stream', (message, r) => void openStream(r).end(event(failure(message, -5, 'own'))), -5],
    [
      'an error without an id',
      (_, r) => json(r, { jsonrpc: '2.0', id: null, error: { code: 7, message: '' } }, 429),
      7,
    ],
  ];
  function breakOff(response: ServerResponse, type: string): void {
    response.writeHead(200, { 'content-type': type });
    response.write('{');
    setTimeout(() => response.destroy(), 10);
  }
  for (const [title, answer, code] of CASES) {
    test(`${title}: ${code}, and the client goes on`, async t => {
      let broken = true;
      const script = modern(({ message }, response) =>
        broken ? answer(message, response) : json(response, result(message, DONE)),
      );
      const { client } = await connectedTo(t, script, {}, { maxAnswerBytes: 1_000, maxJsonDepth: 8 });
      await assert.rejects(client.callTool(call), { code });
      broken = false;
      assert.deepEqual((await client.callTool(call)).content, DONE.content);
    });
  }

  test('an aborted call ends its connection, which is how the server hears of it', async t => {
    let closed: (() => void) | undefined;
    const gone = new Promise<void>(resolve => (closed = resolve));
    const { client } = await connectedTo(
      t,
      modern((_, response) => {
        openStream(response).write(': wait\n\n');
        response.on('close', () => closed?.());
        leaving.abort(new Error('enough'));
      }),
    );
    const leaving = new AbortController();
    await assert.rejects(client.callTool(call, { signal: leaving.signal }), /enough/);
    await gone;
  });
});

describe('sessions of the older era', () => {
  test('are named with every message, and given back at the end', async t => {
    const { client, received } = await connectedTo(
      t,
      legacy(({ message, method }, response) =>
        method === 'DELETE' ? void response.writeHead(204).end() : json(response, result(message, DONE)),
      ),
    );
    await client.callTool(call);
    await client.close();
    assert.deepEqual(
      received
        .slice(3)
        .map(({ method, headers }) => [method, headers['mcp-session-id'], headers['mcp-protocol-version']]),
      [
        ['POST', 'session-1', '2025-11-25'],
        ['DELETE', 'session-1', '2025-11-25'],
      ],
    );
    assert.equal(received[3]!.headers['mcp-method'], undefined);
  });

  test('one that has ended is begun anew, and the call made once more', async t => {
    let session = 1;
    const { client, received } = await connectedTo(t, (received, response, request) =>
      legacy(({ message, headers, method }) => {
        if (method === 'DELETE') return void response.writeHead(405).end();
        if (headers['mcp-session-id'] !== 'session-2') {
          session = 2;
          return void response.writeHead(404).end();
        }
        json(response, result(message, DONE));
      }, `session-${session}`)(received, response, request),
    );
    assert.deepEqual((await client.callTool(call)).content, DONE.content);
    assert.deepEqual(
      received.map(({ message }) => message.method),
      [
        'server/discover',
        'initialize',
        'notifications/initialized',
        'tools/call',
        'initialize',
        'notifications/initialized',
        'tools/call',
      ],
    );
  });

  test('one that never lasts is told', async t => {
    const { client } = await connectedTo(
      t,
      legacy((_, response) => void response.writeHead(404).end()),
    );
    await assert.rejects(client.callTool(call), { code: 'SLIP_SERVER_SESSION' });
  });

  test('a cancelled call is told to the server by a message', async t => {
    const { client, received } = await connectedTo(
      t,
      legacy(({ message }, response) => {
        if (message?.method === 'tools/call') return void openStream(response).write(': wait\n\n');
        response.writeHead(202).end();
      }),
    );
    await assert.rejects(client.callTool(call, { timeout: 30 }), { code: 'SLIP_SERVER_TIMEOUT' });
    for (let tries = 0; received.length < 5 && tries < 100; tries++) await new Promise(soon => setTimeout(soon, 10));
    const { method, params } = received.at(-1)!.message;
    assert.equal(method, 'notifications/cancelled');
    assert.equal(params.requestId, received.at(-2)!.message.id);
  });

  test('a server asks on the stream of a call; the answer is a message of its own', async t => {
    const answers: Message[] = [];
    let finish: (() => void) | undefined;
    const { client } = await connectedTo(
      t,
      legacy(({ message, method }, response) => {
        if (method === 'DELETE') return void response.writeHead(204).end();
        if (message.method === undefined) {
          answers.push(message);
          response.writeHead(202).end();
          if (answers.length === 3) finish?.();
          return;
        }
        openStream(response);
        response.write(event({ jsonrpc: '2.0', id: 'q1', method: 'ping' }));
        response.write(event({ jsonrpc: '2.0', id: 'q2', method: 'roots/list' }));
        response.write(event({ jsonrpc: '2.0', id: 'q3', method: 'sampling/createMessage', params: {} }));
        finish = () => response.end(event(result(message, DONE)));
      }),
      { roots: [{ uri: 'file:///home' }] },
    );
    assert.deepEqual((await client.callTool(call)).content, DONE.content);
    const byId = Object.fromEntries(answers.map(answer => [answer.id, answer]));
    assert.deepEqual(byId['q1'].result, {});
    assert.deepEqual(byId['q2'].result, { roots: [{ uri: 'file:///home' }] });
    assert.equal(byId['q3'].error.code, -32601);
    assert.match(byId['q3'].error.message, /needs the client capability sampling/);
  });
});

describe('streams of the older era that break off', () => {
  test('are resumed after the last event, as often as it takes', async t => {
    let id: unknown;
    const { client, received } = await connectedTo(
      t,
      legacy(({ message, method, headers }, response) => {
        if (method === 'DELETE') return void response.writeHead(204).end();
        openStream(response);
        if (method === 'POST') {
          id = message.id;
          response.write('id: e1\nretry: 20\ndata: \n\n');
          return void setTimeout(() => response.destroy(), 10);
        }
        const seen = headers['last-event-id'];
        if (seen === 'e1') return void response.end(event({ jsonrpc: '2.0', method: 'notifications/x' }, 'e2'));
        response.end(event(result({ id }, DONE), 'e3'));
      }),
    );
    assert.deepEqual((await client.callTool(call)).content, DONE.content);
    assert.deepEqual(
      received.slice(4).map(({ method, headers }) => [method, headers['last-event-id'], headers['mcp-session-id']]),
      [
        ['GET', 'e1', 'session-1'],
        ['GET', 'e2', 'session-1'],
      ],
    );
  });

  test('are given up when the server does not resume them', async t => {
    const { client } = await connectedTo(
      t,
      legacy(({ method }, response) => {
        if (method !== 'POST') return void response.writeHead(405).end();
        openStream(response).end('id: e1\nretry: 20\ndata: \n\n');
      }),
    );
    await assert.rejects(client.callTool(call), { code: 'SLIP_SERVER_CLOSED', message: /be resumed \(status 405\)/ });
  });

  test('are not resumed for ever: the time of the call counts', async t => {
    const { client, received } = await connectedTo(
      t,
      legacy(({ method }, response) => {
        if (method === 'DELETE') return void response.writeHead(204).end();
        openStream(response).end('id: e1\nretry: 20\ndata: \n\n');
      }),
    );
    await assert.rejects(client.callTool(call, { timeout: 300 }), { code: 'SLIP_SERVER_TIMEOUT' });
    assert.ok(received.length > 5, 'it has come back');
  });

  test('in the modern era there is nothing to resume', async t => {
    const { client, received } = await connectedTo(
      t,
      modern((_, response) => void openStream(response).end('id: e1\ndata: \n\n')),
    );
    await assert.rejects(client.callTool(call), { code: 'SLIP_SERVER_CLOSED' });
    assert.equal(received.length, 2);
  });
});

test('a URL that is none, or of something else, is refused at once', () => {
  for (const url of ['', 'mcp', 'ftp://example.com/', 'file:///etc/passwd']) {
    assert.throws(() => new StreamableHTTPClientTransport(url), { code: 'SLIP_INVALID_OPTION' });
  }
});

describe('TLS', { skip: missing('openssl') }, () => {
  test('a certificate that nobody signed, and what speaks no TLS', async t => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-tls-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    const request = ['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', ...subject];
    execFileSync('openssl', request, { stdio: 'ignore' });
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, r) => void r.end());
    await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const connecting = (url: string) => clientFor(t).connect(new StreamableHTTPClientTransport(url));
    await assert.rejects(connecting(`https://localhost:${port}/mcp`), {
      code: 'SLIP_SERVER_TLS',
      message: /nobody that is trusted here has signed its certificate \(DEPTH_ZERO_SELF_SIGNED_CERT\).*NODE_EXTRA_CA/,
    });
    await assert.rejects(connecting(`http://localhost:${port}/mcp`), { code: 'SLIP_SERVER_UNREACHABLE' });
    const { url } = await connectedTo(
      t,
      modern(() => {}),
    );
    await assert.rejects(connecting(url.replace('http:', 'https:')), {
      code: 'SLIP_SERVER_TLS',
      message: /is it http:/,
    });
  });
});
