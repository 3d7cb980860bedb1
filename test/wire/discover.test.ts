import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { ask, askLegacy } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

const INFO = {
  name: 'found',
  version: '1.2.3',
  title: 'Found',
  description: 'A server to be found',
  websiteUrl: 'https://found.example/',
  icons: [{ src: 'https://found.example/icon.png', mimeType: 'image/png', sizes: ['48x48'] }],
};

test('server/discover tells revisions, capabilities, instructions and who the server is', async t => {
  const extensions = { 'com.example/feature': { version: 2 } };
  const options = { capabilities: { logging: {}, extensions }, instructions: 'Ask.' };
  const server = new McpServer(INFO, options);
  server.registerTool('any', {}, () => 'any');
  const { url } = await serving(t, server);
  const { result } = await ask(url, 'server/discover');
  assert.deepEqual(result.supportedVersions, ['2026-07-28']);
  assert.deepEqual(result.capabilities, { logging: {}, extensions, tools: { listChanged: true } });
  assert.equal(result.instructions, 'Ask.');
  assert.deepEqual(result._meta['io.modelcontextprotocol/serverInfo'], INFO);
  assert.equal(result.resultType, 'complete');
});

test('a capability that appears later is discovered later', async t => {
  const server = new McpServer({ name: 'growing', version: '1.0.0' });
  const { url } = await serving(t, server);
  assert.deepEqual((await ask(url, 'server/discover')).result.capabilities, {});
  assert.equal((await ask(url, 'tools/list')).error?.code, -32601);
  server.registerTool('any', {}, () => 'any');
  server.registerPrompt('any', {}, () => 'any');
  assert.deepEqual((await ask(url, 'server/discover')).result.capabilities, {
    tools: { listChanged: true },
    prompts: { listChanged: true },
  });
  assert.equal((await ask(url, 'tools/list')).result.tools.length, 1);
});

test('initialize agrees on the revision that was asked for, or offers the newest of its era', async t => {
  const { url } = await serving(t, new McpServer(INFO));
  const clientInfo = { name: 'test', version: '1.0.0' };
  for (const [asked, agreed] of [
    ['2025-11-25', '2025-11-25'],
    ['2025-06-18', '2025-06-18'],
    ['2025-03-26', '2025-03-26'],
    ['1999-01-01', '2025-11-25'],
    ['2026-07-28', '2025-11-25'],
  ] as const) {
    const { result } = await askLegacy(url, 'initialize', { protocolVersion: asked, capabilities: {}, clientInfo });
    assert.equal(result.protocolVersion, agreed, asked);
  }
});

test('each era has only its own methods', async t => {
  const { url } = await serving(t, new McpServer(INFO, { capabilities: { logging: {} } }));
  for (const method of ['initialize', 'ping', 'logging/setLevel']) {
    const { error } = await ask(url, method, {
      level: 'info',
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: INFO,
    });
    assert.equal(error?.code, -32601, method);
  }
  assert.equal((await askLegacy(url, 'server/discover')).error?.code, -32601);
  assert.equal((await askLegacy(url, 'subscriptions/listen', { notifications: {} })).error?.code, -32601);
  assert.deepEqual((await askLegacy(url, 'ping')).result, {});
});
