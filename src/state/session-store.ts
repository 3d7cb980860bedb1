/** Contract: what changes about a session of the 2025 era. Everything else about it travels in its sealed id. */
import { SlipwayError } from '../protocol/coded-error.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import type { MaybePromise } from './maybe-promise.ts';

/** A session, as a store needs to know it. */
export interface SessionRef {
  /** 128 random bits as base64url; from inside the sealed id, which can not be made from it. */
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** Milliseconds since 1970; whatever is stored about the session may be forgotten after that, and not before. */
  readonly expiresAt: number;
}

export interface SessionRecord {
  readonly terminated: boolean;
  readonly logLevel: LoggingLevel | undefined;
  /** URIs that the session subscribed to, in order. */
  readonly subscriptions: readonly string[];
}

/** What every session is before anything about it was stored. */
export const FRESH_SESSION: SessionRecord = Object.freeze({
  terminated: false,
  logLevel: undefined,
  subscriptions: Object.freeze([]) as readonly string[],
});

/** What a session is once it was terminated, whatever it was before. */
export const TERMINATED_SESSION: SessionRecord = Object.freeze({ ...FRESH_SESSION, terminated: true });

/** What the subscriptions of one session may weigh together, or one client could fill the store. */
const MAX_SUBSCRIPTION_WEIGHT = 1_000;

/** What a subscription weighs: 1, and 1 more for each 256 characters of a long URI. */
export function subscriptionWeight(uri: string): number {
  return 1 + Math.floor(uri.length / 256);
}

/**
 * For the drivers.
 *
 * @param held what the session's subscriptions weigh already
 * @throws SlipwayError `SLIP_SUBSCRIPTION_LIMIT`
 */
export function assertSubscribable(held: number, uri: string): void {
  if (held + subscriptionWeight(uri) <= MAX_SUBSCRIPTION_WEIGHT) return;
  throw new SlipwayError('SLIP_SUBSCRIPTION_LIMIT', { limit: MAX_SUBSCRIPTION_WEIGHT });
}

/**
 * One process's view of a store that may be shared by several. What one writes, all read as soon as the write has
 * resolved. Nothing is stored for a session until one of the writes is called. A full store forgets levels and
 * subscriptions: of the sessions that have most, and among those of the oldest; such a session is fresh again. Each method rejects (or throws) with
 * SlipwayError `SLIP_STORE_UNAVAILABLE` when the store can not be reached.
 */
export interface SessionStore {
  /** {@link FRESH_SESSION} when nothing was stored. */
  read(session: SessionRef): MaybePromise<SessionRecord>;
  setLogLevel(session: SessionRef, level: LoggingLevel): MaybePromise<void>;
  /**
   * Subscribing twice is the same as once.
   *
   * @throws SlipwayError `SLIP_SUBSCRIPTION_LIMIT` beyond 1,000 of one session, fewer if their URIs are long
   */
  subscribe(session: SessionRef, uri: string): MaybePromise<void>;
  unsubscribe(session: SessionRef, uri: string): MaybePromise<void>;
  /**
   * Ends the session for good: `read` says so until `expiresAt` at least, after restarts too where the store outlives
   * the process. A store that has to forget a termination earlier treats everything issued up to that session's time
   * as terminated, rather than letting an ended session live again. Nothing else that is forgotten ends a session.
   */
  terminate(session: SessionRef): MaybePromise<void>;
}
