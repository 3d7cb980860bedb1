import { INVALID_PARAMS, METHOD_NOT_FOUND } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Call } from './call.ts';
import { observed } from './call-observer.ts';
import { RequestContext } from './context.ts';
import { runAsCurrent } from './current-request.ts';
import { runWithin } from './middleware.ts';
import { isThenable, type Outcome } from './outcome.ts';
import { paramsFault } from './params.ts';
import type { Peer } from './peer.ts';
import type { Server } from './server.ts';

/** There is no such method in the request's era; over HTTP a modern request gets status 404 for it. */
export class UnknownMethodError extends ProtocolError {
  constructor() {
    super(METHOD_NOT_FOUND, 'Method not found');
  }
}

/**
 * Answers one request. Synchronous when the operation is.
 *
 * @throws ProtocolError for what the client did wrong; anything else is a fault of the server (see `toWireError`).
 * Both also arrive as rejections.
 */
export function dispatch(server: Server, call: Call, peer: Peer): Outcome | Promise<Outcome> {
  const context = new RequestContext(server, call, peer);
  const { observer } = server;
  if (observer === undefined) return perform(server, context);
  const { size } = server.stamp;
  return observed(observer, context, () => {
    const outcome = perform(server, context);
    // What is too large is answered with an error, and has to be told as one.
    if (!size.hasLimits) return outcome;
    return isThenable(outcome)
      ? outcome.then(value => size.observedOutcome(call, value))
      : size.observedOutcome(call, outcome);
  });
}

function perform(server: Server, context: RequestContext): Outcome | Promise<Outcome> {
  const { call } = context;
  const operation = server.operationOf(call.method, call.envelope !== undefined);
  if (operation === undefined) throw new UnknownMethodError();
  const fault = paramsFault(call.method, call.params);
  if (fault !== undefined) throw new ProtocolError(INVALID_PARAMS, `Invalid params for ${call.method}: ${fault}`);
  server.serving = true;
  const run = () =>
    server.middleware.length === 0 ? operation(context, call.params) : runWithin(server.middleware, operation, context);
  return runAsCurrent(context, run);
}
