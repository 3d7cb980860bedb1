import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type AuthInfo, createMcpHandler, McpServer, silentLogger } from 'slipway';
import { modern, send } from '../support/mcp-post.ts';

/** A node:http host whose callers say who they are, as a guard in front would after it validated a token. */
async function host(handler: ReturnType<typeof createMcpHandler>) {
  const http = createServer((request, response) => {
    const caller = request.headers['x-caller'];
    if (typeof caller === 'string') {
      const authInfo: AuthInfo = { token: 't', clientId: caller, scopes: [] };
      Object.assign(request, { auth: authInfo });
    }
    handler.node(request, response);
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  return { url, close: () => new Promise(resolve => http.close(resolve)) };
}

async function whoami(url: string, caller: string): Promise<string> {
  const prepared = modern('tools/call', { name: 'whoami' });
  const response = await send(url, { ...prepared, headers: { ...prepared.headers, 'x-caller': caller } });
  const { result } = (await response.json()) as { result: { content: [{ text: string }] } };
  return result.content[0].text;
}

test('a handler that kept the context of a shared factory sees its own caller, never the first one', async () => {
  let made = 0;
  const handler = createMcpHandler(ctx => {
    made++;
    const server = new McpServer({ name: 'late', version: '1' }, { logger: silentLogger });
    server.registerTool('whoami', {}, async () => {
      await new Promise(resolve => setTimeout(resolve, 5));
      return `${ctx.authInfo?.clientId} ${ctx.era} ${ctx.requestInfo?.headers.get('x-caller')}`;
    });
    return server;
  });
  const { url, close } = await host(handler);
  assert.equal(await whoami(url, 'alice'), 'alice modern alice');
  const both = await Promise.all([whoami(url, 'bob'), whoami(url, 'carol')]);
  assert.deepEqual(both, ['bob modern bob', 'carol modern carol']);
  assert.equal(made, 1, 'the factory did not look, so its server is shared');
  await close();
});

test('a factory that looks at its context is called for every request', async () => {
  let made = 0;
  const handler = createMcpHandler(({ authInfo }) => {
    made++;
    const server = new McpServer({ name: 'eager', version: '1' }, { logger: silentLogger });
    server.registerTool('whoami', {}, () => `${authInfo?.clientId}`);
    return server;
  });
  const { url, close } = await host(handler);
  assert.deepEqual([await whoami(url, 'alice'), await whoami(url, 'bob')], ['alice', 'bob']);
  assert.equal(made, 2);
  await close();
});
