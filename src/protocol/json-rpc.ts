/**
 * JSON-RPC 2.0 as MCP uses it: the envelopes, the standard error codes and the guards that sort an unknown value into
 * one of them (MCP 2026-07-28, basic, Messages).
 *
 * The guards are written by hand because every inbound message passes through one: no allocation, no schema engine.
 */
import type { RequestMeta } from './request-meta.ts';
import type { Result } from './result.ts';

/** The value of the `jsonrpc` member. */
export const JSONRPC_VERSION = '2.0';

/** The text could not be parsed as JSON. */
export const PARSE_ERROR = -32700;
/** The JSON is no valid JSON-RPC message. */
export const INVALID_REQUEST = -32600;
/** The method does not exist, or is not available here. */
export const METHOD_NOT_FOUND = -32601;
/** The parameters do not fit the method. */
export const INVALID_PARAMS = -32602;
/** The server failed while it answered. */
export const INTERNAL_ERROR = -32603;

/** Identifies a request for its response: a string or an integer, never null (MCP forbids what JSON-RPC allows). */
export type RequestId = string | number;

/** The parameters of a request: an object that may carry `_meta`. */
export type RequestParams = { _meta?: RequestMeta };

/** The parameters of a notification: an object that may carry `_meta`. */
export type NotificationParams = { _meta?: RequestMeta };

/** A request without its JSON-RPC envelope. */
export type Request = { method: string; params?: { [key: string]: unknown; _meta?: RequestMeta } };

/** A notification without its JSON-RPC envelope. */
export type Notification = { method: string; params?: { [key: string]: unknown; _meta?: RequestMeta } };

/** A request that expects a response. */
export type JSONRPCRequest = Request & { jsonrpc: typeof JSONRPC_VERSION; id: RequestId };

/** A message that expects no response. */
export type JSONRPCNotification = Notification & { jsonrpc: typeof JSONRPC_VERSION };

/** The response to a request that succeeded. */
export type JSONRPCResultResponse = { jsonrpc: typeof JSONRPC_VERSION; id: RequestId; result: Result };

/** The `error` member of an error response. */
export type JSONRPCErrorObject = { code: number; message: string; data?: unknown };

/** The response to a request that failed; `id` is absent when the request's id could not be read. */
export type JSONRPCErrorResponse = {
  jsonrpc: typeof JSONRPC_VERSION;
  id?: RequestId;
  error: JSONRPCErrorObject;
};

/** Either response. */
export type JSONRPCResponse = JSONRPCResultResponse | JSONRPCErrorResponse;

/** Everything that travels over the wire. */
export type JSONRPCMessage = JSONRPCRequest | JSONRPCNotification | JSONRPCResponse;

/** Whether `value` is an object and not an array. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether `value` can identify a request: a string, or an integer that a double holds exactly. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || Number.isSafeInteger(value);
}

function isParams(params: unknown): boolean {
  if (params === undefined) return true;
  if (!isPlainObject(params)) return false;
  const meta = params['_meta'];
  if (meta === undefined) return true;
  if (!isPlainObject(meta)) return false;
  const token = meta['progressToken'];
  return token === undefined || isRequestId(token);
}

function isCall(value: unknown): value is Record<string, unknown> {
  return (
    isPlainObject(value) &&
    value['jsonrpc'] === JSONRPC_VERSION &&
    typeof value['method'] === 'string' &&
    value['result'] === undefined &&
    value['error'] === undefined &&
    isParams(value['params'])
  );
}

/** Whether `value` is a request: a method, a valid id and, if any, object parameters with a well-formed `_meta`. */
export function isJSONRPCRequest(value: unknown): value is JSONRPCRequest {
  return isCall(value) && isRequestId(value['id']);
}

/** Whether `value` is a notification: as a request, but with no `id` member at all (null is an id, and a bad one). */
export function isJSONRPCNotification(value: unknown): value is JSONRPCNotification {
  return isCall(value) && value['id'] === undefined;
}

function isReply(value: unknown): value is Record<string, unknown> {
  return isPlainObject(value) && value['jsonrpc'] === JSONRPC_VERSION && value['method'] === undefined;
}

/** Whether `value` is a successful response: a valid id and an object as its result. */
export function isJSONRPCResultResponse(value: unknown): value is JSONRPCResultResponse {
  return isReply(value) && isRequestId(value['id']) && value['error'] === undefined && isResultObject(value['result']);
}

function isResultObject(result: unknown): boolean {
  return isPlainObject(result) && (result['_meta'] === undefined || isPlainObject(result['_meta']));
}

/** Whether `value` is an error response: an integer code, a message, and an id that is valid or absent. */
export function isJSONRPCErrorResponse(value: unknown): value is JSONRPCErrorResponse {
  if (!isReply(value) || value['result'] !== undefined) return false;
  if (value['id'] !== undefined && !isRequestId(value['id'])) return false;
  const error = value['error'];
  return isPlainObject(error) && Number.isSafeInteger(error['code']) && typeof error['message'] === 'string';
}

/** Whether `value` is a response of either kind. */
export function isJSONRPCResponse(value: unknown): value is JSONRPCResponse {
  return isJSONRPCResultResponse(value) || isJSONRPCErrorResponse(value);
}

/** Whether `value` is any JSON-RPC message. */
export function isJSONRPCMessage(value: unknown): value is JSONRPCMessage {
  return isJSONRPCRequest(value) || isJSONRPCNotification(value) || isJSONRPCResponse(value);
}
