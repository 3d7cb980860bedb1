/** MCP requests as a client of either era sends them, and their answers, over real HTTP. */
import { eventsOf } from './event-stream.ts';

export const MODERN = '2026-07-28';
export const LEGACY = '2025-11-25';

type Members = Readonly<Record<string, unknown>>;

export interface Changes {
  readonly id?: string | number;
  /** Sent beside the standard headers, or in place of them; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Members of `_meta` beside the envelope. */
  readonly meta?: Members;
  readonly capabilities?: Members;
  readonly signal?: AbortSignal;
  /** Revision of a 2025-era request. */
  readonly version?: string;
}

export interface Prepared {
  readonly headers: Record<string, string>;
  readonly body: string;
}

const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

function headersOf(...maps: readonly Readonly<Record<string, string | null>>[]): Record<string, string> {
  const merged = Object.assign({}, ...maps) as Record<string, string | null>;
  return Object.fromEntries(Object.entries(merged).filter((pair): pair is [string, string] => pair[1] !== null));
}

const COMMON = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A well-formed 2026-07-28 request. */
export function modern(method: string, params: Members = {}, changes: Changes = {}): Prepared {
  const named = params[NAMED_BY[method] ?? ''];
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': changes.capabilities ?? {},
    ...changes.meta,
  };
  const standard = { 'mcp-protocol-version': MODERN, 'mcp-method': method };
  const name: Record<string, string> = typeof named === 'string' ? { 'mcp-name': named } : {};
  return {
    headers: headersOf(COMMON, standard, name, changes.headers ?? {}),
    body: JSON.stringify({ jsonrpc: '2.0', id: changes.id ?? 1, method, params: { ...params, _meta } }),
  };
}

/** A request of the 2025 era, without a session. */
export function legacy(method: string, params?: Members, changes: Changes = {}): Prepared {
  const all = changes.meta === undefined ? params : { ...params, _meta: changes.meta };
  const version: Record<string, string> =
    method === 'initialize' ? {} : { 'mcp-protocol-version': changes.version ?? LEGACY };
  return {
    headers: headersOf(COMMON, version, changes.headers ?? {}),
    body: JSON.stringify({ jsonrpc: '2.0', id: changes.id ?? 1, method, ...(all && { params: all }) }),
  };
}

export interface JsonRpcAnswer {
  jsonrpc: string;
  id: string | number | null;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  result?: any;
  error?: { code: number; message: string; data?: Members };
}

/** Sends it and gives the raw response. */
export function send(url: string, { headers, body }: Prepared, signal?: AbortSignal): Promise<Response> {
  return fetch(url, { method: 'POST', headers, body, ...(signal && { signal }) });
}

/** The JSON-RPC response in an HTTP response: the JSON body, or the last message of the stream. */
export async function answerIn(response: Response): Promise<JsonRpcAnswer> {
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return JSON.parse(text);
  return eventsOf(text).at(-1) as JsonRpcAnswer;
}

/** A modern request and its JSON-RPC response. */
export async function ask(
  url: string,
  method: string,
  params?: Members,
  changes: Changes = {},
): Promise<JsonRpcAnswer> {
  return answerIn(await send(url, modern(method, params, changes), changes.signal));
}

/** A 2025-era request and its JSON-RPC response. */
export async function askLegacy(
  url: string,
  method: string,
  params?: Members,
  changes: Changes = {},
): Promise<JsonRpcAnswer> {
  return answerIn(await send(url, legacy(method, params, changes), changes.signal));
}

/** A call of a tool in the modern era. */
export function callTool(url: string, name: string, args: Members = {}, changes?: Changes): Promise<JsonRpcAnswer> {
  return ask(url, 'tools/call', { name, arguments: args }, changes);
}
