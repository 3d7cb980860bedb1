/**
 * Slipway as its users run it: zod schemas, every default on. usage: node slipway.ts PORT [TOOLS] [json|sse|auto]
 * With an IPC channel it also answers the probes of memory-probe.ts.
 */
import { InMemoryServerEventBus, McpServer, serve } from 'slipway';
import { z } from 'zod';
import { answerProbes } from '../memory-probe.ts';

const [port, tools = '20', responseMode = 'auto'] = process.argv.slice(2);
if (responseMode !== 'json' && responseMode !== 'sse' && responseMode !== 'auto') {
  throw new TypeError(`the answer is json, sse or auto, not ${responseMode}`);
}

const server = new McpServer({ name: 'bench', version: '1.0.0' });
server.registerTool(
  'hello',
  { description: 'Greets by name', inputSchema: z.object({ name: z.string().optional() }) },
  async ({ name }) => ({ content: [{ type: 'text', text: `Hello, ${name ?? 'World'}!` }] }),
);
for (let index = 1; index < Number(tools); index++) {
  server.registerTool(
    `filler-${index}`,
    { description: 'Stands in the table', inputSchema: z.object({ value: z.string().optional() }) },
    async () => ({ content: [{ type: 'text', text: `filler-${index}` }] }),
  );
}

const bus = new InMemoryServerEventBus();
await serve(server, { port: Number(port), host: '127.0.0.1', responseMode, bus, maxSubscriptions: 20_000 });
console.log('listening');

if (process.send !== undefined) answerProbes(() => bus.publish({ kind: 'tools_list_changed' }));
