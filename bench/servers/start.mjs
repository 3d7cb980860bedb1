// The smallest server, plain JavaScript, for the rows "start to ready": says "listening" once it accepts connections.
// usage: node start.mjs [STATE_DIR]
import { McpServer, serve } from 'slipway';
import { z } from 'zod';

const server = new McpServer({ name: 'start', version: '1.0.0' });
server.registerTool(
  'hello',
  { description: 'Greets by name', inputSchema: z.object({ name: z.string().optional() }) },
  async ({ name }) => ({ content: [{ type: 'text', text: `Hello, ${name ?? 'World'}!` }] }),
);
await serve(server, { port: 0, host: '127.0.0.1', stateDir: process.argv[2] });
console.log('listening');
