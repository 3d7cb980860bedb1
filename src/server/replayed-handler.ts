/**
 * Linear handlers in revision 2026-07-28, where no request goes to the client: the handler runs from its start in every
 * round, and its calls get from the journal what earlier rounds brought. A question without an answer suspends it.
 * docs/decisions/0021-replayed-handlers.md tells why it is as it is.
 */
import { SlipwayError } from '../protocol/coded-error.ts';
import type { ElicitResult } from '../protocol/elicitation.ts';
import { type InputRequiredResult, isInputRequiredResult } from '../protocol/input-required.ts';
import type { CreateMessageRequestParams } from '../protocol/sampling.ts';
import { brokenHandler } from './broken-handler.ts';
import type { RequestContext } from './context.ts';
import { assertClientCan } from './direct-handler.ts';
import { fingerprintOf } from './handler-fingerprint.ts';
import { type Journal, markOf, sealJournal } from './journal.ts';
import {
  assertStep,
  type ElicitParams,
  handled,
  LinearHandler,
  MAX_REFUSALS,
  ROUND_ENDED,
  type SampleResult,
} from './linear-handler.ts';
import type { Outcome } from './outcome.ts';
import { elicitation, type Question, sampling } from './question.ts';
import { keyOf, Replay, type ReplayCall } from './replay.ts';
import { failureText } from './step-failure.ts';
import { Suspension } from './suspension.ts';
import type { AnyHandler } from './tool-registration.ts';

/** How long a value waits for the calls that came before it in the earlier round. */
const HOLD_MS = 1000;

export class ReplayedHandler extends LinearHandler {
  readonly #replay: Replay;
  /** Steps that run. */
  #running = 0;
  #turn: NodeJS.Immediate | undefined;
  #hold: NodeJS.Timeout | undefined;
  #suspended = false;
  #threw = false;
  /** Calls after the end of the round. */
  #late = 0;

  /** @param earlier what the request's state holds; undefined in the first round */
  constructor(context: RequestContext, earlier: Journal | undefined) {
    super(context);
    this.#replay = new Replay(earlier);
  }

  override begin(handler: AnyHandler): void {
    const { calls, handler: fingerprint } = this.#replay.earlier;
    if (calls.length > 0 && fingerprint !== fingerprintOf(handler)) throw this.breaks('SLIP_REPLAY_HANDLER_CHANGED');
  }

  // The calls of the handler ------------------------------------------------------------------------------------------

  elicit(params: ElicitParams): Promise<ElicitResult> {
    return this.#ask('elicit', () => elicitation(params, this.context.server.options.jsonSchemaValidator));
  }

  sample(params: CreateMessageRequestParams): Promise<SampleResult> {
    return this.#ask('sample', () => sampling(params));
  }

  step<T>(name: string, fn: () => T | Promise<T>): Promise<T> {
    const refusal = this.#refusal('step');
    if (refusal !== undefined) return refusal;
    try {
      assertStep(name, fn);
      const recorded = this.#replay.isRecorded;
      const call = this.#enter(markOf('step', name), `the step '${name}'`, undefined);
      if (!recorded) this.#run(this.#replay.calls.length - 1, name, fn);
      this.#advance();
      return call.promise as Promise<T>;
    } catch (error) {
      return this.rejected(error);
    }
  }

