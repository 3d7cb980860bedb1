import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { McpServer } from 'slipway';
import { z } from 'zod';
import { ask, askLegacy } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

const ICON = { src: 'https://acme.example/icon.png' };

async function served(t: TestContext): Promise<string> {
  const server = new McpServer({ name: 'projected', version: '1.0.0' });
  const config = { title: 'Count', icons: [ICON], _meta: { 'acme.example/x': 1 } };
  server.registerTool('count', { ...config, outputSchema: z.object({ n: z.number() }) }, () => ({ n: 1 }));
  server.registerTool('names', { outputSchema: z.array(z.string()), allow: ['SLIP_SCHEMA_NOT_OBJECT'] }, () => ['Ada']);
  server.registerTool('link', {}, () => ({
    content: [{ type: 'resource_link' as const, uri: 'note://1', name: 'One', icons: [ICON] }],
  }));
  return (await serving(t, server)).url;
}

type Ask = (method: string, params?: Record<string, unknown>) => Promise<Record<string, unknown>>;

const ASKERS: Record<string, (url: string) => Ask> = {
  '2026-07-28': url => async (method, params) => (await ask(url, method, params)).result,
  ...Object.fromEntries(
    ['2025-11-25', '2025-06-18', '2025-03-26'].map(version => [
      version,
      (url: string): Ask =>
        async (method, params) =>
          (await askLegacy(url, method, params, { version })).result,
    ]),
  ),
};

test('a list shows of a tool what the revision knows', async t => {
  const url = await served(t);
  const known: Record<string, string[]> = {
    '2026-07-28': ['_meta', 'icons', 'inputSchema', 'name', 'outputSchema', 'title'],
    '2025-11-25': ['_meta', 'icons', 'inputSchema', 'name', 'outputSchema', 'title'],
    '2025-06-18': ['_meta', 'inputSchema', 'name', 'outputSchema', 'title'],
    '2025-03-26': ['inputSchema', 'name'],
  };
  for (const [version, members] of Object.entries(known)) {
    const { tools } = (await ASKERS[version]!(url)('tools/list')) as { tools: object[] };
    assert.deepEqual(Object.keys(tools[0]!).sort(), members, version);
  }
});

test('output that is no object is wrapped before 2026-07-28, its schema with it', async t => {
  const url = await served(t);
  for (const version of ['2026-07-28', '2025-11-25', '2025-06-18']) {
    const send = ASKERS[version]!(url);
    const { tools } = (await send('tools/list')) as { tools: { outputSchema: Record<string, unknown> }[] };
    const result = await send('tools/call', { name: 'names' });
    const modern = version === '2026-07-28';
    assert.equal(tools[1]?.outputSchema['type'], modern ? 'array' : 'object', version);
    assert.deepEqual(result['structuredContent'], modern ? ['Ada'] : { result: ['Ada'] }, version);
    assert.deepEqual(result['content'], [{ type: 'text', text: '["Ada"]' }], version);
  }
  const oldest = await ASKERS['2025-03-26']!(url)('tools/call', { name: 'names' });
  assert.deepEqual(oldest, { content: [{ type: 'text', text: '["Ada"]' }] });
});

test('a link is a text where there are no links, and has no icons where there are none', async t => {
  const url = await served(t);
  const link = { type: 'resource_link', uri: 'note://1', name: 'One' };
  const expected: Record<string, object> = {
    '2026-07-28': { ...link, icons: [ICON] },
    '2025-11-25': { ...link, icons: [ICON] },
    '2025-06-18': link,
    '2025-03-26': { type: 'text', text: 'One: note://1' },
  };
  for (const [version, block] of Object.entries(expected)) {
    const { content } = await ASKERS[version]!(url)('tools/call', { name: 'link' });
    assert.deepEqual(content, [block], version);
  }
});

test('resultType and the server information belong to the modern era', async t => {
  const url = await served(t);
  const modern = await ASKERS['2026-07-28']!(url)('tools/call', { name: 'count' });
  assert.equal(modern['resultType'], 'complete');
  for (const version of ['2025-11-25', '2025-06-18', '2025-03-26']) {
    const result = await ASKERS[version]!(url)('tools/call', { name: 'count' });
    assert.equal('resultType' in result, false, version);
    assert.equal('_meta' in result, false, version);
  }
});
