/**
 * The official SDK v1 without sessions, a server and a transport per request as in its example, on node:http. It speaks
 * 2025-11-25 and older only. Its example with sessions comes with the package: dist/esm/examples/server/simpleStreamableHttp.js.
 * usage: node official-sdk-v1.ts PORT
 */
import { createServer } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { FILLERS, fillerInput, hello, helloInput, portArgument } from './twenty-tools.ts';

const port = portArgument();

function makeServer(): McpServer {
  const server = new McpServer({ name: 'official-sdk-v1', version: '1.0.0' });
  server.registerTool('hello', { description: 'Greets by name', inputSchema: helloInput }, async ({ name }) => ({
    content: [{ type: 'text', text: hello(name) }],
  }));
  for (const filler of FILLERS) {
    server.registerTool(filler, { description: 'Stands in the table', inputSchema: fillerInput }, async () => ({
      content: [{ type: 'text', text: filler }],
    }));
  }
  return server;
}

createServer(async (request, response) => {
  if (request.method !== 'POST') {
    response.writeHead(405, { Allow: 'POST', 'Content-Type': 'application/json' });
    const error = { code: -32000, message: 'Method not allowed.' };
    return response.end(JSON.stringify({ jsonrpc: '2.0', error, id: null }));
  }
  const server = makeServer();
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  response.on('close', () => {
    void transport.close();
    void server.close();
  });
  await server.connect(transport);
  return transport.handleRequest(request, response);
}).listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}/mcp`));
