/** Asking the client for input in the middle of a request (MCP 2026-07-28, basic/patterns/mrtr). */
import type { ElicitRequest, ElicitResult } from './elicitation.ts';
import { isPlainObject } from './json-rpc.ts';
import type { Result } from './result.ts';
import type { ListRootsRequest, ListRootsResult } from './roots.ts';
import type { CreateMessageRequest, CreateMessageResult } from './sampling.ts';

/** A question to the client, without a JSON-RPC envelope. */
export type InputRequest = CreateMessageRequest | ListRootsRequest | ElicitRequest;

/** The client's answer to one question: the bare result. */
export type InputResponse = CreateMessageResult | ListRootsResult | ElicitResult;

/** Questions by names that the server chooses. */
export type InputRequests = { [key: string]: InputRequest };

/** Answers under the names of their questions. */
export type InputResponses = { [key: string]: InputResponse };

/** What a request carries when it is sent again with the answers. */
export type InputResponseRequestParams = {
  inputResponses?: InputResponses;
  /** What the server handed out, unchanged if the client is honest: treat it as a stranger's input unless sealed. */
  requestState?: string;
};

/**
 * Says that a request needs input before it can be answered; allowed for `tools/call`, `prompts/get` and
 * `resources/read`. At least one of `inputRequests` and `requestState` is present.
 */
export type InputRequiredResult = Result & {
  resultType: 'input_required';
  inputRequests?: InputRequests;
  requestState?: string;
};

/** Whether `value` asks for input: looks at `resultType` only. */
export function isInputRequiredResult(value: unknown): value is InputRequiredResult {
  return isPlainObject(value) && value['resultType'] === 'input_required';
}
