/** Calls that are done once, however often they are sent. docs/reference/idempotency.md, docs/decisions/0027 */
import { SlipwayError } from '../protocol/coded-error.ts';
import { isInputRequiredResult } from '../protocol/input-required.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Result } from '../protocol/result.ts';
import type { IdempotencyRecord, IdempotencyStore } from '../state/idempotency-store.ts';
import type { Params } from './call.ts';
import type { RequestContext } from './context.ts';
import { IDEMPOTENT_REPLAY, type IdempotentCall, idempotentCallOf, keyIn, refusals } from './idempotency-key.ts';
import type { Operation } from './middleware.ts';
import { type Outcome, PreparedResult } from './outcome.ts';
import { assertPositive } from './tool-limits.ts';

export interface IdempotencyOptions {
  readonly store: IdempotencyStore;
  /** Milliseconds that a key and its result are kept, counted from when the call begins; default 24 hours, 0: no key is heeded. */
  readonly ttlMs?: number | undefined;
}

const DAY_MS = 24 * 3_600_000;

/** How a call ended, for those that wait for it; `free` when its key was given back. */
type Ending = Exclude<IdempotencyRecord, { kind: 'begun' }> | { readonly kind: 'free' };

const FREE: Ending = { kind: 'free' };

interface Done {
  readonly ending: Ending;
  /** What the client gets; throws where it is an error. */
  readonly answer: () => Outcome;
}

interface Running {
  readonly fingerprint: string;
  readonly ended: Promise<Ending>;
}

/** The calls of this process, by their store: servers that are made for one request share it. */
const runningIn = new WeakMap<IdempotencyStore, Map<string, Running>>();

/** Results that say no more than that nobody knows what happened. */
const unknown = new WeakSet<Outcome>();

/** Says of a result that the call may go on, or may have been done: the result is not kept. */
export function noteUnknown(result: Outcome): void {
  unknown.add(result);
}

export class IdempotentCalls {
  readonly #store: IdempotencyStore;
  readonly #ttlMs: number;
  readonly #running: Map<string, Running>;

  /** @throws SlipwayError `SLIP_INVALID_OPTION` */
  constructor({ store, ttlMs = DAY_MS }: IdempotencyOptions) {
    if (ttlMs !== 0) assertPositive('idempotencyTtlMs', ttlMs);
    this.#store = store;
    this.#ttlMs = Math.ceil(Math.min(ttlMs, Number.MAX_SAFE_INTEGER / 2));
    const running = runningIn.get(store) ?? new Map<string, Running>();
    runningIn.set(store, running);
    this.#running = running;
  }

  /** Runs a call, unless it carries the key of one that was made before. */
  run(context: RequestContext, params: Params, operation: Operation): Outcome | Promise<Outcome> {
    const key = context.call.method === 'tools/call' ? keyIn(params) : undefined;
    if (key === undefined || this.#ttlMs === 0) return operation(context, params);
    return this.#once(context, params, idempotentCallOf(context, params, key), operation);
  }

  async #once(context: RequestContext, params: Params, call: IdempotentCall, operation: Operation): Promise<Outcome> {
    for (;;) {
      const other = this.#running.get(call.storeKey);
      if (other === undefined) return await this.#begin(context, params, call, operation);
      if (other.fingerprint !== call.fingerprint) throw refusals.mismatch();
      const ending = await unlessAborted(context.signal, other.ended);
      if (ending.kind !== 'free') return this.#repeat(context, call, ending);
    }
  }

