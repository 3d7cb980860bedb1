/** Contract: how much of its allowance a caller has used, counted in fixed windows of time. */
import type { MaybePromise } from './maybe-promise.ts';

export interface LimitUsage {
  /** What was used in the window, this use included. */
  readonly used: number;
  /** Milliseconds until the window ends; 0 when nothing was used and none has begun. */
  readonly resetMs: number;
}

export interface LimitStore {
  /**
   * Counts a use. Atomic, also between processes: of two that come at once, one sees the other. The window begins with
   * the first use after the last one ended.
   *
   * @param key who and what is counted; at most 512 characters
   * @param points what it costs, a whole number; 0 only looks, and begins no window
   * @param windowMs how long a window is that begins now
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  use(key: string, points: number, windowMs: number): MaybePromise<LimitUsage>;
  /** Forgets what a key has used. */
  reset(key: string): MaybePromise<void>;
}

/** Nothing was used. */
export const UNUSED: LimitUsage = Object.freeze({ used: 0, resetMs: 0 });
