/** The folders that a client works in (MCP 2026-07-28, client/roots; deprecated by SEP-2577). */
import type { RequestParams } from './json-rpc.ts';
import type { MetaObject } from './request-meta.ts';
import type { Result } from './result.ts';

/** A folder; `uri` starts with `file://`. */
export type Root = { uri: string; name?: string; _meta?: MetaObject };

export type ListRootsRequest = { method: 'roots/list'; params?: RequestParams };
export type ListRootsResult = Result & { roots: Root[] };
