/** A small MCP server without any fault: both eras, no session, tools that every client takes. Written by hand, so that a
 * fault can be planted anywhere. */
import type { FixtureAnswer, FixtureRequest } from './fixture-request.ts';

export const TOOLS = [
  {
    name: 'add',
    title: 'Add',
    description: 'Adds two numbers',
    inputSchema: {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
    },
    outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
    annotations: { readOnlyHint: true, title: 'Add' },
  },
  {
    name: 'now',
    title: 'Now',
    description: 'Says what time it is',
    inputSchema: { type: 'object' },
    annotations: { readOnlyHint: true, title: 'Now' },
  },
] as const;

const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26'];
const MODERN = '2026-07-28';
const INFO = { name: 'fixture', version: '1.0.0' };
const CAPABILITIES = { tools: {} };

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version',
};

/** `legacy`: it has never heard of 2026-07-28. `modern`: it speaks nothing else. */
export type Era = 'legacy' | 'modern';

export interface HealthyMcp {
  readonly path: string;
  readonly tools: readonly object[];
  /** Default: both. */
  readonly era?: Era | undefined;
}

type Params = Readonly<Record<string, unknown>>;

function versionOf(params: Params = {}): unknown {
  return (params['_meta'] as Params | undefined)?.['io.modelcontextprotocol/protocolVersion'];
}

function preflight(): FixtureAnswer {
  return {
    status: 204,
    headers: {
      ...CORS,
      'Access-Control-Allow-Methods': 'POST, GET, DELETE, OPTIONS',
      'Access-Control-Allow-Headers':
        'Content-Type, Accept, Authorization, MCP-Protocol-Version, Mcp-Session-Id, Mcp-Method, Mcp-Name, Last-Event-ID',
    },
  };
}

function rpcError(id: unknown, code: number, message: string, data?: object): object {
  return { jsonrpc: '2.0', id: id ?? null, error: { code, message, ...(data && { data }) } };
}

/** The answer to a call of a tool, in the 2025 era's shape. */
function callTool({ name, arguments: given }: Params): object | undefined {
  if (name === 'add') {
    const { a, b } = (given ?? {}) as Params;
    if (typeof a !== 'number' || typeof b !== 'number') {
      return { content: [{ type: 'text', text: 'a and b have to be numbers' }], isError: true };
    }
    return { content: [{ type: 'text', text: `${a + b}` }], structuredContent: { sum: a + b } };
  }
  if (name === 'now') return { content: [{ type: 'text', text: 'noon' }] };
  return undefined;
}

/** The result of a method of either era; undefined for one that there is not. */
function resultOf(method: string, params: Params, { tools }: HealthyMcp): object | undefined {
  if (method === 'tools/list') return { tools };
  if (method === 'tools/call') return callTool(params);
  if (method === 'ping') return {};
  return undefined;
}

function modern({ headers, message }: FixtureRequest, mcp: HealthyMcp): FixtureAnswer {
  const { id, method = '', params = {} } = message!;
  const version = versionOf(params);
  if (headers['mcp-protocol-version'] !== version) {
    return { status: 400, body: rpcError(id, -32020, 'MCP-Protocol-Version differs from the envelope') };
  }
  if (version !== MODERN) {
    const data = { supported: [MODERN], requested: version };
    return { status: 400, body: rpcError(id, -32022, 'Unsupported protocol version', data) };
  }
  if (headers['mcp-method'] !== method) return { status: 400, body: rpcError(id, -32020, 'Mcp-Method is missing') };
  const stamp = { resultType: 'complete', _meta: { 'io.modelcontextprotocol/serverInfo': INFO } };
  const cache = { ttlMs: 0, cacheScope: 'private' };
  if (method === 'server/discover') {
    const result = { ...stamp, ...cache, supportedVersions: [MODERN, ...LEGACY], capabilities: CAPABILITIES };
    return { body: { jsonrpc: '2.0', id, result } };
  }
  const result = method === 'ping' ? undefined : resultOf(method, params, mcp);
  if (result === undefined && method === 'tools/call') return { body: rpcError(id, -32602, 'Unknown tool') };
  if (result === undefined) return { status: 404, body: rpcError(id, -32601, 'Method not found') };
  return { body: { jsonrpc: '2.0', id, result: { ...stamp, ...(method === 'tools/list' && cache), ...result } } };
}

function legacy({ message }: FixtureRequest, mcp: HealthyMcp): FixtureAnswer {
  const { id, method = '', params = {} } = message!;
  if (method === 'initialize') {
    const asked = params['protocolVersion'];
    const protocolVersion = LEGACY.find(known => known === asked) ?? LEGACY[0];
    return { body: { jsonrpc: '2.0', id, result: { protocolVersion, capabilities: CAPABILITIES, serverInfo: INFO } } };
  }
  const result = resultOf(method, params, mcp);
  if (result !== undefined) return { body: { jsonrpc: '2.0', id, result } };
  if (method === 'tools/call') return { body: rpcError(id, -32602, 'Unknown tool') };
  return { body: rpcError(id, -32601, 'Method not found') };
}

/** What a healthy server answers at its endpoint; undefined for another path. */
export function healthyMcp(request: FixtureRequest, mcp: HealthyMcp): FixtureAnswer | undefined {
  if (request.url.pathname.replace(/\/$/, '') !== mcp.path.replace(/\/$/, '')) return undefined;
  if (request.method === 'OPTIONS') return preflight();
  const answer = post(request, mcp);
  return { ...answer, headers: { ...CORS, ...answer.headers } };
}

function post(request: FixtureRequest, mcp: HealthyMcp): FixtureAnswer {
  const { method, message } = request;
  if (method !== 'POST') return { status: 405, headers: { Allow: 'POST, OPTIONS' } };
  if (message === undefined) return { status: 400, body: rpcError(null, -32700, 'Parse error') };
  if (message.id === undefined) return { status: 202 };
  const era = mcp.era ?? (versionOf(message.params) === undefined ? 'legacy' : 'modern');
  return era === 'legacy' ? legacy(request, mcp) : modern(request, mcp);
}
