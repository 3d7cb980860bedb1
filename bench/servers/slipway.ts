/**
 * Slipway as its users run it: zod schemas, every default on.
 * usage: node slipway.ts PORT [TOOLS] [json|sse|auto] [STATE_DIR]; without STATE_DIR, state is kept in memory.
 * With an IPC channel it also answers the probes of memory-probe.ts.
 */
import { McpServer, serve } from 'slipway';
import { z } from 'zod';
import { answerProbes } from '../memory-probe.ts';

const [port, tools = '20', responseMode = 'auto', stateDir] = process.argv.slice(2);
if (responseMode !== 'json' && responseMode !== 'sse' && responseMode !== 'auto') {
  throw new TypeError(`the answer is json, sse or auto, not ${responseMode}`);
}

const server = new McpServer({ name: 'bench', version: '1.0.0' });
server.registerTool(
  'hello',
  { description: 'Greets by name', inputSchema: z.object({ name: z.string().optional() }) },
  async ({ name }) => ({ content: [{ type: 'text', text: `Hello, ${name ?? 'World'}!` }] }),
);
server.registerTool(
  'tell',
  { description: 'Tells something several times, then answers', inputSchema: z.object({ times: z.number() }) },
  async ({ times }, { mcpReq }) => {
    for (let time = 1; time <= times; time++) {
      const params = { level: 'info', data: `Row ${time} of ${times} is done` };
      await mcpReq.notify({ method: 'notifications/message', params });
    }
    return { content: [{ type: 'text', text: `Told ${times} times` }] };
  },
);
for (let index = 2; index < Number(tools); index++) {
  server.registerTool(
    `filler-${index}`,
    { description: 'Stands in the table', inputSchema: z.object({ value: z.string().optional() }) },
    async () => ({ content: [{ type: 'text', text: `filler-${index}` }] }),
  );
}

const limits = { maxSubscriptions: 20_000 };
await serve(server, { port: Number(port), host: '127.0.0.1', responseMode, stateDir, ...limits });
console.log('listening');

if (process.send !== undefined) answerProbes(() => server.sendToolListChanged());
