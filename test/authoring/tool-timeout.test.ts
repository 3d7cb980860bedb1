import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { McpServer } from 'slipway';
import { callTool } from '../support/mcp-post.ts';
import { serving } from '../support/serving.ts';

test('a tool beyond its timeout is an error result that names it, and its signal aborts', async t => {
  const server = new McpServer({ name: 'slow', version: '1.0.0' });
  let reason: unknown;
  server.registerTool('slow', { timeout: 50 }, async ctx => {
    await once(ctx.mcpReq.signal, 'abort');
    reason = ctx.mcpReq.signal.reason;
    return 'too late';
  });
  server.registerTool('deaf', { timeout: 50 }, () => new Promise<string>(() => {}));
  server.registerTool('quick', { timeout: 5000 }, async ctx => `${ctx.mcpReq.signal.aborted}`);
  server.registerTool('sync', { timeout: 5000 }, () => 'sync');
  const { url } = await serving(t, server);
  for (const name of ['slow', 'deaf']) {
    const { result } = await callTool(url, name);
    assert.equal(result.isError, true);
    assert.match(result.content[0].text, new RegExp(`${name}.*50 ms`));
  }
  assert.equal((reason as { code: string }).code, 'SLIP_TOOL_TIMEOUT');
  assert.equal((await callTool(url, 'quick')).result.content[0].text, 'false');
  assert.equal((await callTool(url, 'sync')).result.content[0].text, 'sync');
});

test('a timeout that is none is refused at registration', () => {
  const server = new McpServer({ name: 'slow', version: '1.0.0' });
  for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => server.registerTool('x', { timeout }, () => 'x'), { code: 'SLIP_INVALID_OPTION' });
  }
  server.registerTool('x', {}, () => 'a refused registration leaves the name free');
});
