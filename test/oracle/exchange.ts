// The shape of one recorded exchange: what goes on the wire, and what it is an example of.

/** A JSON value as written in a request body. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** The protocol era that a request speaks; `none` when nothing in the request names one. */
export type Era = '2026-07-28' | '2025-11-25' | '2025-06-18' | '2025-03-26' | 'none';

/** What is wrong with a request, or `good`; `odd` marks valid but unusual bytes. */
export type ExchangeClass =
  | 'good'
  | 'bad-params'
  | 'bad-method'
  | 'bad-envelope'
  | 'bad-version'
  | 'bad-header'
  | 'bad-json'
  | 'bad-message'
  | 'bad-http'
  | 'handler-error'
  | 'odd';

/** One HTTP request. `body` is sent byte for byte when it is a string, as JSON otherwise. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  /** Name and value pairs in order; a name may repeat. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Json;
}

/** The servers of `servers.ts`. */
export type ServerName = 'full' | 'bare' | 'modern-only';

export interface Exchange {
  readonly name: string;
  /** The JSON-RPC method, or `http`, `json`, `batch`, `response` when the exchange is about none. */
  readonly family: string;
  readonly era: Era;
  readonly class: ExchangeClass;
  readonly server?: ServerName;
  readonly request: WireRequest;
  /** Sent first; `{{requestState}}` in `request` is replaced by the state in its answer. */
  readonly before?: WireRequest;
  /** Close the connection after this many messages: for streams that do not end by themselves. */
  readonly closeAfter?: number;
}
