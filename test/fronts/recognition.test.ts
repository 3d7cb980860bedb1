// Which front an answer has passed is told from its headers and its body, and only where that is plain.
import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
// @ts-expect-error: Express brings no types
import untypedExpress from 'express';
import { FRONTS, frontsOf } from '../../src/fronts/fronts.ts';

const express = untypedExpress as () => RequestListener;

function named(headers: Readonly<Record<string, string>>, body = ''): string[] {
  return frontsOf(new Headers(headers), body).map(({ name }) => name);
}

/** For each front, answers as it gives them. */
const ANSWERS: Readonly<Record<string, readonly (readonly [Record<string, string>, string?])[]>> = {
  Cloudflare: [[{ server: 'cloudflare', 'cf-ray': '8c0-FRA' }], [{ 'cf-mitigated': 'challenge' }]],
  CloudFront: [[{ via: '1.1 abc.cloudfront.net (CloudFront)' }], [{ 'x-amz-cf-id': 'x' }]],
  Fastly: [[{ 'x-served-by': 'cache-fra-etou8220098-FRA' }]],
  'Azure Front Door': [[{ 'x-azure-ref': '20260101T000000Z' }]],
  'Google Front End': [[{ server: 'Google Frontend' }], [{ via: '1.1 google' }]],
  'AWS API Gateway': [[{ 'apigw-requestid': 'x' }]],
  'AWS Application Load Balancer': [[{ server: 'awselb/2.0' }], [{ 'set-cookie': 'AWSALB=x; Path=/' }]],
  Vercel: [[{ server: 'Vercel', 'x-vercel-id': 'fra1::x' }]],
  'Fly.io': [[{ server: 'Fly/4f1a', 'fly-request-id': 'x' }]],
  Render: [[{ 'rndr-id': 'x' }]],
  Railway: [[{ server: 'railway-edge' }]],
  Heroku: [[{ via: '1.1 vegur' }], [{ server: 'Heroku' }]],
  ngrok: [[{ 'ngrok-error-code': 'ERR_NGROK_3200' }], [{}, '<html>ERR_NGROK_6024</html>']],
  Envoy: [[{ server: 'istio-envoy' }], [{ 'x-envoy-upstream-service-time': '3' }]],
  nginx: [
    [{ server: 'nginx/1.22.1' }],
    [{ server: 'openresty' }],
    [{}, '<html><body><hr><center>nginx</center></body></html>'],
  ],
  Caddy: [[{ server: 'Caddy' }], [{ via: '1.1 Caddy' }]],
  Apache: [[{ server: 'Apache/2.4.62 (Debian)' }]],
  Express: [[{ 'x-powered-by': 'Express' }], [{}, '<pre>Cannot POST /mcp</pre>']],
  Starlette: [[{ server: 'uvicorn' }], [{}, '{"detail":"Not Found"}']],
  'MCP TypeScript SDK': [
    [{}, '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Method not allowed."},"id":null}'],
    [{}, '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Server not initialized"},"id":null}'],
    [{}, '{"jsonrpc":"2.0","error":{"code":-32000,"message":"Bad Request: Unsupported protocol version: 2026-07-28"}}'],
  ],
  'MCP Python SDK or FastMCP': [
    [{}, '{"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"Bad Request: Missing session ID"}}'],
  ],
  Slipway: [
    [{}, '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"x","data":{"code":"SLIP_HTTP_METHOD"}}}'],
  ],
};

describe('a front is recognised', () => {
  test('there is an example of every one', () => {
    assert.deepEqual(FRONTS.map(({ name }) => name).sort(), Object.keys(ANSWERS).sort());
  });

  for (const [name, answers] of Object.entries(ANSWERS)) {
    test(`${name}, and nothing else in its answers`, () => {
      for (const [headers, body] of answers) assert.deepEqual(named(headers, body), [name], JSON.stringify(headers));
    });
  }

  test('several in a row are told from the outside in', () => {
    const headers = { server: 'cloudflare', via: '1.1 google', 'x-powered-by': 'Express' };
    assert.deepEqual(named(headers), ['Cloudflare', 'Google Front End', 'Express']);
  });

  test('an answer that says nothing of its way is of none', () => {
    const headers = { 'content-type': 'application/json', server: 'mine', via: '1.1 proxy', 'x-request-id': '1' };
    assert.deepEqual(named(headers, '{"jsonrpc":"2.0","id":1,"result":{}}'), []);
  });

  test('the Express that is installed', async t => {
    const server = createServer(express()).listen(0, '127.0.0.1');
    t.after(() => server.close());
    await new Promise(resolve => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST' });
    const body = await response.text();
    assert.deepEqual(named(Object.fromEntries(response.headers), body), ['Express']);
    assert.deepEqual(named({}, body), ['Express'], 'without the header too');
  });
});

describe('snippets', () => {
  for (const { name, snippets } of FRONTS) {
    test(`${name}: each names rows of the catalogue, and no row has two`, () => {
      const rows = snippets.flatMap(snippet => snippet.rows);
      assert.ok(rows.length > 0);
      assert.equal(new Set(rows).size, rows.length);
      assert.ok(rows.every(row => Number.isInteger(row) && row >= 1 && row <= 100));
      for (const { text } of snippets) assert.equal(text, text.trim());
    });
  }
});
