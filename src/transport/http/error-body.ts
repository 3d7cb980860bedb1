/** Errors of the HTTP layer as JSON-RPC error bodies: a client sees why, by code. */
import { type ErrorDetails, SlipwayError, type SlipwayErrorCode } from '../../protocol/coded-error.ts';
import { INTERNAL_ERROR, INVALID_REQUEST, type RequestId } from '../../protocol/json-rpc.ts';
import type { WireError } from '../../server/fault.ts';

/** Messages may repeat what the client sent; more than this helps nobody. */
const MAX_MESSAGE = 500;

/** A JSON-RPC error response. `id` is null when the request's could not be read. */
export function errorBody(id: RequestId | null, given: WireError): string {
  const error =
    given.message.length > MAX_MESSAGE ? { ...given, message: `${given.message.slice(0, MAX_MESSAGE)}...` } : given;
  return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(error)}}`;
}

/**
 * The body for a coded error: what is the client's doing is an invalid request, the rest an internal error.
 *
 * @param data beside the code
 */
export function codedBody(
  code: SlipwayErrorCode,
  details: ErrorDetails,
  ours = false,
  id: RequestId | null = null,
  data?: ErrorDetails,
): string {
  const error = new SlipwayError(code, details);
  return errorBody(id, {
    code: ours ? INTERNAL_ERROR : INVALID_REQUEST,
    message: `${error.what}. ${error.fix}`,
    data: { code, ...data },
  });
}
