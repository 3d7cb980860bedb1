import type { ElicitRequestURLParams } from '../protocol/elicitation.ts';
import type { InputRequest, InputRequests, InputRequiredResult, InputResponses } from '../protocol/input-required.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import type { Root } from '../protocol/roots.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  CreateMessageResultWithTools,
} from '../protocol/sampling.ts';
import type { StandardSchemaV1 } from '../schema/standard-schema.ts';
import { type ElicitInputParams, toElicitationForm } from './elicitation-form.ts';

export type { ElicitInputParams } from './elicitation-form.ts';

/** What {@link inputRequired} takes; at least one of the two. */
export interface InputRequiredSpec {
  /** Questions to the client, by keys of your choice; the answers come back under the same keys. */
  inputRequests?: InputRequests;
  /** What you want back with the answers. Slipway seals it; see `ServerOptions.requestState`. */
  requestState?: string;
}

/** The `inputResponses` of a request: present from the second round on, and from the client. */
type Responses = InputResponses | Record<string, unknown> | undefined;

interface InputRequired {
  /**
   * The result with which a handler of `tools/call`, `prompts/get` or `resources/read` asks before it answers. The
   * client asks its user or model and sends the request again; the handler then finds the answers in
   * `ctx.mcpReq.inputResponses` (MCP 2026-07-28, basic/patterns/mrtr).
   *
   * @throws TypeError when there is neither a question nor a state.
   */
  (spec: InputRequiredSpec): InputRequiredResult;
  /**
   * Asks the user with a form.
   *
   * @throws TypeError when a Standard Schema has a part that a form can not express.
   */
  elicit(params: ElicitInputParams): InputRequest;
  /** Sends the user to a page: for sign-in, payment, and whatever the client must not see. */
  elicitUrl(params: Omit<ElicitRequestURLParams, 'mode' | 'elicitationId'>): InputRequest;
  /** Asks the model of the client. */
  createMessage(params: CreateMessageRequestParams): InputRequest;
  /** Asks for the folders that the client works in. */
  listRoots(): InputRequest;
}

function build(spec: InputRequiredSpec): InputRequiredResult {
  const { inputRequests, requestState } = spec;
  const asks = inputRequests !== undefined && Object.keys(inputRequests).length > 0;
  if (!asks && typeof requestState !== 'string') {
    throw new TypeError('inputRequired() needs inputRequests with at least one entry, or a requestState');
  }
  const result: InputRequiredResult = { resultType: 'input_required' };
  if (inputRequests !== undefined) result.inputRequests = inputRequests;
  if (requestState !== undefined) result.requestState = requestState;
  return result;
}

/**
 * Asks the client for something in the middle of a request, and builds the questions.
 *
 * @example
 * const answer = acceptedContent(ctx.mcpReq.inputResponses, 'confirm', Confirm);
 * if (answer === undefined) {
 *   const confirm = inputRequired.elicit({ message: `Deploy to ${env}?`, requestedSchema: Confirm });
 *   return inputRequired({ inputRequests: { confirm } });
 * }
 */
export const inputRequired: InputRequired = Object.assign(build, {
  elicit: (params: ElicitInputParams): InputRequest => ({
    method: 'elicitation/create',
    params: toElicitationForm(params),
  }),
  elicitUrl: (params: Omit<ElicitRequestURLParams, 'mode' | 'elicitationId'>): InputRequest => ({
    method: 'elicitation/create',
    params: { ...params, mode: 'url' },
  }),
  createMessage: (params: CreateMessageRequestParams): InputRequest => ({ method: 'sampling/createMessage', params }),
  listRoots: (): InputRequest => ({ method: 'roots/list' }),
});

/**
 * One answer, by what it is an answer to: `elicit` has an `action`, `roots` a list of roots, `sampling` a `role` and a
 * `content`. `missing` when there is none under the key, or none of these.
 */
export type InputResponseView =
  | { kind: 'missing' }
  | { kind: 'elicit'; action: 'accept' | 'decline' | 'cancel'; content?: Record<string, unknown> }
  | { kind: 'sampling'; result: CreateMessageResult | CreateMessageResultWithTools }
  | { kind: 'roots'; roots: Root[] };

/** Looks at one answer. Its values come from the client and are not checked beyond the shape. */
export function inputResponse(responses: Responses, key: string): InputResponseView {
  if (!isPlainObject(responses) || !Object.hasOwn(responses, key)) return { kind: 'missing' };
  const answer = responses[key];
  if (!isPlainObject(answer)) return { kind: 'missing' };
  const { action, content, roots, role } = answer;
  if (action === 'accept' || action === 'decline' || action === 'cancel') {
    return isPlainObject(content) ? { kind: 'elicit', action, content } : { kind: 'elicit', action };
  }
  if (Array.isArray(roots)) return { kind: 'roots', roots };
  if (typeof role === 'string' && content !== undefined) {
    return { kind: 'sampling', result: answer as CreateMessageResult | CreateMessageResultWithTools };
  }
  return { kind: 'missing' };
}

/**
 * What the user entered into a form, if the user accepted it.
 *
 * @param schema Checks and types the content; it must validate synchronously. Without it the content is whatever the
 * client sent.
 * @returns `undefined` when there is no such answer, the user declined or cancelled, or the content does not fit the
 * schema: ask again, or give up.
 * @throws TypeError when the schema validates asynchronously.
 */
export function acceptedContent<T extends Record<string, unknown> = Record<string, unknown>>(
  responses: Responses,
  key: string,
): T | undefined;
export function acceptedContent<S extends StandardSchemaV1>(
  responses: Responses,
  key: string,
  schema: S,
): StandardSchemaV1.InferOutput<S> | undefined;
export function acceptedContent(responses: Responses, key: string, schema?: StandardSchemaV1): unknown {
  const view = inputResponse(responses, key);
  if (view.kind !== 'elicit' || view.action !== 'accept' || view.content === undefined) return undefined;
  if (schema === undefined) return view.content;
  const outcome = schema['~standard'].validate(view.content);
  if ('then' in outcome) {
    outcome.then(undefined, () => {}); // its rejection is answered by the TypeError
    throw new TypeError('acceptedContent() needs a schema that validates synchronously');
  }
  return outcome.issues === undefined ? outcome.value : undefined;
}
