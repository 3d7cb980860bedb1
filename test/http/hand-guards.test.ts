import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import * as sdkNode from '@modelcontextprotocol/node';
import * as sdk from '@modelcontextprotocol/server';
import type { NodeGuard } from '../../src/transport/http/forbidden-answer.ts';
import * as host from '../../src/transport/http/host-header-validation.ts';
import * as origin from '../../src/transport/http/origin-validation.ts';

const NAMES = ['localhost', '127.0.0.1', '[::1]', 'mcp.example'];
const HOSTS = [
  undefined,
  null,
  '',
  'localhost',
  'LocalHost:80',
  '[::1]:3000',
  'evil.example',
  'mcp.example:1',
  'a b',
  '[',
];
const ORIGINS = [undefined, null, '', 'null', 'http://localhost:1', 'https://evil.example', 'nonsense', 'file:///x'];

test('Host and Origin are judged like the official helpers judge them', () => {
  for (const value of HOSTS) {
    assert.deepEqual(host.validateHostHeader(value, NAMES), sdk.validateHostHeader(value, NAMES), String(value));
  }
  for (const value of ORIGINS) {
    assert.deepEqual(origin.validateOriginHeader(value, NAMES), sdk.validateOriginHeader(value, NAMES), String(value));
  }
  assert.deepEqual(host.localhostAllowedHostnames(), sdk.localhostAllowedHostnames());
  assert.deepEqual(origin.localhostAllowedOrigins(), sdk.localhostAllowedOrigins());
});

test('what is a URL but no Host header is refused, unlike by the official helper', () => {
  for (const value of ['localhost/evil', 'evil@localhost', 'localhost?x', 'localhost#x', 'localhost\\x']) {
    assert.equal(host.validateHostHeader(value, NAMES).ok, false, value);
  }
});

async function described(response: Response | undefined): Promise<unknown> {
  if (response === undefined) return undefined;
  return [response.status, response.headers.get('content-type'), await response.text()];
}

test('the web answers are those of the official helpers', async () => {
  for (const [hostHeader, originHeader] of [
    ['localhost', 'http://localhost'],
    ['evil.example', 'https://evil.example'],
    ['evil.example', 'null'],
  ] as const) {
    const web = new Request('http://localhost/mcp', { headers: { host: hostHeader, origin: originHeader } });
    assert.deepEqual(
      await described(host.hostHeaderValidationResponse(web, NAMES)),
      await described(sdk.hostHeaderValidationResponse(web, NAMES)),
    );
    assert.deepEqual(
      await described(origin.originValidationResponse(web, NAMES)),
      await described(sdk.originValidationResponse(web, NAMES)),
    );
  }
});

/** Status and body that a node:http server behind these checks answers with. */
async function ask(guards: readonly NodeGuard[], headers: Record<string, string>): Promise<unknown> {
  const server = createServer((incoming, response) => {
    if (guards.every(guard => guard(incoming, response))) response.end('through');
  }).listen(0, '127.0.0.1');
  try {
    await once(server, 'listening');
    const outgoing = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', headers }).end();
    const [response] = await once(outgoing, 'response');
    const chunks: Buffer[] = await response.toArray();
    return [response.statusCode, response.headers['content-type'], Buffer.concat(chunks).toString()];
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

test('the node:http checks answer like the official ones', async () => {
  const ours = [host.localhostHostValidation(), origin.originValidation(NAMES)];
  const theirs = [sdkNode.localhostHostValidation(), sdkNode.originValidation(NAMES)];
  for (const headers of [
    { host: 'localhost:1' },
    { host: 'evil.example' },
    { host: 'localhost', origin: 'http://mcp.example' },
    { host: 'localhost', origin: 'http://evil.example' },
  ] as Record<string, string>[]) {
    assert.deepEqual(await ask(ours, headers), await ask(theirs, headers), JSON.stringify(headers));
  }
  assert.deepEqual(await ask(ours, { host: 'localhost' }), [200, undefined, 'through']);
});
