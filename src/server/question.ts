/** What `ctx.elicit()` and `ctx.sample()` ask in revision 2026-07-28, and what counts as an answer. */
import type { ElicitRequestURLParams } from '../protocol/elicitation.ts';
import type { InputRequest } from '../protocol/input-required.ts';
import { INVALID_PARAMS, isPlainObject } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { CreateMessageRequestParams } from '../protocol/sampling.ts';
import { fromJsonSchema } from '../schema/from-json-schema.ts';
import type { jsonSchemaValidator } from '../schema/json-schema-validator.ts';
import { validate } from '../schema/validation.ts';
import { isSamplingResult, toolMessageFault } from './client-request.ts';
import { assertElicitation } from './elicitation-check.ts';
import { type ElicitInputParams, toElicitationForm } from './elicitation-form.ts';
import { inputRequired, inputResponse } from './input-required.ts';
import { isThenable } from './outcome.ts';

export type QuestionKind = 'elicit' | 'sample';

export interface Question {
  readonly kind: QuestionKind;
  readonly request: InputRequest;
  /** Whether what the client sent is an answer to this; if not, it is asked again. */
  accepts(answer: unknown): boolean;
}

const viewOf = (answer: unknown) => inputResponse({ answer }, 'answer');

/**
 * A question to the user.
 *
 * @param validator checks the content of an accepted form; default: ajv
 * @throws TypeError when a Standard Schema has a part that a form can not express
 */
export function elicitation(
  params: ElicitInputParams | ElicitRequestURLParams,
  validator: jsonSchemaValidator | undefined,
): Question {
  assertElicitation(params, validator);
  if (params.mode === 'url') {
    // The id is of 2025-11-25 only; often random, it would be another question in every round.
    const { elicitationId: _, mode: _mode, ...visit } = params as ElicitRequestURLParams;
    const request = inputRequired.elicitUrl(visit);
    return { kind: 'elicit', request, accepts: answer => viewOf(answer).kind === 'elicit' };
  }
  const form = { ...toElicitationForm(params as ElicitInputParams), mode: 'form' as const };
  return {
    kind: 'elicit',
    request: { method: 'elicitation/create', params: form },
    accepts(answer) {
      const view = viewOf(answer);
      if (view.kind !== 'elicit') return false;
      if (view.action !== 'accept') return true;
      const content = (answer as { content?: unknown }).content ?? {};
      if (!isPlainObject(content)) return false;
      // JSON Schema is checked synchronously.
      const checked = validate(fromJsonSchema(form.requestedSchema, validator), content);
      return !isThenable(checked) && checked.issues === undefined;
    },
  };
}

/**
 * A question to the client's model.
 *
 * @throws ProtocolError -32602 when results of tools do not fit the calls before them
 */
export function sampling(params: CreateMessageRequestParams): Question {
  const fault = toolMessageFault(params);
  if (fault !== undefined) throw new ProtocolError(INVALID_PARAMS, fault);
  return {
    kind: 'sample',
    request: inputRequired.createMessage(params),
    accepts: isSamplingResult,
  };
}
