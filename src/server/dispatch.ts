import { INVALID_PARAMS, METHOD_NOT_FOUND } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Call } from './call.ts';
import { ObservedCall } from './call-observer.ts';
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
 * A request that is being answered. Whoever {@link run}s it says how that ended, once, before anything is sent:
 * {@link succeeded} or {@link failed}.
 */
export class Dispatch {
  readonly #server: Server;
  readonly #context: RequestContext;
  readonly #observed: ObservedCall | undefined;

  constructor(server: Server, call: Call, peer: Peer) {
    this.#server = server;
    this.#context = new RequestContext(server, call, peer);
    const { observer } = server;
    if (observer !== undefined) this.#observed = new ObservedCall(observer, this.#context);
  }

  get isObserved(): boolean {
    return this.#observed !== undefined;
  }

  /**
   * Synchronous when the operation is.
   *
   * @throws ProtocolError for what the client did wrong; anything else is a fault of the server (see `toWireError`).
   * Both also arrive as rejections.
   */
  run(): Outcome | Promise<Outcome> {
    if (this.#observed === undefined) return perform(this.#server, this.#context);
    return this.#observed.run(() => perform(this.#server, this.#context));
  }

  /**
   * @returns the outcome to answer with
   * @throws what an outcome throws that can not be written as JSON: then the call has {@link failed}
   */
  succeeded(outcome: Outcome): Outcome {
    if (this.#observed === undefined) return outcome;
    const { size } = this.#server.stamp;
    // What is too large is answered with an error, and has to be told as one.
    const told = size.hasLimits ? size.observedOutcome(this.#context.call, outcome) : outcome;
    this.#observed.succeeded(told);
    return told;
  }

  failed(error: unknown): void {
    this.#observed?.failed(error);
  }
}

/**
 * Answers one request. Synchronous when the operation is.
 *
 * @throws as {@link Dispatch.run} does
 */
export function dispatch(server: Server, call: Call, peer: Peer): Outcome | Promise<Outcome> {
  const running = new Dispatch(server, call, peer);
  if (!running.isObserved) return running.run();
  const fail = (error: unknown): never => {
    running.failed(error);
    throw error;
  };
  try {
    const outcome = running.run();
    if (!isThenable(outcome)) return running.succeeded(outcome);
    return outcome.then(value => running.succeeded(value)).catch(fail);
  } catch (error) {
    return fail(error);
  }
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
