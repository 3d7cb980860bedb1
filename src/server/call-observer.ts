/** Contract: who watches calls (access log, metrics, traces, audit). Where nobody does, calls pay nothing for it. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { RequestContext } from './context.ts';
import { wireCodeOf } from './fault.ts';
import { type Outcome, PreparedResult } from './outcome.ts';

/**
 * How a call ended. `tool_error`: a result with `isError`. `input_required`: a question to the client. `cancelled`: the
 * client left or took it back, or the server stopped. `error`: a JSON-RPC error.
 */
export type CallOutcome = 'ok' | 'tool_error' | 'input_required' | 'cancelled' | 'error';

export interface EndedCall {
  /** The request: `context.call` as it came, `context.component` what it named and found, `context.peer` who asked. */
  readonly context: RequestContext;
  /** From dispatch to outcome; the time to write the answer is not in it. */
  readonly durationMs: number;
  readonly outcome: CallOutcome;
  /** The JSON-RPC code that the client gets; undefined where there is no error. */
  readonly errorCode: number | undefined;
  /** What was thrown; may name hosts, paths, queries. */
  readonly error: unknown;
}

export interface CallObserver {
  /** For those that have to be around the call, as traces are: calls `run` once, and returns what it returns. */
  around?<T>(context: RequestContext, run: () => T): T;
  /** Called once for each call, before its answer is written. What it throws is dropped. */
  ended(call: EndedCall): void;
}

/** One observer of several; undefined of none. */
export function composeObservers(observers: readonly CallObserver[]): CallObserver | undefined {
  if (observers.length <= 1) return observers[0];
  const arounds = observers.filter(observer => observer.around !== undefined);
  const ended = (call: EndedCall): void => {
    for (const observer of observers) tell(observer, call);
  };
  if (arounds.length === 0) return { ended };
  return {
    around: (context, run) => arounds.reduceRight((inner, observer) => () => observer.around!(context, inner), run)(),
    ended,
  };
}

function tell(observer: CallObserver, call: EndedCall): void {
  try {
    observer.ended(call);
  } catch {
    // Whoever watches must not keep the client from its answer.
  }
}

/** A call that is observed. It is itself what the observer is told: nothing more is made for it. */
export class ObservedCall implements EndedCall {
  readonly context: RequestContext;
  durationMs = 0;
  outcome: CallOutcome = 'ok';
  errorCode: number | undefined;
  error: unknown;
  readonly #observer: CallObserver;
  readonly #start = performance.now();

  constructor(observer: CallObserver, context: RequestContext) {
    this.#observer = observer;
    this.context = context;
  }

  run<T>(run: () => T): T {
    return this.#observer.around === undefined ? run() : this.#observer.around(this.context, run);
  }

  succeeded(outcome: Outcome): void {
    this.outcome = outcomeOf(this.context, outcome);
    this.#ended();
  }

  failed(error: unknown): void {
    this.outcome = isCancellation(this.context, error) ? 'cancelled' : 'error';
    this.errorCode = wireCodeOf(error, this.context.call.revision);
    this.error = error;
    this.#ended();
  }

  #ended(): void {
    this.durationMs = performance.now() - this.#start;
    tell(this.#observer, this);
  }
}

function outcomeOf(context: RequestContext, outcome: Outcome): CallOutcome {
  if (outcome instanceof PreparedResult) return 'ok';
  const { isError, resultType } = outcome as { isError?: unknown; resultType?: unknown };
  if (isError === true) return context.cancelled ? 'cancelled' : 'tool_error';
  return resultType === 'input_required' ? 'input_required' : 'ok';
}

function isCancellation(context: RequestContext, error: unknown): boolean {
  if (error instanceof ProtocolError) return false;
  if (error instanceof SlipwayError && (error.code === 'SLIP_REQUEST_CANCELLED' || error.code === 'SLIP_STOPPING'))
    return true;
  return context.cancelled;
}
