/**
 * A handler that asks in the middle of its work: `await ctx.elicit(...)`, `await ctx.sample(...)`, `await
 * ctx.step(...)`. One object per request that does so, made by its first call; one class per era.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type ErrorDetails, SlipwayError, type SlipwayErrorCode } from '../protocol/coded-error.ts';
import type { ElicitRequestURLParams, ElicitResult } from '../protocol/elicitation.ts';
import type { InputRequiredResult } from '../protocol/input-required.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  CreateMessageResultWithTools,
} from '../protocol/sampling.ts';
import type { RequestContext } from './context.ts';
import { DerivedPromises } from './derived-promises.ts';
import type { ElicitInputParams } from './elicitation-form.ts';
import type { Outcome } from './outcome.ts';
import type { RequestOptions } from './peer.ts';
import { stepText } from './step-value.ts';
import type { AnyHandler } from './tool-registration.ts';

export type ElicitParams = ElicitInputParams | ElicitRequestURLParams;
export type SampleResult = CreateMessageResult | CreateMessageResultWithTools;

/** What `ctx.elicit`, `ctx.sample` and `ctx.step` lead to. */
export interface LinearCalls {
  elicit(params: ElicitParams, options?: RequestOptions): Promise<ElicitResult>;
  sample(params: CreateMessageRequestParams, options?: RequestOptions): Promise<SampleResult>;
  step<T>(name: string, fn: () => T | Promise<T>): Promise<T>;
}

/**
 * The outcome of a handler that did not end by itself; {@link LinearHandler.finish} makes the real one of it. Shaped
 * like a question, so that everything on the way lets it pass.
 */
export const ROUND_ENDED: InputRequiredResult = Object.freeze({
  resultType: 'input_required',
  inputRequests: Object.freeze({}),
});

/**
 * What comes of a handler that threw: the end of a round, or the error itself.
 *
 * @throws whatever the handler threw, unless it used `ctx.elicit`, `ctx.sample` or `ctx.step` and has not failed by it
 */
export function endOfHandler(context: RequestContext, error: unknown): InputRequiredResult {
  const ended = context.linear?.failed(error);
  if (ended === undefined) throw error;
  return ended;
}

/** The same promise, whose rejection does not end the process when the handler does not wait for it. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  const derived = new DerivedPromises();
  promise.catch(() => derived.handle());
  return derived.track(promise);
}

/** Failures that the handler learns of at once: a loop around a catch block would block the process for ever. */
export const MAX_REFUSALS = 100;

const REFUSAL_DELAY_MS = 10;

/** The handler whose step the running code belongs to. */
const stepOf = new AsyncLocalStorage<LinearHandler>();

export abstract class LinearHandler implements LinearCalls {
  protected readonly context: RequestContext;
  /** The rule that was broken first; decides the outcome, whatever the handler makes of the error. */
  protected fault: SlipwayError | undefined;
  protected ended = false;
  /** Calls that failed, whether the handler cares or not. */
  #refusals = 0;

  constructor(context: RequestContext) {
    this.context = context;
  }

  abstract elicit(params: ElicitParams, options?: RequestOptions): Promise<ElicitResult>;
  abstract sample(params: CreateMessageRequestParams, options?: RequestOptions): Promise<SampleResult>;
  abstract step<T>(name: string, fn: () => T | Promise<T>): Promise<T>;

  /** Called with the function that answers, before it runs. */
  begin(_handler: AnyHandler): void {}

  /**
   * Called with what the handler threw.
   *
   * @returns the outcome to go on with, or undefined when the error is an answer like any other
   */
  failed(_error: unknown): InputRequiredResult | undefined {
    return this.fault === undefined ? undefined : ROUND_ENDED;
  }

  /** Called once with the outcome of the operation; gives the one that the client gets. */
  abstract finish(outcome: Outcome): Outcome;

  /** Called when the handler has ended without an outcome, and by {@link finish}: no question stays open. */
  abstract end(): void;

  /** A promise that rejects: at once, later, or for a handler that nobody waits for and that goes on and on, never. */
  protected rejected(error: unknown): Promise<never> {
    if (++this.#refusals <= MAX_REFUSALS) return handled(Promise.reject(error));
    if (this.ended || this.context.signal.aborted) return new Promise(() => {});
    return handled(new Promise<never>((_, reject) => setTimeout(reject, REFUSAL_DELAY_MS, error)));
  }

  /** Notes a broken rule and gives the error to throw into the handler. */
  breaks(code: SlipwayErrorCode, details?: ErrorDetails): SlipwayError {
    this.fault ??= new SlipwayError(code, details);
    return this.fault;
  }

  /** The error for a call from within a step, if it is one: in a replay the step would not make it. */
  protected nested(call: string): SlipwayError | undefined {
    return stepOf.getStore() === this ? this.breaks('SLIP_STEP_NESTED', { call }) : undefined;
  }

  /** Runs a step and gives its result as JSON text. */
  protected async runStep(name: string, fn: () => unknown): Promise<string | undefined> {
    const value = await stepOf.run(this, fn);
    try {
      return stepText(name, value);
    } catch (error) {
      if (error instanceof SlipwayError) this.fault ??= error;
      throw error;
    }
  }
}

/** @throws TypeError for a step without a name or without a function */
export function assertStep(name: unknown, fn: unknown): void {
  if (typeof name !== 'string' || name === '') throw new TypeError('ctx.step(name, fn) needs a name');
  if (typeof fn !== 'function') throw new TypeError(`ctx.step('${name}', fn) needs a function`);
}
