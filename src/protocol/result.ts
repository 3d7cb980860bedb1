/** Results, pagination and the discriminator of results (MCP 2026-07-28, basic, Responses; server/utilities/pagination). */
import type { Request, RequestParams } from './json-rpc.ts';
import type { ResultMetaObject } from './request-meta.ts';

/**
 * Says whether a modern result answers the request or asks for more input first. The server adds `complete` on the wire,
 * so an author writes `resultType` for `input_required` only.
 */
export type ResultType = 'complete' | 'input_required';

/** What every result may carry. */
export type Result = { [key: string]: unknown; _meta?: ResultMetaObject };

/** A result that says no more than "done". */
export type EmptyResult = { _meta?: ResultMetaObject };

/** An opaque position in a list, made by the server. */
export type Cursor = string;

/** The parameters of a list request. */
export type PaginatedRequestParams = RequestParams & { cursor?: Cursor };

/** A request for one page of a list. */
export type PaginatedRequest = Request & { params?: PaginatedRequestParams };

/** One page of a list; `nextCursor` is absent on the last page. */
export type PaginatedResult = Result & { nextCursor?: Cursor };
