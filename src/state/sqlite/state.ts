import { type Retention, resolveRetention } from '../retention.ts';
import type { State } from '../state.ts';
import { SqliteBus } from './bus.ts';
import { SqliteEventStore } from './event-store.ts';
import { SqliteIdempotencyStore } from './idempotency-store.ts';
import { SqliteLimitStore } from './limit-store.ts';
import { SqliteMailbox } from './mailbox.ts';
import { Owners } from './owners.ts';
import { Pruning } from './pruning.ts';
import { SqliteSessionStore } from './session-store.ts';
import { Store } from './store.ts';
import { StreamWatch } from './stream-watch.ts';
import { DEFAULT_TIMING, type Timing } from './timing.ts';

export interface SqliteOptions extends Retention {
  /** Where the database is, `state.db` and its companions; made with permissions 0700 if there is none. */
  readonly directory: string;
}

/** Between looks at whether the owners of watched streams live. */
const OWNER_CHECK_MS = 500;

/**
 * A store in a directory, for any number of processes of one machine. Reads answer at once, writes when they are
 * committed: they outlive the process, however it ends.
 *
 * @throws SlipwayError `SLIP_STATE_DIRECTORY`, `SLIP_STORE_UNAVAILABLE`, `SLIP_STORE_TOO_NEW`, `SLIP_INVALID_OPTION`
 */
export function sqliteState(options: SqliteOptions, timing: Timing = DEFAULT_TIMING): State {
  const retention = resolveRetention(options);
  const store = new Store(options.directory, timing);
  const owners = new Owners(store, timing);
  const mailbox = new SqliteMailbox(store, owners);
  const watch = new StreamWatch(store, owners);
  const events = new SqliteEventStore(store, owners, watch, retention);
  const bus = new SqliteBus(store);
  const idempotency = new SqliteIdempotencyStore(store, owners);
  const pruning = new Pruning(store, owners, retention);

  store.register = connection => {
    owners.renew(connection);
    mailbox.restore(connection);
  };
  const renew = (): void => {
    void store.write(connection => {
      if (owners.renew(connection)) mailbox.restore(connection);
    });
    if (!store.health().ok) void store.prove();
    mailbox.tidy();
    events.confess();
    bus.settle();
    idempotency.settle();
  };
  renew();

  const every = (ms: number, work: () => void): NodeJS.Timeout => setInterval(() => quietly(work), ms).unref();
  const timers = [
    every(timing.pollMs, () => store.poll()),
    every(timing.checkMs, () => {
      store.check();
      if (!store.health().ok) renew();
    }),
    every(timing.renewMs, () => {
      owners.round();
      renew();
    }),
    every(OWNER_CHECK_MS, () => watch.round()),
    every(timing.pruneMs, () => void pruning.run()),
  ];

  return {
    sessions: new SqliteSessionStore(store),
    events,
    mailbox,
    bus,
    limits: new SqliteLimitStore(store),
    idempotency,
    durable: true,
    onCommit: listener => store.onCommit(listener),
    health: () => store.health(),
    close: () => {
      for (const timer of timers) clearInterval(timer);
      return store.close(connection => owners.resign(connection));
    },
  };
}

/** A fault of the store is known to the store by then, and shown by `health`. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // See above.
  }
}