  async #begin(context: RequestContext, params: Params, call: IdempotentCall, operation: Operation): Promise<Outcome> {
    const { storeKey, fingerprint } = call;
    const { promise, resolve } = Promise.withResolvers<Ending>();
    this.#running.set(storeKey, { fingerprint, ended: promise });
    let ending: Ending = FREE;
    try {
      const record = await this.#take(context, call);
      if (record.kind !== 'begun') {
        ending = record;
        return this.#repeat(context, call, record);
      }
      const done = await this.#perform(context, params, call, operation);
      ending = done.ending;
      await this.#keep(context, storeKey, ending);
      return done.answer();
    } finally {
      this.#running.delete(storeKey);
      resolve(ending);
    }
  }

  async #take(context: RequestContext, { storeKey, fingerprint }: IdempotentCall): Promise<IdempotencyRecord> {
    try {
      return await this.#store.begin(storeKey, fingerprint, this.#ttlMs);
    } catch (error) {
      context.logger.error({ method: 'tools/call', error }, 'the state store did not take an idempotency key');
      throw refusals.unavailable();
    }
  }

  /** Writes down how a call ended. The client gets its answer all the same: the call has been done. */
  async #keep(context: RequestContext, key: string, ending: Ending): Promise<void> {
    try {
      if (ending.kind === 'done') await this.#store.finish(key, ending.result);
      else if (ending.kind === 'free') await this.#store.abandon(key);
      else await this.#store.lose(key);
    } catch (error) {
      context.logger.error({ method: 'tools/call', error }, 'the state store did not take the result of a call');
    }
  }

  async #perform(context: RequestContext, params: Params, call: IdempotentCall, operation: Operation): Promise<Done> {
    const { fingerprint } = call;
    try {
      // The client may have left while the store was asked.
      if (context.peer.signal.aborted) throw new SlipwayError('SLIP_REQUEST_CANCELLED', { why: 'it was taken back' });
      const outcome = await operation(context, params);
      const ending = endingOf(context, params, fingerprint, outcome);
      return { ending, answer: () => (ending.kind === 'done' ? marked(outcome, false) : outcome) };
    } catch (error) {
      // A protocol error tells the client what is missing, so that it can send the call again.
      const isFree = context.handler === undefined || error instanceof ProtocolError;
      const answer = (): never => {
        throw error;
      };
      return { ending: isFree ? FREE : { kind: 'lost', fingerprint }, answer };
    }
  }

  /** The answer to a call whose key is known. */
  #repeat(context: RequestContext, { fingerprint }: IdempotentCall, known: Exclude<Ending, { kind: 'free' }>): Outcome {
    if (known.fingerprint !== fingerprint) throw refusals.mismatch();
    if (known.kind === 'running') throw refusals.running();
    if (known.kind === 'lost') throw refusals.lost();
    context.component = String(context.call.params['name']);
    return marked(JSON.parse(known.result) as Result, true);
  }
}

/** What is kept of an outcome. */
function endingOf(context: RequestContext, params: Params, fingerprint: string, outcome: Outcome): Ending {
  // No handler has run: the arguments do not fit.
  if (context.handler === undefined) return FREE;
  const result = outcome instanceof PreparedResult ? outcome.object : outcome;
  // A question that leads back to where the call is now. With a new state, the answers belong to the next round.
  if (isInputRequiredResult(result) && result.requestState === params['requestState']) return FREE;
  // An error after the client had left may come of that. A result does not, and waits for a client that comes back.
  const isUnknown = unknown.has(outcome) || (result['isError'] === true && context.peer.signal.aborted);
  if (isUnknown) return { kind: 'lost', fingerprint };
  try {
    return { kind: 'done', fingerprint, result: JSON.stringify(result) };
  } catch {
    return { kind: 'lost', fingerprint }; // It can not be sent either.
  }
}

function marked(outcome: Outcome, isReplay: boolean): Outcome {
  if (outcome instanceof PreparedResult) return outcome;
  return { ...outcome, _meta: { ...outcome._meta, [IDEMPOTENT_REPLAY]: isReplay } };
}

/** @throws SlipwayError `SLIP_REQUEST_CANCELLED` as soon as nobody waits any more */
function unlessAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new SlipwayError('SLIP_REQUEST_CANCELLED', { why: 'it was taken back' }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
