/** Linear handlers in the 2025 era: a question is a request to the client, and the handler waits for its answer. */
import { missingCapabilities, requiredCapabilityOf } from '../protocol/client-capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '../protocol/elicitation.ts';
import { type InputRequest, type InputRequiredResult, isInputRequiredResult } from '../protocol/input-required.ts';
import { MissingRequiredClientCapabilityError } from '../protocol/protocol-error.ts';
import type { CreateMessageRequestParams } from '../protocol/sampling.ts';
import { brokenHandler } from './broken-handler.ts';
import { askerOf, elicitInput, requestSampling } from './client-request.ts';
import type { RequestContext } from './context.ts';
import { assertElicitation } from './elicitation-check.ts';
import { answerTimeoutOf, legacyParams } from './legacy-question.ts';
import { assertStep, type ElicitParams, handled, LinearHandler, type SampleResult } from './linear-handler.ts';
import type { Outcome } from './outcome.ts';
import type { RequestOptions } from './peer.ts';
import { clampDelay } from './pending-requests.ts';

/** @throws MissingRequiredClientCapabilityError */
export function assertClientCan(context: RequestContext, call: string, request: InputRequest): void {
  const missing = missingCapabilities(requiredCapabilityOf(request), context.clientCapabilities);
  if (missing === undefined) return;
  // Without a session or a connection nothing is known of the client, and nothing can be sent to it.
  const why =
    context.clientCapabilities === undefined
      ? `the request belongs to no session (Mcp-Session-Id), so there is nobody to ask (SLIP_CLIENT_UNREACHABLE)`
      : `the client did not declare the capability (${request.method})`;
  throw new MissingRequiredClientCapabilityError(
    { requiredCapabilities: missing },
    `ctx.${call}() can not ask: ${why}`,
  );
}

export class DirectHandler extends LinearHandler {
  readonly #over = new AbortController();
  /** Questions that wait for their answers. */
  #open = 0;
  #threw = false;

  /** @throws SlipwayError when a question can not be asked here and now */
  #assertOpen(call: string): void {
    const error = this.nested(call) ?? this.fault;
    if (error !== undefined) throw error;
    if (this.ended) throw new SlipwayError('SLIP_ASK_OUTSIDE_HANDLER', { call });
  }

  #settings(options: RequestOptions | undefined): RequestOptions {
    const own = [this.context.signal, this.#over.signal];
    const signal = AbortSignal.any(options?.signal === undefined ? own : [...own, options.signal]);
    const timeout = clampDelay(options?.timeout ?? answerTimeoutOf(this.context));
    return { resetTimeoutOnProgress: true, ...options, timeout, signal };
  }

  /** @param check throws what is wrong with the question; only then it counts as asked */
  async #ask<T>(call: 'elicit' | 'sample', check: () => void, send: () => Promise<T>): Promise<T> {
    try {
      this.#assertOpen(call);
      check();
      this.#open++;
      try {
        return await send();
      } finally {
        this.#open--;
      }
    } catch (error) {
      return await this.rejected(error);
    }
  }

  elicit(params: ElicitParams, options?: RequestOptions): Promise<ElicitResult> {
    const check = () => {
      assertElicitation(params, this.context.server.options.jsonSchemaValidator);
      assertClientCan(this.context, 'elicit', {
        method: 'elicitation/create',
        params: params as ElicitRequestFormParams,
      });
    };
    const send = () => {
      const wire = legacyParams(params as ElicitRequestFormParams | ElicitRequestURLParams);
      return elicitInput(askerOf(this.context), wire, this.#settings(options));
    };
    return handled(this.#ask('elicit', check, send));
  }

  sample(params: CreateMessageRequestParams, options?: RequestOptions): Promise<SampleResult> {
    const check = () => assertClientCan(this.context, 'sample', { method: 'sampling/createMessage', params });
    const send = () => requestSampling(askerOf(this.context), params, this.#settings(options));
    return handled(this.#ask('sample', check, send));
  }

  step<T>(name: string, fn: () => T | Promise<T>): Promise<T> {
    return handled(this.#step(name, fn));
  }

  async #step<T>(name: string, fn: () => T | Promise<T>): Promise<T> {
    try {
      assertStep(name, fn);
      this.#assertOpen('step');
    } catch (error) {
      return await this.rejected(error);
    }
    const text = await this.runStep(name, fn);
    // The copy that a later round of the other era would get.
    return (text === undefined ? undefined : JSON.parse(text)) as T;
  }

  override failed(error: unknown): InputRequiredResult | undefined {
    this.#threw = true;
    return super.failed(error);
  }

  /** Takes back what is still asked: nobody hears the answer. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.#over.abort(new Error('The handler ended without waiting for the answer'));
  }

  finish(outcome: Outcome): Outcome {
    if (this.fault === undefined && isInputRequiredResult(outcome)) this.breaks('SLIP_REPLAY_MIXED');
    else if (this.fault === undefined && this.#open > 0 && !this.#threw) this.breaks('SLIP_REPLAY_SUSPENSION_CAUGHT');
    this.end();
    return this.fault === undefined ? outcome : brokenHandler(this.context, this.fault);
  }
}
