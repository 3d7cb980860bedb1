/** Limits are counted by rate-limiter-flexible in the store of limits of the state: one way for every driver. */
import { createRequire } from 'node:module';
import type { LimitStore, LimitUsage } from '../state/limit-store.ts';
import type { MaybePromise } from '../state/maybe-promise.ts';
import type { Rate } from '../transport/http/rate.ts';
import type { Limiter, LimiterFactory, LimitScope } from '../transport/http/rate-limit-window.ts';

type Library = typeof import('rate-limiter-flexible');

/** What the library hands through to its store unread. */
interface Counting {
  /** A use that is being counted already. */
  readonly usage?: Promise<LimitUsage>;
}

/** Keys that are in use now; beyond them the memory begins anew. */
const MAX_REMEMBERED = 1_024;

/** The library's module of this name, not its index: that loads every driver it has, 36 ms in place of 6. */
function load<T>(name: string): T {
  return createRequire(import.meta.url)(`rate-limiter-flexible/lib/${name}.js`) as T;
}

function define() {
  const Base = load<Library['RateLimiterStoreAbstract']>('RateLimiterStoreAbstract');
  const Result = load<Library['RateLimiterRes']>('RateLimiterRes');

  /** The library's limiter over a {@link LimitStore}. Its methods with an underscore are what the library calls. */
  return class StoreRateLimiter extends Base implements Limiter {
    readonly #store: LimitStore;
    /** Keys as the store knows them. */
    readonly #keys = new Map<string, string>();

    constructor(store: LimitStore, scope: LimitScope, { points, windowMs }: Rate) {
      super({ storeClient: store, keyPrefix: `rate ${scope}`, points, duration: windowMs / 1000 });
      this.#store = store;
    }

    /** As `consume()`, without the promises (2 µs of them) where the store answers at once. */
    use(key: string, points: number): MaybePromise<number> {
      const usage = this.#store.use(this.#keyOf(key), points, this.msDuration);
      if (!(usage instanceof Promise)) return usage.used > this.points ? Math.max(1, usage.resetMs) : 0;
      return this.consume(key, points, { usage } satisfies Counting).then(
        () => 0,
        (refused: unknown) => {
          if (refused instanceof Result) return Math.max(1, refused.msBeforeNext);
          throw refused;
        },
      );
    }

    #keyOf(key: string): string {
      const known = this.#keys.get(key);
      if (known !== undefined) return known;
      const made = this.getKey(key);
      if (this.#keys.size >= MAX_REMEMBERED) this.#keys.clear();
      this.#keys.set(key, made);
      return made;
    }

    _getRateLimiterRes(_key: string, points: number, { used, resetMs }: LimitUsage) {
      return new Result(Math.max(0, this.points - used), resetMs, used, used === points);
    }

    async _upsert(key: string, points: number, windowMs: number, fresh: boolean, { usage }: Counting = {}) {
      if (fresh) await this.#store.reset(key);
      return usage ?? this.#store.use(key, points, windowMs);
    }

    async _get(key: string) {
      return this.#store.use(key, 0, this.msDuration);
    }

    async _delete(key: string) {
      await this.#store.reset(key);
      return true;
    }
  };
}

let StoreRateLimiter: ReturnType<typeof define> | undefined;

/** Makes limiters that count in a store. The library is loaded with the first of them. */
export function limitersIn(store: LimitStore): LimiterFactory {
  return (scope, rate) => new (StoreRateLimiter ??= define())(store, scope, rate);
}
