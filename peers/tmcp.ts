/** tmcp with its HTTP transport and its zod adapter, both eras. usage: node tmcp.ts PORT */
import { ZodJsonSchemaAdapter } from '@tmcp/adapter-zod';
import { HttpTransport } from '@tmcp/transport-http';
import { McpServer } from 'tmcp';
import { listen } from './fetch-listener.ts';
import { FILLERS, fillerInput, hello, helloInput, portArgument } from './twenty-tools.ts';

const port = portArgument();

const server = new McpServer(
  { name: 'tmcp', version: '1.0.0', description: 'Twenty tools' },
  { adapter: new ZodJsonSchemaAdapter(), capabilities: { tools: {} } },
);
server.tool({ name: 'hello', description: 'Greets by name', schema: helloInput }, async ({ name }) => ({
  content: [{ type: 'text', text: hello(name) }],
}));
for (const filler of FILLERS) {
  server.tool({ name: filler, description: 'Stands in the table', schema: fillerInput }, async () => ({
    content: [{ type: 'text', text: filler }],
  }));
}

const transport = new HttpTransport(server, { path: '/mcp' });
listen(request => transport.respond(request), port);
