/** The server of a new project, and its test. */

export function serverSource(name: string): string {
  return `import { McpServer } from 'slipway';
import { z } from 'zod';

const server = new McpServer({ name: '${name}', version: '0.1.0' });

server.registerTool(
  'add',
  {
    title: 'Add',
    description: 'Adds two numbers',
    inputSchema: z.object({ a: z.number(), b: z.number() }),
    annotations: { readOnlyHint: true },
  },
  async ({ a, b }) => String(a + b),
);

export default server;
`;
}

export const SERVER_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from 'slipway/testing';
import server from './server.ts';

test('add adds two numbers', async t => {
  const client = await connect(server);
  t.after(() => client.close());
  const result = await client.callTool('add', { a: 1, b: 2 });
  assert.equal(result.text, '3');
});
`;
