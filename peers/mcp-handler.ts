/** mcp-handler: a fetch handler over the official SDK v2, both eras. usage: node mcp-handler.ts PORT */
import { createMcpHandler } from 'mcp-handler';
import { listen } from './fetch-listener.ts';
import { FILLERS, fillerInput, hello, helloInput, portArgument } from './twenty-tools.ts';

const port = portArgument();

const handler = createMcpHandler(server => {
  server.registerTool('hello', { description: 'Greets by name', inputSchema: helloInput }, async ({ name }) => ({
    content: [{ type: 'text', text: hello(name) }],
  }));
  for (const filler of FILLERS) {
    server.registerTool(filler, { description: 'Stands in the table', inputSchema: fillerInput }, async () => ({
      content: [{ type: 'text', text: filler }],
    }));
  }
});

listen(handler, port);
