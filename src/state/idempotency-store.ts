/** Contract: calls that are done once, however often they are sent; by the key that their client gave them. */
import type { MaybePromise } from './maybe-promise.ts';

/** What is known of a key. */
export type IdempotencyRecord =
  /** It was free, and is ours now: run the call, then `finish`, `abandon` or `lose`. */
  | { readonly kind: 'begun' }
  /** The call runs, here or in another process. */
  | { readonly kind: 'running'; readonly fingerprint: string }
  /** It was answered with this. */
  | { readonly kind: 'done'; readonly fingerprint: string; readonly result: string }
  /** Its process died while it ran, or nobody knows for another reason how far it got. */
  | { readonly kind: 'lost'; readonly fingerprint: string };

export interface IdempotencyStore {
  /**
   * Takes a key, if it is free. Atomic, also between processes. A key is not forgotten while its call runs.
   *
   * @param key with the caller and the tool in it; at most 512 characters
   * @param fingerprint of the call; to tell a repetition from another call under the same key
   * @param ttlMs how long it is kept at least, counted from now
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  begin(key: string, fingerprint: string, ttlMs: number): MaybePromise<IdempotencyRecord>;
  /**
   * Keeps the answer of a call that this process has begun; without that it does nothing, like the other two. Where it is
   * too large to be kept, the key stays as `lost`. When it can not be written now, it is known in this process at once and
   * written as soon as that is possible; the returned promise rejects all the same.
   *
   * @param result as JSON text
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  finish(key: string, result: string): MaybePromise<void>;
  /** Gives the key back: the call did nothing that a repetition would do twice. Otherwise as `finish`. */
  abandon(key: string): MaybePromise<void>;
  /** Keeps the key as `lost`: nobody knows how far the call got. Otherwise as `finish`. */
  lose(key: string): MaybePromise<void>;
}

/** Characters of a result that is kept; a longer one is `lost`. */
export const MAX_KEPT_RESULT = 1024 * 1024;
