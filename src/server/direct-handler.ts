/** Linear handlers in the 2025 era: a question is a request to the client, and the handler waits for its answer. */
import { missingCapabilities, requiredCapabilityOf } from '../protocol/client-capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '../protocol/elicitation.ts';
import { type InputRequest, isInputRequiredResult } from '../protocol/input-required.ts';
import { MissingRequiredClientCapabilityError } from '../protocol/protocol-error.ts';
import type { CreateMessageRequestParams } from '../protocol/sampling.ts';
import { brokenHandler } from './broken-handler.ts';
import { askerOf, elicitInput, requestSampling } from './client-request.ts';
import type { RequestContext } from './context.ts';
import { answerTimeoutOf, legacyParams } from './legacy-question.ts';
import { assertStep, type ElicitParams, LinearHandler, type SampleResult } from './linear-handler.ts';
import type { Outcome } from './outcome.ts';
import type { RequestOptions } from './peer.ts';

/** @throws MissingRequiredClientCapabilityError */
export function assertClientCan(context: RequestContext, call: string, request: InputRequest): void {
  const missing = missingCapabilities(requiredCapabilityOf(request), context.clientCapabilities);
  if (missing === undefined) return;
  const text = `ctx.${call}() can not ask: the client did not declare the capability (${request.method})`;
  throw new MissingRequiredClientCapabilityError({ requiredCapabilities: missing }, text);
}

export class DirectHandler extends LinearHandler {
  #ended = false;

  /** @throws SlipwayError when a question can not be asked here and now */
  #assertOpen(call: string): void {
    const error = this.nested(call) ?? this.fault;
    if (error !== undefined) throw error;
    if (this.#ended) throw new SlipwayError('SLIP_ASK_OUTSIDE_HANDLER', { call });
  }

  #settings(options: RequestOptions | undefined): RequestOptions {
    const own = this.context.signal;
    const signal = options?.signal === undefined ? own : AbortSignal.any([own, options.signal]);
    return { timeout: answerTimeoutOf(this.context), resetTimeoutOnProgress: true, ...options, signal };
  }

  async elicit(params: ElicitParams, options?: RequestOptions): Promise<ElicitResult> {
    this.#assertOpen('elicit');
    const wire = legacyParams(params as ElicitRequestFormParams | ElicitRequestURLParams);
    assertClientCan(this.context, 'elicit', { method: 'elicitation/create', params: wire });
    return elicitInput(askerOf(this.context), wire, this.#settings(options));
  }

  async sample(params: CreateMessageRequestParams, options?: RequestOptions): Promise<SampleResult> {
    this.#assertOpen('sample');
    assertClientCan(this.context, 'sample', { method: 'sampling/createMessage', params });
    return requestSampling(askerOf(this.context), params, this.#settings(options));
  }

  async step<T>(name: string, fn: () => T | Promise<T>): Promise<T> {
    assertStep(name, fn);
    this.#assertOpen('step');
    const text = await this.runStep(name, fn);
    // The copy that a later round of the other era would get.
    return (text === undefined ? undefined : JSON.parse(text)) as T;
  }

  finish(outcome: Outcome): Outcome {
    this.#ended = true;
    if (this.fault === undefined && isInputRequiredResult(outcome)) this.breaks('SLIP_REPLAY_MIXED');
    return this.fault === undefined ? outcome : brokenHandler(this.context, this.fault);
  }
}
