/** Contract: all that a server remembers beyond one request, in one place that several processes may share. */
import type { Bus } from './bus.ts';
import type { EventStore } from './event-store.ts';
import type { IdempotencyStore } from './idempotency-store.ts';
import type { LimitStore } from './limit-store.ts';
import type { Mailbox } from './mailbox.ts';
import type { SessionStore } from './session-store.ts';

/** How the store is, for readiness. */
export interface StateHealth {
  readonly ok: boolean;
  /** What is wrong, in words for the operator. */
  readonly why?: string;
}

/** Hears how long a commit took in milliseconds, waiting for the lock included, and whether it succeeded. */
export type CommitListener = (ms: number, ok: boolean) => void;

export interface State {
  readonly sessions: SessionStore;
  readonly events: EventStore;
  readonly mailbox: Mailbox;
  readonly bus: Bus;
  readonly limits: LimitStore;
  readonly idempotency: IdempotencyStore;
  /** Whether what is written survives the end of this process. */
  readonly durable: boolean;
  /** Calls a listener after each commit; returns the function that ends it. Absent where nothing is committed. */
  onCommit?(listener: CommitListener): () => void;
  health(): StateHealth;
  /** Writes what is waiting and lets go of the store; nothing may be called after that. */
  close(): Promise<void>;
}
