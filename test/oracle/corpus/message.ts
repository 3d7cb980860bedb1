import type { Era, Exchange, ExchangeClass, Json, ServerName, WireRequest } from '../exchange.ts';

/** The current revision, and the newest one with a handshake. */
export const MODERN = '2026-07-28';
export const LEGACY = '2025-11-25';

type Params = { readonly [key: string]: Json };
type HeaderMap = Readonly<Record<string, string | null>>;

/** What one exchange may change of the request that is otherwise well-formed. */
export interface Changes {
  /** Headers to set, or to leave out with `null`. */
  readonly headers?: HeaderMap;
  readonly id?: Json;
  readonly path?: string;
  /** Members of `_meta` to set beside the envelope. */
  readonly meta?: Params;
  readonly capabilities?: Params;
  readonly version?: string;
  readonly class?: ExchangeClass;
  readonly server?: ServerName;
  readonly family?: string;
  readonly before?: WireRequest;
  readonly closeAfter?: number;
}

export const JSON_HEADERS: HeaderMap = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
};

/** The header pairs of `maps`, later maps winning; a `null` value removes the header. */
export function headerPairs(...maps: readonly HeaderMap[]): [string, string][] {
  const merged = new Map<string, [string, string | null]>();
  for (const map of maps) {
    for (const [name, value] of Object.entries(map)) merged.set(name.toLowerCase(), [name, value]);
  }
  return [...merged.values()].filter((pair): pair is [string, string] => pair[1] !== null);
}

/** The per-request metadata of 2026-07-28 (basic/index, `_meta`). */
export function envelope(changes: Changes = {}): Params {
  return {
    'io.modelcontextprotocol/protocolVersion': changes.version ?? MODERN,
    'io.modelcontextprotocol/clientInfo': { name: 'oracle', version: '1.0.0' },
    'io.modelcontextprotocol/clientCapabilities': changes.capabilities ?? {},
    ...changes.meta,
  };
}

const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
};

/** A well-formed 2026-07-28 request with the standard headers, except for `changes`. */
export function modernRequest(method: string, params: Params = {}, changes: Changes = {}): WireRequest {
  const named = params[NAMED_BY[method] ?? ''];
  return {
    method: 'POST',
    path: changes.path ?? '/',
    headers: headerPairs(
      JSON_HEADERS,
      { 'MCP-Protocol-Version': changes.version ?? MODERN, 'Mcp-Method': method },
      typeof named === 'string' ? { 'Mcp-Name': named } : {},
      changes.headers ?? {},
    ),
    body: {
      jsonrpc: '2.0',
      id: changes.id === undefined ? 1 : changes.id,
      method,
      params: { ...params, _meta: envelope(changes) },
    },
  };
}

/** A request of a revision with a handshake, sent without a session. */
export function legacyRequest(method: string, params?: Params, changes: Changes = {}): WireRequest {
  return {
    method: 'POST',
    path: changes.path ?? '/',
    headers: headerPairs(
      JSON_HEADERS,
      method === 'initialize' ? {} : { 'MCP-Protocol-Version': changes.version ?? LEGACY },
      changes.headers ?? {},
    ),
    body: {
      jsonrpc: '2.0',
      id: changes.id === undefined ? 1 : changes.id,
      method,
      ...(params === undefined
        ? {}
        : { params: changes.meta === undefined ? params : { ...params, _meta: changes.meta } }),
    },
  };
}

function exchange(name: string, family: string, era: Era, request: WireRequest, changes: Changes): Exchange {
  return {
    name,
    family: changes.family ?? family,
    era,
    class: changes.class ?? 'good',
    request,
    ...(changes.server === undefined ? {} : { server: changes.server }),
    ...(changes.before === undefined ? {} : { before: changes.before }),
    ...(changes.closeAfter === undefined ? {} : { closeAfter: changes.closeAfter }),
  };
}

/** An exchange of 2026-07-28. */
export function modern(name: string, method: string, params: Params = {}, changes: Changes = {}): Exchange {
  return exchange(name, method, MODERN, modernRequest(method, params, changes), changes);
}

const LEGACY_ERAS: readonly string[] = ['2025-11-25', '2025-06-18', '2025-03-26'] satisfies Era[];

function legacyEra(version: string | undefined): Era {
  return LEGACY_ERAS.includes(version ?? LEGACY) ? ((version ?? LEGACY) as Era) : 'none';
}

/** An exchange of a revision with a handshake; `changes.version` names it, 2025-11-25 by default. */
export function legacy(name: string, method: string, params?: Params, changes: Changes = {}): Exchange {
  return exchange(name, method, legacyEra(changes.version), legacyRequest(method, params, changes), changes);
}

/** An exchange given byte for byte. */
export function raw(
  name: string,
  family: string,
  era: Era,
  kind: ExchangeClass,
  request: Partial<WireRequest> & { readonly headerMap?: HeaderMap },
  changes: Changes = {},
): Exchange {
  const { headerMap, ...rest } = request;
  const headers = request.headers ?? headerPairs(JSON_HEADERS, headerMap ?? {});
  return exchange(name, family, era, { method: 'POST', path: '/', ...rest, headers }, { ...changes, class: kind });
}
