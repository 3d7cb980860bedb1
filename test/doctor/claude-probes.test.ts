// Both probes of Claude, byte for byte as they were captured on the wire (anthropics/claude-ai-mcp#76, #217, #354).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { examine } from '../../src/doctor/doctor.ts';
import type { Observation } from '../../src/doctor/observation.ts';
import { discoveryProbe, runtimeProbe } from '../../src/doctor/observations/claude.ts';
import { discover } from '../../src/doctor/observations/discover.ts';
import { healthyServer } from './kit/healthy-server.ts';

/** What a server gets of one observation, but for what HTTP adds. */
async function received(observe: Observation<unknown>) {
  const running = await healthyServer();
  try {
    const run = async (examination: Parameters<typeof observe>[0]) => {
      await observe(examination);
      return [];
    };
    await examine({
      url: running.url,
      allowPrivate: true,
      plans: [{ stage: 'mcp', probes: [{ name: 'sends it', stage: 'mcp', rows: [], run }] }],
    });
    const [request] = running.requests;
    const { host, connection, ...headers } = request!.headers;
    return { method: request!.method, headers, body: request!.body };
  } finally {
    await running.close();
  }
}

test('the first, which comes while a connector is registered', async () => {
  assert.deepEqual(await received(discoveryProbe), {
    method: 'POST',
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip, deflate',
      'user-agent': 'python-httpx/0.28.1',
      'mcp-protocol-version': '2025-11-25',
      'content-type': 'application/json',
      'content-length': '158',
    },
    body: '{"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"Anthropic","version":"1.0.0"}},"jsonrpc":"2.0","id":1}',
  });
});

test('the second, which comes when it is used, without a version header', async () => {
  assert.deepEqual(await received(runtimeProbe), {
    method: 'POST',
    headers: {
      accept: 'application/json, text/event-stream',
      'accept-encoding': 'gzip, deflate',
      'user-agent': 'Claude-User',
      'content-type': 'application/json',
      'content-length': '254',
    },
    body: '{"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}},"clientInfo":{"name":"Anthropic/ClaudeAI","version":"1.0.0"}},"jsonrpc":"2.0","id":0}',
  });
});

test('server/discover has the header, the method and an envelope that agree', async () => {
  const { headers, body } = await received(discover);
  const { id, method, params } = JSON.parse(body);
  assert.deepEqual(
    [headers['user-agent'], headers['mcp-protocol-version'], headers['mcp-method']],
    ['Claude-User', '2026-07-28', 'server/discover'],
  );
  assert.deepEqual([id, method], ['server-discover-probe-1', 'server/discover']);
  assert.deepEqual(Object.keys(params['_meta']).sort(), [
    'io.modelcontextprotocol/clientCapabilities',
    'io.modelcontextprotocol/clientInfo',
    'io.modelcontextprotocol/protocolVersion',
  ]);
});
