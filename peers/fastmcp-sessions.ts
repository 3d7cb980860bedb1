/** fastmcp over its HTTP stream with sessions, which is how it comes. usage: node fastmcp-sessions.ts PORT */
import { FastMCP } from 'fastmcp';
import { FILLERS, fillerInput, hello, helloInput, portArgument } from './twenty-tools.ts';

const port = portArgument();

const server = new FastMCP({ name: 'fastmcp-sessions', version: '1.0.0' });
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

await server.start({ transportType: 'httpStream', httpStream: { port, host: '127.0.0.1' } });
console.log(`listening on http://127.0.0.1:${port}/mcp`);
