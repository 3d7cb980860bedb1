/** What a server may ask of its client, answered by the handlers of the client's options; the same in both eras. */
import { requiredCapabilityOf } from '../protocol/client-capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { ElicitRequestParams } from '../protocol/elicitation.ts';
import type { InputRequest, InputResponse } from '../protocol/input-required.ts';
import {
  INTERNAL_ERROR,
  INVALID_PARAMS,
  isPlainObject,
  type JSONRPCErrorObject,
  METHOD_NOT_FOUND,
} from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { CreateMessageRequestParams } from '../protocol/sampling.ts';
import type { ClientOptions } from './client-options.ts';

const MODES: ReadonlySet<unknown> = new Set([undefined, 'form', 'url']);

function assertElicitParams(params: unknown): asserts params is ElicitRequestParams {
  const wellFormed =
    isPlainObject(params) &&
    MODES.has(params['mode']) &&
    typeof params['message'] === 'string' &&
    (params['mode'] === 'url'
      ? typeof params['url'] === 'string'
      : isPlainObject(params['requestedSchema']) && isPlainObject(params['requestedSchema']['properties']));
  if (!wellFormed)
    throw new ProtocolError(INVALID_PARAMS, 'Invalid params: this is no question that a user can answer');
}

/** What was asked although the client has not said that it can be. */
function unanswerable(request: InputRequest): ProtocolError {
  const needed = Object.keys(requiredCapabilityOf(request)).join(', ');
  return new ProtocolError(
    METHOD_NOT_FOUND,
    `'${request.method}' needs the client capability ${needed}, which this client has not`,
  );
}

/**
 * Answers one question.
 *
 * @throws ProtocolError -32601 for what the client can not be asked, -32602 for a question that is malformed; whatever its
 * handler throws
 */
export async function answer(
  request: { method: string; params?: unknown },
  { elicit, elicitModes = ['form', 'url'], sample, roots }: ClientOptions,
  signal: AbortSignal,
): Promise<InputResponse> {
  const { method, params } = request;
  switch (method) {
    case 'elicitation/create': {
      assertElicitParams(params);
      if (elicit === undefined || !elicitModes.includes(params.mode ?? 'form')) break;
      return elicit(params, signal);
    }
    case 'sampling/createMessage':
      if (sample === undefined) break;
      return (await sample(params as CreateMessageRequestParams, signal)) as InputResponse;
    case 'roots/list':
      if (roots === undefined) break;
      return { roots: [...(typeof roots === 'function' ? await roots() : roots)] };
    default:
      throw new ProtocolError(METHOD_NOT_FOUND, `Method not found: ${method}`);
  }
  throw unanswerable(request as InputRequest);
}

/** What a server of the older era gets in place of an answer. */
export function refusalOf(method: string, error: unknown): JSONRPCErrorObject {
  if (error instanceof ProtocolError) {
    const { code, message, data } = error;
    return { code, message, ...(data !== undefined && { data }) };
  }
  return { code: INTERNAL_ERROR, message: `The client could not answer '${method}'` };
}

/**
 * Answers one question of a modern server, whose request waits for it.
 *
 * @throws SlipwayError `SLIP_SERVER_ASKS` for what can not be answered; what the handler throws; the reason of an abort
 */
export async function answerInRound(
  question: { method: string; params?: unknown },
  options: ClientOptions,
  signal: AbortSignal = new AbortController().signal,
): Promise<InputResponse> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answer(question, options, signal), aborted]);
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    throw new SlipwayError('SLIP_SERVER_ASKS', { method: question.method, why: error.message }, { cause: error });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
