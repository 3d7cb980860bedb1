/** What shows that a finding is true. */

import { excerptOfRequest, excerptOfResponse } from './exchange/excerpt.ts';
import type { Exchange } from './exchange/exchange.ts';

/** One line that was observed, or a request with what came back. */
export type Evidence =
  | { readonly kind: 'fact'; readonly text: string }
  | { readonly kind: 'exchange'; readonly request: string; readonly response: string };

/** @param text one sentence: `mcp.example.com has no A record` */
export function fact(text: string): Evidence {
  return { kind: 'fact', text };
}

/** The request and what came back, as excerpts. */
export function exchanged(exchange: Exchange): Evidence {
  return { kind: 'exchange', request: excerptOfRequest(exchange.request), response: excerptOfResponse(exchange) };
}
