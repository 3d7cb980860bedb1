/**
 * Multi round-trip requests: an operation may answer with a question, and the request comes back with the answers and
 * with the state that it sent along. MCP 2026-07-28, basic/patterns/mrtr.
 */
import { missingCapabilities, requiredCapabilityOf } from '../protocol/client-capability.ts';
import { type InputRequest, type InputRequiredResult, isInputRequiredResult } from '../protocol/input-required.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { MissingRequiredClientCapabilityError, ProtocolError } from '../protocol/protocol-error.ts';
import type { Params } from './call.ts';
import type { RequestContext } from './context.ts';
import { isJournal, openJournal } from './journal.ts';
import { fulfilLegacy } from './legacy-rounds.ts';
import type { Operation } from './middleware.ts';
import { isThenable, type Outcome } from './outcome.ts';
import { ReplayedHandler } from './replayed-handler.ts';
import { bindingOf, limitsOf } from './request-binding.ts';
import { openRequestState, sealRequestState } from './request-state.ts';
import { thrownText } from './thrown-text.ts';

/** Whatever is wrong with a state, the client learns only this. */
function refusedState(): ProtocolError {
  return new ProtocolError(INVALID_PARAMS, 'Invalid or expired requestState', { reason: 'invalid_request_state' });
}

/** Verifies the echoed state and hands it to the context. */
export async function restoreState(context: RequestContext, state: unknown): Promise<void> {
  if (typeof state !== 'string') throw refusedState();
  const { requestState, secretsAreShared } = context.server;
  try {
    if (context.call.envelope !== undefined && isJournal(state)) {
      context.linear = new ReplayedHandler(context, openJournal(context, state));
      return;
    }
    if (requestState?.verify !== undefined) {
      const value = await requestState.verify(state, context);
      context.facts.restoreState(value ?? state);
      return;
    }
    context.facts.restoreState(openRequestState(context.server.keyring, state, bindingOf(context), limitsOf(context)));
  } catch (error) {
    const reason = thrownText(error);
    context.logger.warn({ method: context.call.method, reason, secretsAreShared }, 'requestState refused');
    context.server.reportError(new Error(`requestState verification rejected ${context.call.method}: ${reason}`));
    throw refusedState();
  }
}

/** Checks a question and seals the state that goes with it. */
export function prepareQuestion(context: RequestContext, result: InputRequiredResult): InputRequiredResult {
  const { inputRequests, requestState } = result;
  const requests = Object.entries(inputRequests ?? {});
  if (requests.length === 0 && typeof requestState !== 'string') {
    throw new TypeError('an input-required result needs inputRequests or requestState');
  }
  for (const [key, request] of requests) {
    const missing = missingCapabilities(requiredCapabilityOf(request as InputRequest), context.clientCapabilities);
    if (missing !== undefined) {
      const text = `Cannot request input '${key}' (${request.method}): the client did not declare the capability`;
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: missing }, text);
    }
  }
  const options = context.server.requestState;
  if (typeof requestState !== 'string' || options?.verify !== undefined) return result;
  const sealed = sealRequestState(context.server.keyring, requestState, bindingOf(context), limitsOf(context));
  return { ...result, requestState: sealed };
}

/** An operation that may ask: its state is restored before, its question prepared after. */
export function asking(operation: Operation): Operation {
  const finish = (context: RequestContext, outcome: Outcome): Outcome | Promise<Outcome> => {
    context.asking = false;
    if (context.linear !== undefined) return context.linear.finish(outcome);
    if (!isInputRequiredResult(outcome)) return outcome;
    if (context.call.envelope !== undefined) return prepareQuestion(context, outcome);
    return fulfilLegacy(context, outcome, operation);
  };
  const abandon = (context: RequestContext, error: unknown): never => {
    context.asking = false;
    context.linear?.end();
    throw error;
  };
  const run = (context: RequestContext, params: Params): Outcome | Promise<Outcome> => {
    context.asking = true;
    let outcome: Outcome | Promise<Outcome>;
    try {
      outcome = operation(context, params);
    } catch (error) {
      return abandon(context, error);
    }
    if (!isThenable(outcome)) return finish(context, outcome);
    return outcome.then(
      value => finish(context, value),
      error => abandon(context, error),
    );
  };
  const whole: Operation = (context, params) => {
    const state = params['requestState'];
    return state === undefined ? run(context, params) : restoreState(context, state).then(() => run(context, params));
  };
  return (context, params) => {
    const { idempotency } = context.server;
    return idempotency === undefined ? whole(context, params) : idempotency.run(context, params, whole);
  };
}

/** An operation that may not ask: a question from it is a mistake of the server's author. */
export function notAsking(operation: Operation): Operation {
  const finish = (context: RequestContext, outcome: Outcome): Outcome => {
    if (!isInputRequiredResult(outcome)) return outcome;
    const text = `Handler for ${context.call.method} returned an input-required result, which only tools/call, prompts/get and resources/read may`;
    throw new ProtocolError(INTERNAL_ERROR, text);
  };
  return (context, params) => {
    const outcome = operation(context, params);
    return isThenable(outcome) ? outcome.then(value => finish(context, value)) : finish(context, outcome);
  };
}