  #ask<T>(call: 'elicit' | 'sample', build: () => Question): Promise<T> {
    const refusal = this.#refusal(call);
    if (refusal !== undefined) return refusal;
    try {
      const question = build();
      const mark = markOf(call, question.request.params);
      const { before, isRecorded } = this.#replay;
      // Before the call counts: a handler may catch this and go another way, in every round the same.
      if (!isRecorded || before?.mark !== mark) assertClientCan(this.context, call, question.request);
      const live = this.#enter(mark, `a call of ctx.${call}()`, question);
      if (!isRecorded && before !== undefined) this.#consider(this.#replay.calls.length - 1, question);
      this.#advance();
      return live.promise as Promise<T>;
    } catch (error) {
      return this.rejected(error);
    }
  }

  /** Why no call is possible now; undefined when one is. */
  #refusal(call: string): Promise<never> | undefined {
    const error = this.nested(call) ?? this.fault;
    if (error === undefined && !this.#suspended) {
      return this.ended ? this.rejected(new SlipwayError('SLIP_ASK_OUTSIDE_HANDLER', { call })) : undefined;
    }
    if (error === undefined && !this.ended && this.#late === 0) {
      const { code, message } = new SlipwayError('SLIP_REPLAY_SUSPENSION_CAUGHT');
      this.context.logger.warn({ method: this.context.call.method, code, call }, message);
    }
    return ++this.#late > MAX_REFUSALS ? new Promise(() => {}) : handled(Promise.reject(error ?? new Suspension()));
  }

  /** @throws SlipwayError when the round before made another call here */
  #enter(mark: string, what: string, question: Question | undefined): ReplayCall {
    const { before, calls } = this.#replay;
    if (before === undefined || before.mark === mark) return this.#replay.enter(mark, question);
    const why = `call ${calls.length + 1} is now ${what}, and was another one`;
    throw this.breaks('SLIP_REPLAY_DIVERGED', { why });
  }

  #run(index: number, name: string, fn: () => unknown): void {
    this.#running++;
    this.runStep(name, fn)
      .then(
        text => this.#replay.settle(index, text),
        error => this.#replay.fail(index, failureText(error), error),
      )
      .finally(() => {
        this.#running--;
        this.#advance();
      })
      .catch(error => this.context.server.reportError(error));
  }

  /** Looks for the answer to a question of the round before. */
  #consider(index: number, question: Question): void {
    const responses = this.context.facts.inputResponses;
    const key = keyOf(index, question);
    if (responses === undefined || !Object.hasOwn(responses, key)) return;
    const answer = responses[key];
    if (question.accepts(answer)) this.#replay.keep(index, answer);
  }

  // The course of the round -------------------------------------------------------------------------------------------

  /** Gives out what may be given out now, and looks at the rest when the handler's code has run. */
  #advance(): void {
    clearTimeout(this.#hold);
    this.#replay.giveOut();
    if (!this.ended) this.#turn ??= setImmediate(() => this.#pause());
  }

  /**
   * The handler's own code has run as far as it can without us, unless it waits for something of its own. Nothing is
   * asked while a step runs: it may lead to more questions, and what it did must be in the journal.
   */
  #pause(): void {
    this.#turn = undefined;
    if (this.#running > 0 || this.ended) return;
    if (this.#replay.holds) {
      // Branches that wait for something else than a step come later than before; after a while nothing else comes.
      this.#hold = setTimeout(() => {
        this.#replay.giveNext();
        this.#advance();
      }, HOLD_MS);
    } else if (this.#replay.open.length > 0) this.#suspend();
  }

  #suspend(): void {
    this.#suspended = true;
    this.#replay.suspend();
  }

  override failed(error: unknown): InputRequiredResult | undefined {
    if (this.#suspended) return ROUND_ENDED;
    this.#threw = true;
    return super.failed(error);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.#hold);
    clearImmediate(this.#turn);
    if (!this.#suspended && this.#replay.open.length > 0) this.#suspend();
  }

  finish(outcome: Outcome): Outcome {
    // Without a handler nothing was replayed: the arguments no longer fit, the component is gone.
    if (this.context.handler !== undefined && !this.#threw) this.#examine(outcome);
    this.end();
    if (this.fault !== undefined) return brokenHandler(this.context, this.fault);
    return outcome === ROUND_ENDED ? this.#question() : outcome;
  }

  /** Looks for rules that only the end shows to be broken. */
  #examine(outcome: Outcome): void {
    const { calls, earlier, open } = this.#replay;
    if (outcome !== ROUND_ENDED && open.length > 0) this.breaks('SLIP_REPLAY_SUSPENSION_CAUGHT');
    else if (outcome !== ROUND_ENDED && isInputRequiredResult(outcome)) this.breaks('SLIP_REPLAY_MIXED');
    else if (calls.length < earlier.calls.length) {
      const why = `it made ${calls.length} calls, and ${earlier.calls.length} before`;
      this.breaks('SLIP_REPLAY_DIVERGED', { why });
    }
  }

  #question(): Outcome {
    const { inputRequests } = this.#replay;
    const { handler } = this.context;
    try {
      const journal = this.#replay.journal(handler === undefined ? '' : fingerprintOf(handler));
      return { resultType: 'input_required', inputRequests, requestState: sealJournal(this.context, journal) };
    } catch (error) {
      if (error instanceof SlipwayError) return brokenHandler(this.context, error);
      throw error;
    }
  }
}
