/** One limit: a rate, who counts it, and what happens when that fails. */
import type { Logger } from '../../server/logger.ts';
import type { MaybePromise } from '../../state/maybe-promise.ts';
import type { Rate } from './rate.ts';

/** Whose allowance it is: a caller's with a token, one's without, or a caller's for one tool. */
export type LimitScope = 'principal' | 'address' | 'tool';

/** Contract: what counts. */
export interface Limiter {
  /**
   * Counts a use.
   *
   * @returns 0 when it is within the limit, otherwise the milliseconds until the window ends (at least 1); a promise
   * where the store has to be asked
   * @throws when it can not be counted
   */
  use(key: string, points: number): MaybePromise<number>;
}

/** Makes what counts; called once for each limit. */
export type LimiterFactory = (scope: LimitScope, rate: Rate) => Limiter;

/** Why a request is answered 429. */
export interface RateRefusal {
  /** Until the window ends. */
  readonly retryAfterMs: number;
  /** `600/1m` */
  readonly limit: string;
  readonly scope: LimitScope;
}

/** Between two lines of the log about a store that does not count. */
const WARNING_INTERVAL_MS = 60_000;
/** What a request waits for a store at most. */
const PATIENCE_MS = 300;
/** How long a store that has failed is not asked. */
const REST_MS = 1_000;

export class RateLimitWindow {
  readonly scope: LimitScope;
  readonly rate: Rate;
  readonly #limiter: Limiter;
  readonly #logger: () => Logger;
  #warnedAt = Number.NEGATIVE_INFINITY;
  #restsUntil = Number.NEGATIVE_INFINITY;

  constructor(scope: LimitScope, rate: Rate, limiters: LimiterFactory, logger: () => Logger) {
    this.scope = scope;
    this.rate = rate;
    this.#limiter = limiters(scope, rate);
    this.#logger = logger;
  }

  /** Counts a use; what can not be counted, or not soon, passes. */
  use(key: string, points: number): MaybePromise<RateRefusal | undefined> {
    if (this.#restsUntil > Number.NEGATIVE_INFINITY && performance.now() < this.#restsUntil) return undefined;
    try {
      const waiting = this.#limiter.use(key, points);
      if (typeof waiting === 'number') return waiting === 0 ? undefined : this.refusal(waiting);
      return soon(waiting).then(
        ms => (ms === 0 ? undefined : this.refusal(ms)),
        error => this.#failed(error),
      );
    } catch (error) {
      return this.#failed(error);
    }
  }

  refusal(retryAfterMs: number): RateRefusal {
    return { retryAfterMs: Math.ceil(retryAfterMs), limit: this.rate.text, scope: this.scope };
  }

  /** Limits protect; a store that fails must not take the service with it. */
  #failed(error: unknown): undefined {
    const now = performance.now();
    this.#restsUntil = now + REST_MS;
    if (now - this.#warnedAt < WARNING_INTERVAL_MS) return;
    this.#warnedAt = now;
    const { scope } = this;
    this.#logger().warn({ error, scope, limit: this.rate.text }, 'rate limit not counted: requests pass without');
  }
}

/**
 * @throws when it takes longer than a request can wait: a lock may be held for seconds, and all calls would wait. A store
 * that could not answer because this process was busy gets its turn first, or limits would end where they are needed.
 */
function soon<T>(promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`the store of limits did not answer within ${PATIENCE_MS} ms`));
    const timer = setTimeout(() => setImmediate(() => setImmediate(late)), PATIENCE_MS);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
