/** A gateway on the low-level Server: it answers each method itself, custom ones and unknown ones included. */

import {
  type CallToolResult,
  createMcpHandler,
  fromJsonSchema,
  INVALID_PARAMS,
  type JSONRPCRequest,
  type ListToolsResult,
  mergeCapabilities,
  type Notification,
  ProtocolError,
  type Result,
  Server,
  type ServerCapabilities,
  type ServerContext,
  type Tool,
  type Transport,
} from 'slipway';
import * as z from 'zod';

const catalogue: readonly Tool[] = Array.from({ length: 5 }, (_, index) => ({
  name: `tool-${index}`,
  title: `Tool ${index}`,
  inputSchema: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  ...(index === 4 && { outputSchema: { type: 'object' as const, properties: { found: { type: 'number' } } } }),
}));

const Query = fromJsonSchema<{ query: string }>({
  type: 'object',
  properties: { query: { type: 'string', minLength: 2 } },
  required: ['query'],
});

const SearchParams = z.object({ query: z.string(), limit: z.number().int().default(2) });
const SearchResult = z.object({ items: z.array(z.string()) });

const heard: unknown[] = [];

function page(cursor: string | undefined): ListToolsResult {
  const from = Number(cursor ?? '0');
  if (!Number.isInteger(from)) throw new ProtocolError(INVALID_PARAMS, `Unknown cursor ${cursor}`);
  const nextCursor = from + 2 < catalogue.length ? { nextCursor: String(from + 2) } : {};
  return { tools: catalogue.slice(from, from + 2), ...nextCursor, _meta: { 'switchboard.example/page': from / 2 } };
}

async function call(server: Server, name: string, args: unknown): Promise<CallToolResult> {
  const tool = catalogue.find(each => each.name === name);
  if (tool === undefined) return { content: [{ type: 'text', text: `No tool ${name}` }], isError: true };
  const parsed = await Query['~standard'].validate(args ?? {});
  if (parsed.issues) {
    const text = parsed.issues.map(issue => `${issue.path?.join('.') ?? ''} is not right`).join();
    return { content: [{ type: 'text', text }], isError: true };
  }
  if (name === 'tool-3') throw new Error('upstream-12.internal refused');
  if (name === 'tool-4') {
    const found: CallToolResult = { content: [], structuredContent: { found: parsed.value.query.length } };
    return server.projectCallToolResult(found, tool.outputSchema);
  }
  return { content: [{ type: 'text', text: `${name}: ${parsed.value.query}` }] };
}

function build(): Server {
  const declared: ServerCapabilities = mergeCapabilities(
    { tools: { listChanged: true }, resources: {} },
    { logging: {}, resources: { subscribe: true }, experimental: { 'switchboard.example/x': { on: true } } },
  );
  const server = new Server(
    { name: 'switchboard', version: '1.0.0' },
    { capabilities: declared, instructions: 'Everything is forwarded.', cacheHints: { 'tools/list': { ttlMs: 5 } } },
  );
  server.registerCapabilities({ extensions: { 'com.example/feature-flags': { flags: ['dark-mode'] } } });

  server.setRequestHandler('tools/list', request => page(request.params?.cursor));
  server.setRequestHandler('tools/call', request => call(server, request.params.name, request.params.arguments));
  server.setRequestHandler('resources/list', () => ({ resources: [], nextCursor: 'never' }));
  server.setRequestHandler('resources/read', request => ({
    contents: [{ uri: request.params.uri, text: 'raw', mimeType: 'text/plain' }],
    ttlMs: 3,
    cacheScope: 'public',
  }));
  server.setRequestHandler('resources/subscribe', () => ({}));

  server.setRequestHandler(
    'acme/search',
    { params: SearchParams, result: SearchResult },
    async ({ query, limit }, ctx: ServerContext) => {
      await ctx.mcpReq.notify({ method: 'acme/searchProgress', params: { stage: 'start', method: ctx.mcpReq.method } });
      return { items: Array.from({ length: limit }, (_, index) => `${query}-${index}`) };
    },
  );
  server.setRequestHandler('acme/quiet', { params: z.object({}) }, () => ({ quiet: true }));
  server.setRequestHandler('acme/removed', { params: z.object({}) }, () => ({}));
  server.removeRequestHandler('acme/removed');
  server.setRequestHandler('acme/facts', { params: z.object({}) }, () => {
    const refusals: string[] = [];
    for (const attempt of [
      () => server.assertCanSetRequestHandler('tools/list'),
      () => server.assertCanSetRequestHandler('acme/free'),
      () => server.setRequestHandler('prompts/list', () => ({ prompts: [] })),
      () => server.registerCapabilities({ prompts: {} }),
    ]) {
      try {
        attempt();
        refusals.push('allowed');
      } catch {
        refusals.push('refused');
      }
    }
    return { refusals, capabilities: server.getCapabilities(), connected: server.transport !== undefined };
  });

  server.fallbackRequestHandler = async (request: JSONRPCRequest, ctx: ServerContext): Promise<Result> => {
    if (request.method === 'acme/teapot') throw new ProtocolError(418, 'I am a teapot', { kind: 'pot' });
    return { forwarded: request.method, id: ctx.mcpReq.id };
  };
  server.setNotificationHandler('acme/hello', { params: z.object({ name: z.string() }) }, (params, notification) => {
    heard.push(['hello', params, notification.method]);
  });
  server.setNotificationHandler('notifications/roots/list_changed', notification => {
    heard.push([notification.method]);
  });
  server.setNotificationHandler('acme/deaf', { params: z.object({}) }, () => void heard.push('deaf'));
  server.removeNotificationHandler('acme/deaf');
  server.fallbackNotificationHandler = async (notification: Notification) => {
    heard.push(['other', notification.method]);
  };
  return server;
}

export async function connect(transport: Transport): Promise<void> {
  await build().connect(transport);
}

export const handler = createMcpHandler(build);

export const actions = { heard: () => heard.splice(0) };
