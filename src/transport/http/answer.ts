/** From a classified call to the bytes of its answer. */
import { MissingRequiredClientCapabilityError, ProtocolError } from '../../protocol/protocol-error.ts';
import type { Call } from '../../server/call.ts';
import { Dispatch, dispatch, UnknownMethodError } from '../../server/dispatch.ts';
import { resultText } from '../../server/encoding.ts';
import { toWireError } from '../../server/fault.ts';
import { isThenable, type Outcome, PreparedResult } from '../../server/outcome.ts';
import type { Server } from '../../server/server.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { errorBody } from './error-body.ts';
import type { HttpExchange } from './http-exchange.ts';
import type { HttpRequest } from './http-request.ts';
import type { Responder } from './responder.ts';
import { whenRoomToCall } from './room.ts';
import type { SessionClient } from './session-client.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

function errorAnswer(endpoint: HttpEndpoint, server: Server, call: Call, error: unknown): Answer {
  const wire = toWireError(error, call.revision, server.logger, { method: call.method, name: call.params['name'] });
  if (!(error instanceof ProtocolError)) endpoint.report(error);
  let status = 200;
  // MCP 2026-07-28: an unknown method is 404 (streamable-http), a missing client capability 400 (basic/index).
  if (call.envelope !== undefined) {
    if (error instanceof UnknownMethodError) status = 404;
    else if (error instanceof MissingRequiredClientCapabilityError) status = 400;
  }
  return { status, text: errorBody(call.id, wire) };
}

function outcomeAnswer(endpoint: HttpEndpoint, server: Server, call: Call, outcome: Outcome): Answer {
  try {
    const result = resultText(server.stamp, call, outcome);
    return { status: 200, text: `{"jsonrpc":"2.0","id":${JSON.stringify(call.id)},"result":${result}}` };
  } catch (error) {
    return errorAnswer(endpoint, server, call, error);
  }
}

/**
 * Answers one call.
 *
 * @param client the session's, where there is one
 * @param onSuccess called before a result is sent
 */
export function answerCall(
  endpoint: HttpEndpoint,
  server: Server,
  request: HttpRequest,
  responder: Responder,
  call: Call,
  client?: SessionClient,
  onSuccess?: () => void,
): void {
  whenRoomToCall(endpoint, request, responder, call.id, 1, () =>
    begin(endpoint, server, request, responder, call, client, onSuccess),
  );
}

function begin(
  endpoint: HttpEndpoint,
  server: Server,
  request: HttpRequest,
  responder: Responder,
  call: Call,
  client: SessionClient | undefined,
  onSuccess: (() => void) | undefined,
): void {
  const exchange = endpoint.exchange(request, responder, [call.id], call.envelope !== undefined, false, client);
  const running = new Dispatch(server, call, exchange);
  const fail = (error: unknown): void => {
    running.failed(error);
    const { status, text } = errorAnswer(endpoint, server, call, error);
    exchange.finishOne(status, text);
  };
  const succeed = (value: Outcome): void => {
    let outcome: Outcome;
    try {
      outcome = running.succeeded(value);
    } catch (error) {
      return fail(error);
    }
    onSuccess?.();
    if (outcome instanceof PreparedResult) return exchange.finishPrepared(call.id, outcome);
    const { status, text } = outcomeAnswer(endpoint, server, call, outcome);
    exchange.finishOne(status, text);
  };
  let outcome: Outcome | Promise<Outcome>;
  try {
    outcome = running.run();
  } catch (error) {
    return fail(error);
  }
  if (!isThenable(outcome)) return succeed(outcome);
  endpoint.hold(exchange);
  outcome.then(
    value => {
      endpoint.release(exchange);
      succeed(value);
    },
    error => {
      endpoint.release(exchange);
      fail(error);
    },
  );
}

/** The response to one call of a batch. Never rejects. */
export async function responseTo(
  endpoint: HttpEndpoint,
  server: Server,
  call: Call,
  exchange: HttpExchange,
): Promise<string> {
  try {
    return outcomeAnswer(endpoint, server, call, await dispatch(server, call, exchange)).text;
  } catch (error) {
    return errorAnswer(endpoint, server, call, error).text;
  }
}
