/** Argument completion (MCP 2026-07-28, server/utilities/completion). */
import type { RequestParams } from './json-rpc.ts';
import type { Result } from './result.ts';

/** Names a prompt. */
export type PromptReference = { type: 'ref/prompt'; name: string };

/** Names a resource or resource template by its URI (template). */
export type ResourceTemplateReference = { type: 'ref/resource'; uri: string };

export type CompleteRequestParams = RequestParams & {
  ref: PromptReference | ResourceTemplateReference;
  /** The argument that is being typed, and what is typed so far. */
  argument: { name: string; value: string };
  /** Arguments that are settled already. */
  context?: { arguments?: { [key: string]: string } };
};
export type CompleteRequest = { method: 'completion/complete'; params: CompleteRequestParams };

/** A completion request for an argument of a prompt. */
export type CompleteRequestPrompt = CompleteRequest & { params: { ref: PromptReference } };

/** A completion request for a variable of a resource template. */
export type CompleteRequestResourceTemplate = CompleteRequest & { params: { ref: ResourceTemplateReference } };

/** The most values that one completion may carry. */
export const MAX_COMPLETION_VALUES = 100;

export type CompleteResult = Result & {
  completion: {
    [key: string]: unknown;
    /** Best first, 100 at most. */
    values: string[];
    /** How many there are in all, if more than `values`. */
    total?: number;
    hasMore?: boolean;
  };
};

/**
 * Narrows a completion request to one for a prompt's argument.
 *
 * @throws TypeError for another one
 */
export function assertCompleteRequestPrompt(request: CompleteRequest): asserts request is CompleteRequestPrompt {
  const { type } = request.params.ref;
  if (type !== 'ref/prompt') throw new TypeError(`Expected CompleteRequestPrompt, but got ${type}`);
}

/**
 * Narrows a completion request to one for a resource template's variable.
 *
 * @throws TypeError for another one
 */
export function assertCompleteRequestResourceTemplate(
  request: CompleteRequest,
): asserts request is CompleteRequestResourceTemplate {
  const { type } = request.params.ref;
  if (type !== 'ref/resource') throw new TypeError(`Expected CompleteRequestResourceTemplate, but got ${type}`);
}
