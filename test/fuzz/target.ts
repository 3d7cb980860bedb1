/**
 * The server under fire, in a process of its own: `node --expose-gc target.ts [planted fault]`. Says on which port it
 * listens, and on request how much memory it holds and which inputs reached dispatch.
 */
import { setTimeout as pause } from 'node:timers/promises';
import {
  acceptedContent,
  completable,
  fromJsonSchema,
  inputRequired,
  McpServer,
  ResourceTemplate,
  serve,
} from 'slipway';
import * as z from 'zod';
import { INPUT_HEADER } from './generate.ts';
import { misbehave, type PlantedFault } from './planted-fault.ts';
import type { TargetMeasure } from './target-process.ts';
import { SECRET } from './verdict.ts';

const fault = process.argv[2] as PlantedFault | undefined;
/** Long enough for another packet to arrive in between. */
const SLOW_MS = 50;

const dispatched = new Set<string>();

const server = new McpServer(
  { name: 'fuzz-target', version: '1.0.0' },
  { capabilities: { logging: {}, resources: { subscribe: true } } },
);

server.use((ctx, next) => {
  const number = ctx.http?.header(INPUT_HEADER);
  if (number !== undefined) dispatched.add(number);
  return next();
});

server.registerTool(
  'echo',
  { inputSchema: z.object({ text: z.string(), times: z.number().optional(), nested: z.unknown().optional() }) },
  async ({ text }) => ({ content: [{ type: 'text', text: (await misbehave(fault, text)) ?? text }] }),
);

server.registerTool(
  'add',
  { inputSchema: z.object({ a: z.number(), b: z.number() }), outputSchema: z.object({ sum: z.number() }) },
  ({ a, b }) => ({ content: [], structuredContent: { sum: Number.isFinite(a + b) ? a + b : 0 } }),
);

const raw = fromJsonSchema<{ tags?: string[]; limit?: number; mode?: string }>({
  type: 'object',
  properties: {
    tags: { type: 'array', items: { type: 'string', maxLength: 100 }, maxItems: 50, uniqueItems: true },
    limit: { type: 'integer', minimum: 1, maximum: 100 },
    mode: { enum: ['fast', 'slow'] },
  },
  required: ['tags'],
  additionalProperties: false,
});
server.registerTool('raw', { inputSchema: raw }, ({ tags }) => ({
  content: [{ type: 'text', text: String(tags?.length) }],
}));

const region = fromJsonSchema<{ region: string }>({
  type: 'object',
  properties: { region: { type: 'string', 'x-mcp-header': 'Region' }, size: { type: 'integer' } },
});
server.registerTool('region', { inputSchema: region }, () => ({ content: [{ type: 'text', text: 'there' }] }));

server.registerTool('report', { inputSchema: z.object({ steps: z.number().max(50) }) }, async ({ steps }, ctx) => {
  for (let step = 1; step <= steps; step++) {
    await ctx.mcpReq.progress(step, steps);
    await ctx.mcpReq.log('info', { step });
  }
  return { content: [{ type: 'text', text: 'done' }] };
});

server.registerTool('slow', {}, async ctx => {
  await ctx.mcpReq.progress(1);
  await pause(SLOW_MS);
  return { content: [{ type: 'text', text: 'done' }] };
});

server.registerTool('fail', { inputSchema: z.object({ how: z.string() }) }, () => {
  throw new Error(SECRET);
});

server.registerTool('ask', {}, ctx => {
  const name = acceptedContent(ctx.mcpReq.inputResponses, 'name');
  if (name !== undefined) return { content: [{ type: 'text', text: JSON.stringify(name) }] };
  return inputRequired({
    inputRequests: {
      name: inputRequired.elicit({
        message: 'Who are you?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      }),
    },
    requestState: 'first',
  });
});

server.registerResource('fixed', 'note://fixed', { mimeType: 'text/plain' }, uri => ({
  contents: [{ uri: uri.href, text: 'fixed' }],
}));

const items = new ResourceTemplate('note://item/{id}', {
  list: undefined,
  complete: { id: value => ['1', '42', '420'].filter(id => id.startsWith(value)) },
});
server.registerResource('item', items, {}, (uri, { id }) => ({ contents: [{ uri: uri.href, text: String(id) }] }));

const tone = completable(z.string(), value => ['kind', 'keen'].filter(word => word.startsWith(value)));
server.registerPrompt('greet', { argsSchema: z.object({ who: z.string(), tone: tone.optional() }) }, ({ who }) => ({
  messages: [{ role: 'user', content: { type: 'text', text: `Greet ${who}` } }],
}));

async function measure(): Promise<TargetMeasure> {
  // What the last connections hold is freed over a few turns.
  for (let turn = 0; turn < 3; turn++) {
    await pause(30);
    globalThis.gc?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length;
  return { heldBytes: heapUsed + external, rss, sockets, dispatched: dispatched.size };
}

const { port } = await serve(server, { port: 0, host: '127.0.0.1' });
process.on('message', async () => process.send?.(await measure()));
process.on('disconnect', () => process.exit());
process.send?.({ port });
