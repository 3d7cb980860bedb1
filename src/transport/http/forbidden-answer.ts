/** The 403 of the checks that are called by hand: a JSON-RPC error without an id, since no message was read yet. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** True when the request may proceed; false when it was answered already. */
export type NodeGuard = (request: IncomingMessage, response: ServerResponse) => boolean;

const STATUS = 403;
const CONTENT_TYPE = 'application/json';

/** The code that JSON-RPC leaves to implementations, which the official SDK uses for refusals of its HTTP entry. */
const REFUSED = -32000;

function bodyOf(message: string): string {
  return JSON.stringify({ jsonrpc: '2.0', error: { code: REFUSED, message }, id: null });
}

export function forbiddenResponse(message: string): Response {
  return new Response(bodyOf(message), { status: STATUS, headers: { 'Content-Type': CONTENT_TYPE } });
}

/** Answers; the result is what a {@link NodeGuard} returns then. */
export function answerForbidden(response: ServerResponse, message: string): false {
  response.writeHead(STATUS, { 'Content-Type': CONTENT_TYPE });
  response.end(bodyOf(message));
  return false;
}
