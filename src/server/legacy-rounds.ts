/**
 * Carries out `inputRequired(...)` for a client of the 2025 era: each question becomes a request to the client, and the
 * handler runs again with the answers, as it would when a modern client came back.
 */
import { missingCapabilities, requiredCapabilityOf } from '../protocol/client-capability.ts';
import { type InputRequiredResult, isInputRequiredResult } from '../protocol/input-required.ts';
import { INTERNAL_ERROR } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { RequestContext } from './context.ts';
import { answerTimeoutOf, legacyParams } from './legacy-question.ts';
import type { Operation } from './middleware.ts';
import type { Outcome } from './outcome.ts';

const MAX_ROUNDS = 8;

/** A tool tells the model why it could not ask; the other methods have only errors. */
function failure(context: RequestContext, text: string): Outcome {
  if (context.call.method !== 'tools/call') throw new ProtocolError(INTERNAL_ERROR, text);
  return { content: [{ type: 'text', text }], isError: true };
}

export async function fulfilLegacy(
  context: RequestContext,
  first: InputRequiredResult,
  operation: Operation,
): Promise<Outcome> {
  const options = context.server.options.inputRequired;
  if (options?.legacyShim === false) {
    const text = `Handler for ${context.call.method} returned an input-required result, which revision ${context.call.revision} does not have`;
    throw new ProtocolError(INTERNAL_ERROR, text);
  }
  const maxRounds = options?.maxRounds ?? MAX_ROUNDS;
  let question = first;
  for (let round = 0; round < maxRounds; round++) {
    const requests = Object.entries(question.inputRequests ?? {});
    for (const [key, request] of requests) {
      if (missingCapabilities(requiredCapabilityOf(request), context.clientCapabilities) !== undefined) {
        const text = `Cannot request input '${key}' (${request.method}): the client did not declare the capability`;
        return failure(context, text);
      }
    }
    const timeout = answerTimeoutOf(context);
    const over = new AbortController();
    let answers: [string, unknown][];
    try {
      answers = await Promise.all(
        requests.map(async ([key, request]): Promise<[string, unknown]> => {
          const settings = { timeout, resetTimeoutOnProgress: true, signal: over.signal };
          return [key, await context.peer.request(request.method, legacyParams(request.params), settings)];
        }),
      );
    } catch (error) {
      over.abort(new Error('Another question of this round failed')); // takes the others back
      context.logger.warn({ method: context.call.method, error }, 'the client did not answer an input request');
      return failure(context, 'The client did not answer the question that this needs');
    }
    const params = { ...context.call.params, inputResponses: Object.fromEntries(answers) };
    const again = new RequestContext(context.server, { ...context.call, params }, context.peer);
    if (typeof question.requestState === 'string') {
      const verify = context.server.requestState?.verify;
      const value = verify === undefined ? undefined : await verify(question.requestState, again);
      again.facts.restoreState(value ?? question.requestState);
    }
    again.answered = true;
    again.asking = true;
    let ended: Outcome;
    try {
      ended = await operation(again, params);
    } catch (error) {
      again.linear?.end();
      throw error;
    } finally {
      again.asking = false;
    }
    const outcome = again.linear === undefined ? ended : again.linear.finish(ended);
    if (!isInputRequiredResult(outcome)) return outcome;
    question = outcome;
  }
  return failure(context, `The handler still asked after ${maxRounds} rounds`);
}
