/**
 * Slipway as its users run it: zod schemas, every default on.
 * usage: node slipway.ts PORT [TOOLS] [json|sse|auto] [memory|sqlite] [none|metrics-and-limits|access-log] [FOLDER]
 * FOLDER is for the state and the log.
 * With an IPC channel it also answers the probes of memory-probe.ts.
 */
import { join } from 'node:path';
import { McpServer, type ServeOptions, serve } from 'slipway';
import { z } from 'zod';
import { answerProbes } from '../memory-probe.ts';

const [port, tools = '20', responseMode = 'auto', state, production, folder] = process.argv.slice(2);
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

/** Limits that are counted and never reached. */
const watched: ServeOptions = {
  adminPort: 0,
  rateLimitPerAddress: '100000000/s',
  rateLimitPerTool: '100000000/s',
  maxConcurrentPerCaller: 10_000,
};
await serve(server, {
  port: Number(port),
  host: '127.0.0.1',
  responseMode,
  maxSubscriptions: 20_000,
  ...(state === 'sqlite' && folder !== undefined && { stateDir: folder }),
  ...((production === 'metrics-and-limits' || production === 'access-log') && watched),
  ...(production === 'access-log' && { accessLog: true, logFile: join(folder!, 'access.log') }),
});
console.log('listening');

if (process.send !== undefined) answerProbes(() => server.sendToolListChanged());
