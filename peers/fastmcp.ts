/** fastmcp over its stateless HTTP stream; it speaks 2025-11-25 and older only. usage: node fastmcp.ts PORT */
import { FastMCP } from 'fastmcp';
import { FILLERS, fillerInput, hello, helloInput, portArgument } from './twenty-tools.ts';

const port = portArgument();

const server = new FastMCP({ name: 'fastmcp', version: '1.0.0' });
server.addTool({
  name: 'hello',
  description: 'Greets by name',
  parameters: helloInput,
  execute: async ({ name }) => hello(name),
});
for (const filler of FILLERS) {
  server.addTool({
    name: filler,
    description: 'Stands in the table',
    parameters: fillerInput,
    execute: async () => filler,
  });
}

// enableJsonResponse is its fastest answer: one JSON body instead of a stream.
await server.start({
  transportType: 'httpStream',
  httpStream: { port, host: '127.0.0.1', stateless: true, enableJsonResponse: true },
});
console.log(`listening on http://127.0.0.1:${port}/mcp`);
