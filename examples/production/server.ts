// The server of the guide, complete: what runs it in production is in slipway.config.ts and deploy/. See README.md.
import { platform, release } from 'node:os';
import { McpServer } from 'slipway';
import { z } from 'zod';

const server = new McpServer(
  { name: 'production-mcp', title: 'Production MCP', version: '1.0.0' },
  { instructions: 'Greets people, and tells what it runs on.' },
);

server.registerTool(
  'hello',
  {
    title: 'Say hello',
    description: 'Greets somebody by name',
    inputSchema: z.object({ name: z.string().trim().min(1).max(100).default('World').describe('Who to greet') }),
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  async ({ name }) => `Hello, ${name}! From production MCP server.`,
);

server.registerTool(
  'system_info',
  {
    title: 'System information',
    description: 'Tells the platform and the Node version that the server runs on',
    annotations: { readOnlyHint: true, openWorldHint: false },
    // Of one caller. Without tokens that is an address, and all users of Claude share a few of those.
    rateLimit: '60/1m',
  },
  async () => `Platform: ${platform()} ${release()}\nNode: ${process.versions.node}`,
);

export default server;
