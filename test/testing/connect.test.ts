import assert from 'node:assert/strict';
import { test } from 'node:test';
import { McpServer, ToolError } from 'slipway';
import { connect } from 'slipway/testing';
import { z } from 'zod';

function calculator(): McpServer {
  const server = new McpServer({ name: 'calculator', version: '1.0.0' });
  const Pair = z.object({ a: z.number(), b: z.number() });
  server.registerTool('add', { inputSchema: Pair }, ({ a, b }) => a + b);
  server.registerTool('divide', { inputSchema: Pair }, ({ a, b }) => {
    if (b === 0) throw new ToolError('Nothing can be divided by zero');
    return { quotient: a / b };
  });
  return server;
}

test('a tool is called in two lines', async () => {
  const client = await connect(calculator());
  const result = await client.callTool('add', { a: 1, b: 2 });
  assert.equal(result.text, '3');
  await client.close();
});

test('a client closes itself at the end of its block', async () => {
  const server = calculator();
  {
    await using client = await connect(server);
    assert.equal(server.isConnected(), true);
    assert.equal((await client.callTool('divide', { a: 1, b: 2 })).text, '{"quotient":0.5}');
  }
  assert.equal(server.isConnected(), false);
});

test('a tool that fails is a result, one that is not there an error', async () => {
  await using client = await connect(calculator());
  const failed = await client.callTool('divide', { a: 1, b: 0 });
  assert.equal(failed.isError, true);
  assert.equal(failed.text, 'Nothing can be divided by zero');
  await assert.rejects(client.callTool('multiply'), { code: -32602 });
});
