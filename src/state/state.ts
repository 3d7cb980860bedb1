/** Contract: all that a server remembers beyond one request, in one place that several processes may share. */
import type { Bus } from './bus.ts';
import type { EventStore } from './event-store.ts';
import type { Mailbox } from './mailbox.ts';
import type { SessionStore } from './session-store.ts';

/** How the store is, for readiness. */
export interface StateHealth {
  readonly ok: boolean;
  /** What is wrong, in words for the operator. */
  readonly why?: string;
}

export interface State {
  readonly sessions: SessionStore;
  readonly events: EventStore;
  readonly mailbox: Mailbox;
  readonly bus: Bus;
  /** Whether what is written survives the end of this process. */
  readonly durable: boolean;
  health(): StateHealth;
  /** Writes what is waiting and lets go of the store; nothing may be called after that. */
  close(): Promise<void>;
}
