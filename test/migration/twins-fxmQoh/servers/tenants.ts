/**
 * One server for several tenants: the factory builds what this caller may see, in the era this caller speaks. Four
 * ways to serve it: both eras, modern only, an own routing between the eras, and a small body limit.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type FetchLikeMcpHandler,
  type NodeMcpRequestHandler,
  type ToNodeHandlerOptions,
  toNodeHandler,
} from 'slipway';
import {
  type AuthInfo,
  type CreateMcpHandlerOptions,
  createMcpHandler,
  DEFAULT_MAX_REQUEST_BODY_SIZE,
  isJsonContentType,
  isLegacyRequest,
  legacyStatelessFallback,
  type McpRequestContext,
  McpServer,
  type McpServerFactory,
  requireScopes,
  type ScopeChallengeHandler,
  type ServerContext,
} from 'slipway';
import * as z from 'zod';

const tokens: Readonly<Record<string, AuthInfo>> = {
  alice: {
    token: 'alice',
    clientId: 'alice',
    scopes: ['read', 'write'],
    expiresAt: 4_000_000_000,
    extra: { plan: 'pro' },
  },
  bob: { token: 'bob', clientId: 'bob', scopes: ['read'], expiresAt: 4_000_000_000 },
};
const reported: string[] = [];
const served: string[] = [];

function text(value: unknown) {
  return { content: [{ type: 'text' as const, text: JSON.stringify(value) }] };
}

const needsMore: ScopeChallengeHandler = ({ request, authInfo }) =>
  request.method === 'prompts/get' && authInfo?.clientId === 'bob'
    ? { scopes: ['read', 'prompts'], errorDescription: 'Bob needs one more scope' }
    : undefined;

const build: McpServerFactory = async ({ era, authInfo, requestInfo }: McpRequestContext) => {
  await Promise.resolve();
  served.push(`${era} ${authInfo?.clientId ?? 'nobody'} ${requestInfo?.method}`);
  const server = new McpServer({ name: `tenant-${authInfo?.clientId ?? 'public'}`, version: '1.0.0' });
  server.registerTool('whoami', { description: `For ${era} clients` }, async (ctx: ServerContext) =>
    text({
      era,
      clientId: ctx.http?.authInfo?.clientId ?? 'anonymous',
      plan: ctx.http?.authInfo?.extra?.['plan'] ?? null,
      trace: ctx.http?.req?.headers.get('x-trace') ?? null,
      url: ctx.http?.req === undefined ? null : new URL(ctx.http.req.url).pathname,
      factory: requestInfo?.headers.get('x-trace') ?? null,
      session: ctx.sessionId ?? null,
      id: ctx.mcpReq.id,
    }),
  );
  server.registerTool('client', {}, async ctx => {
    const envelope = ctx.mcpReq.envelope ?? {};
    const meta = ctx.mcpReq._meta ?? {};
    return text({
      envelope: Object.keys(envelope).sort(),
      meta: Object.keys(meta).sort(),
      client: server.server.getClientVersion()?.name ?? null,
      capabilities: Object.keys(server.server.getClientCapabilities() ?? {}),
      version: server.server.getNegotiatedProtocolVersion() ?? null,
    });
  });
  if (authInfo?.scopes.includes('write')) {
    server.registerTool('erase', { inputSchema: z.object({ what: z.string() }) }, ({ what }) => text(`erased ${what}`));
  }
  server.registerTool('publish', { scopeChallenge: requireScopes('read', 'publish') }, () => text('published'));
  server.registerPrompt('plan', { scopeChallenge: needsMore }, () => ({
    messages: [{ role: 'user', content: { type: 'text', text: 'Plan' } }],
  }));
  server.registerResource('books', 'tenant://books', { scopeChallenge: requireScopes('write') }, uri => ({
    contents: [{ uri: uri.href, text: 'books' }],
  }));
  return server;
};

const options: CreateMcpHandlerOptions = { legacy: 'stateless', onerror: error => reported.push(error.name) };

export const handler = createMcpHandler(build, options);
const strict = createMcpHandler(build, { legacy: 'reject' });
const small = createMcpHandler(build, { maxRequestBodySize: 900 });
const legacyLeg = legacyStatelessFallback(build, error => reported.push(error.name));

const routed: FetchLikeMcpHandler = {
  async fetch(request: Request, given?: { authInfo?: AuthInfo; parsedBody?: unknown }): Promise<Response> {
    if (!isJsonContentType(request.headers.get('content-type'))) return new Response('JSON only', { status: 415 });
    if (await isLegacyRequest(request)) return legacyLeg(request, given);
    return strict.fetch(request, given);
  },
};

const tight: ToNodeHandlerOptions = { maxRequestBodySize: 300 };
const mounts: Readonly<Record<string, NodeMcpRequestHandler>> = {
  '/strict': toNodeHandler(strict),
  '/small': toNodeHandler(small),
  '/routed': toNodeHandler(routed, { onerror: error => reported.push(error.name) }),
  '/tight': toNodeHandler(handler, tight),
};
const main = toNodeHandler(handler);

/** Stands for a bearer gate: it knows two tokens and hands on who they belong to. */
export async function listener(
  request: IncomingMessage & { auth?: AuthInfo },
  response: ServerResponse,
): Promise<void> {
  const token = request.headers.authorization?.replace('Bearer ', '');
  if (token !== undefined && tokens[token]) request.auth = tokens[token];
  if (request.url === '/parsed') {
    let body = '';
    for await (const chunk of request) body += chunk;
    await main(request, response, JSON.parse(body));
    return;
  }
  await (mounts[request.url ?? ''] ?? main)(request, response);
}

export const actions = {
  limit: () => DEFAULT_MAX_REQUEST_BODY_SIZE,
  served: () => served.splice(0),
  reported: () => reported.splice(0).length > 0,
  close: async () => {
    await handler.close();
    await small.close();
  },
};
