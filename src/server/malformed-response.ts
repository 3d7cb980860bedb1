/** Responses that are none: an id that somebody may wait for, with a result or an error that JSON-RPC does not know. */
import { isJSONRPCResponse, isPlainObject, type RequestId } from '../protocol/json-rpc.ts';
import { SdkError, SdkErrorCode } from '../protocol/sdk-error.ts';

/**
 * The id of a message that is meant as a response but is not well-formed (`result: null`, an error without a code), so
 * that whoever waits for it need not wait any longer.
 *
 * @returns undefined for anything else, well-formed responses included
 */
export function malformedResponseId(message: unknown): RequestId | undefined {
  if (!isPlainObject(message) || message['method'] !== undefined || isJSONRPCResponse(message)) return undefined;
  if (!('result' in message || 'error' in message)) return undefined;
  const id = message['id'];
  return typeof id === 'string' || typeof id === 'number' ? id : undefined;
}

/** What the one who waits gets. */
export function malformedAnswer(): SdkError {
  return new SdkError(SdkErrorCode.InvalidResult, 'The client answered with what is no JSON-RPC response');
}
