/**
 * The official SDK v2 as its guide mounts it on node:http: createMcpHandler behind toNodeHandler, a server per request.
 * One server for both eras: 2025-era requests reach its stateless leg. usage: node official-sdk-v2.ts PORT
 */
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { FILLERS, fillerInput, hello, helloInput, portArgument } from './twenty-tools.ts';

const port = portArgument();

const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'official-sdk-v2', version: '1.0.0' });
  server.registerTool('hello', { description: 'Greets by name', inputSchema: helloInput }, async ({ name }) => ({
    content: [{ type: 'text', text: hello(name) }],
  }));
  for (const filler of FILLERS) {
    server.registerTool(filler, { description: 'Stands in the table', inputSchema: fillerInput }, async () => ({
      content: [{ type: 'text', text: filler }],
    }));
  }
  return server;
});

const nodeHandler = toNodeHandler(handler);
createServer((request, response) => void nodeHandler(request, response)).listen(port, '127.0.0.1', () =>
  console.log(`listening on http://127.0.0.1:${port}/mcp`),
);
