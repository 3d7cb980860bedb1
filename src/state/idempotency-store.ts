/** Contract: calls that are done once, however often they are sent; by the key that their client gave them. */
import type { MaybePromise } from './maybe-promise.ts';

/** What is known of a key. */
export type IdempotencyRecord =
  /** It was free, and is ours now: run the call, then `finish` or `abandon`. */
  | { readonly kind: 'begun' }
  /** The call runs, here or in another process. */
  | { readonly kind: 'running'; readonly fingerprint: string }
  /** It was answered with this. */
  | { readonly kind: 'done'; readonly fingerprint: string; readonly result: string }
  /** Its process died while it ran: nobody knows how far it got. */
  | { readonly kind: 'lost'; readonly fingerprint: string };

export interface IdempotencyStore {
  /**
   * Takes a key, if it is free. Atomic, also between processes.
   *
   * @param key with the caller and the tool in it; at most 512 characters
   * @param fingerprint of the call; to tell a repetition from another call under the same key
   * @param ttlMs how long it is kept, counted from now
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  begin(key: string, fingerprint: string, ttlMs: number): MaybePromise<IdempotencyRecord>;
  /** Keeps the answer. Where it is too large to be kept, the key stays as `lost`. */
  finish(key: string, result: string): MaybePromise<void>;
  /** Gives the key back: the call did nothing that a repetition would do twice. */
  abandon(key: string): MaybePromise<void>;
}
