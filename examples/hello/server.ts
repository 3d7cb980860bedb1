// The smallest useful server: `npm start` serves it on http://127.0.0.1:8087/mcp.
import { platform, release } from 'node:os';
import { McpServer } from 'slipway';
import { z } from 'zod';

const server = new McpServer({ name: 'hello', version: '1.0.0' });

server.registerTool(
  'hello',
  {
    title: 'Say hello',
    description: 'Greets somebody by name',
    inputSchema: z.object({ name: z.string().default('World').describe('Who to greet') }),
    annotations: { readOnlyHint: true },
  },
  async ({ name }) => ({ content: [{ type: 'text', text: `Hello, ${name}! From production MCP server.` }] }),
);

server.registerTool(
  'system_info',
  {
    title: 'System information',
    description: 'Tells the platform and the Node version that the server runs on',
    annotations: { readOnlyHint: true },
  },
  async () => ({
    content: [{ type: 'text', text: `Platform: ${platform()} ${release()}\nNode: ${process.versions.node}` }],
  }),
);

export default server;
