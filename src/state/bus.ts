/**
 * Contract: the log of what all processes have to hear, in one order for all. It is kept for a while, so that a stream
 * which was cut goes on where it was: its event ids are cursors of this log.
 */
import type { LoggingLevel, LoggingMessageNotificationParams } from '../protocol/logging.ts';
import type { ServerEvent } from './event-bus.ts';
import type { MaybePromise } from './maybe-promise.ts';

/** What happened to a session, for the processes that hold something of it. */
export type SessionChange =
  | { readonly type: 'level'; readonly level: LoggingLevel }
  | { readonly type: 'terminated' }
  | { readonly type: 'subscribed'; readonly uri: string }
  | { readonly type: 'unsubscribed'; readonly uri: string }
  /** A GET stream was opened; whoever held one before lets go. */
  | { readonly type: 'claimed'; readonly claim: string };

/** A listener ignores kinds it does not know: a newer release may share the log. */
export type BusEvent =
  | { readonly kind: 'change'; readonly event: ServerEvent }
  /** A JSON-RPC message for the GET stream of one session. */
  | { readonly kind: 'message'; readonly session: string; readonly message: string }
  /** A log message for every GET stream whose session wants its level, or for that of one session. */
  | { readonly kind: 'log'; readonly params: LoggingMessageNotificationParams; readonly session?: string }
  | { readonly kind: 'session'; readonly session: string; readonly change: SessionChange }
  /** A request's stream is read on by a connection; whoever held it before lets go. */
  | { readonly kind: 'resumed'; readonly stream: string; readonly claim: string }
  /** A client no longer waits for a request; `request` is the id as JSON. */
  | { readonly kind: 'cancel'; readonly session: string; readonly request: string; readonly reason?: string }
  /**
   * Entries before this one are lost to this process: it stood still for longer than they are kept, or the store was
   * replaced underneath. Never published; a driver tells its own listeners.
   */
  | { readonly kind: 'gap' };

/**
 * Whether an event is for the processes and not for a stream. There may be many of these at any time (each GET stream
 * that is opened is one), so drivers keep them apart: they never push out what streams are resumed from.
 */
export function isControl(event: BusEvent): boolean {
  return event.kind === 'session' || event.kind === 'resumed' || event.kind === 'cancel';
}

export interface BusEntry {
  /** Opaque; at most 64 characters of A-Z a-z 0-9 and dash. */
  readonly cursor: string;
  readonly event: BusEvent;
}

export interface Bus {
  /**
   * Adds an event. Every listener in every process hears it once, in the same order, also the listeners of this process.
   *
   * @returns its cursor, once it is durable
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`; a `change` was told to the listeners of this process then, with the
   *   cursor of the entry before it, and is published when the store works again
   */
  publish(event: BusEvent): MaybePromise<string>;
  /** Hears every entry published from now on; the returned function ends it. A listener must not throw. */
  subscribe(listener: (entry: BusEntry) => void): () => void;
  /**
   * The entries after a cursor, oldest first, at most `limit`. Old ones of {@link isControl} may be left out. The listeners
   * of this process have heard whatever is read.
   *
   * @returns undefined when other entries after the cursor are gone already, or the cursor is none of this log
   */
  read(after: string, limit: number): MaybePromise<readonly BusEntry[] | undefined>;
  /** The cursor of the last entry that the listeners of this process have heard. */
  readonly cursor: string;
}

/** What a driver keeps. */
export interface BusRetention {
  /** Milliseconds that entries are kept; default 300,000. */
  readonly busTtlMs?: number;
  /**
   * Entries that are kept; default 10,000. In memory no more than 64 MiB of them. As many of {@link isControl} are kept
   * beside them.
   */
  readonly maxBusEntries?: number;
}
