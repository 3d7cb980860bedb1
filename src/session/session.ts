import type { LoggingLevel } from '../protocol/logging.ts';
import type { SessionRecord } from '../state/session-store.ts';
import type { SessionFacts } from './session-facts.ts';

/** A session as one process sees it while requests use it. */
export class Session {
  /** The sealed id, as the client sends it. */
  readonly id: string;
  readonly facts: SessionFacts;
  /** What the store last said; undefined when it has to be asked (again). */
  record: SessionRecord | undefined;
  /** When it did, on the clock of `performance.now()`. */
  readAt = 0;
  /** Who last presented it and was its owner: comparing texts is cheaper than digesting one. */
  owner: string | undefined;

  constructor(id: string, facts: SessionFacts) {
    this.id = id;
    this.facts = facts;
  }

  get key(): string {
    return this.facts.key;
  }

  get logLevel(): LoggingLevel | undefined {
    return this.record?.logLevel;
  }
}
