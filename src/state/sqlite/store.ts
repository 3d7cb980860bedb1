import { dirname, join } from 'node:path';
import { Listeners } from '../listeners.ts';
import type { CommitListener, StateHealth } from '../state.ts';
import { prepareStateDirectory } from '../state-directory.ts';
import type { Connection } from './connection.ts';
import { fileIdentity } from './database-file.ts';
import { CLOSED, type Fault, faultOf, LOCKED, unavailable } from './fault.ts';
import { openStore, openStoreWaiting } from './opening.ts';
import { MIGRATIONS, type Migration, readFacts, type StoreFacts } from './schema.ts';
import type { Timing } from './timing.ts';
import { WriteQueue } from './write-queue.ts';

/** A lock held for longer than this is worth mentioning, before writes are given up. */
const BLOCKED_MS = 1_000;

/**
 * The database as the parts of the driver use it: reads at once, writes in groups, faults as coded errors. It notices when
 * the file was removed or replaced and opens what is there instead.
 */
export class Store {
  readonly directory: string;
  /** After a commit of this process, before the writers hear of it. */
  readonly committed = new Listeners<void>();
  /** After a commit of another process (seen by polling). */
  readonly changed = new Listeners<void>();
  /** When the file was opened anew, with what it says of itself. */
  readonly reopened = new Listeners<StoreFacts>();
  /** Runs in the first transaction of each connection. */
  register: (connection: Connection) => void = () => {};
  /** What the file said of itself when this process first opened it. */
  readonly facts: StoreFacts;

  readonly #commitListeners = new Set<CommitListener>();
  readonly #path: string;
  readonly #timing: Timing;
  readonly #migrations: readonly Migration[];
  readonly #queue: WriteQueue;
  #connection: Connection;
  /** False once the connection has failed in a way that only a new one can mend. */
  #usable = true;
  /** The last thing that went wrong. A commit proves that it is over; that a disk is no longer full, `prove` does. */
  #fault: Fault | undefined;
  #registered = false;
  #attemptedAt = Number.NEGATIVE_INFINITY;
  #dataVersion: number | undefined;
  #closing: Promise<void> | undefined;
  #closed = false;

  /** @throws SlipwayError `SLIP_STATE_DIRECTORY`, `SLIP_STORE_UNAVAILABLE`, `SLIP_STORE_TOO_NEW` */
  constructor(directory: string, timing: Timing, migrations: readonly Migration[] = MIGRATIONS) {
    this.directory = directory;
    this.#path = join(prepareStateDirectory(directory), 'state.db');
    this.#timing = timing;
    this.#migrations = migrations;
    const { connection, facts } = openStoreWaiting(this.#path, directory, migrations, timing.lockWaitMs);
    this.#connection = connection;
    this.facts = facts;
    this.#queue = new WriteQueue(
      {
        connection: () => this.#writable(),
        prologue: open => this.#prologue(open),
        committed: () => this.#afterCommit(),
        failed: fault => this.#failed(fault),
        timed: (ms, ok) => this.#timed(ms, ok),
      },
      timing.lockWaitMs,
    );
  }

  /**
   * Reads from the last file that was open, even if it is lost by now.
   *
   * @throws SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  read<T>(query: (connection: Connection) => T): T {
    if (this.#closed) throw unavailable(CLOSED);
    try {
      return query(this.#connection);
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind !== 'statement') this.#failed(fault);
      throw unavailable(fault, error);
    }
  }

  /**
   * @param run makes its changes, or throws a SlipwayError before it has made any
   * @returns what `run` returned, once that is committed; rejects with SlipwayError `SLIP_STORE_UNAVAILABLE`
   */
  write<T>(run: (connection: Connection) => T): Promise<T> {
    return this.#closing === undefined ? this.#queue.add(run) : Promise.reject(unavailable(CLOSED));
  }

  /** Tells the listener of every commit of this process; returns the function that ends it. */
  onCommit(listener: CommitListener): () => void {
    this.#commitListeners.add(listener);
    return () => this.#commitListeners.delete(listener);
  }

  /** Finds out whether the store works again: takes some room and gives it back, or a full disk would seem mended. */
  async prove(): Promise<void> {
    await this.write(connection => {
      connection.run('INSERT INTO probe (filler) VALUES (zeroblob(16384))');
      connection.run('DELETE FROM probe');
    }).then(
      () => (this.#fault = undefined),
      () => {}, // Still the same, or something new: known as the fault.
    );
  }

  health(): StateHealth {
    const blocked = this.#queue.blockedMs > BLOCKED_MS ? LOCKED : undefined;
    const fault = this.#closed ? CLOSED : (blocked ?? this.#fault);
    return fault === undefined ? { ok: true } : { ok: false, why: `The state store can not be used: ${fault.why}` };
  }

  /** Looks whether another process has written; cheap when none has. */
  poll(): void {
    if (this.#closed) return;
    try {
      const version = this.read(connection => connection.dataVersion());
      if (version === this.#dataVersion) return;
      this.#dataVersion = version;
      this.changed.call();
    } catch {
      // Known as a fault by now.
    }
  }

  /** Looks whether the file is still there, still the same, and still ours to use. */
  check(): void {
    if (this.#closed) return;
    try {
      this.#writable();
      const facts = readFacts(this.#connection);
      if (facts !== undefined && facts.minReader > this.#migrations.length) {
        this.#failed({ kind: 'broken', why: 'a newer release uses it now that this one can not share it with' });
      }
    } catch (error) {
      this.#failed(faultOf(error));
    }
  }

  /** Writes what is waiting, runs a last write, and lets go. */
  close(last: (connection: Connection) => void): Promise<void> {
    return (this.#closing ??= this.#queue
      .add(last)
      .catch(() => {})
      .then(() => {
        this.#closed = true;
        this.#queue.abandon();
        this.#connection.close();
      }));
  }

  #failed(fault: Fault): void {
    this.#fault = fault;
    if (fault.kind === 'broken') this.#usable = false;
  }

  /** The connection, opened anew if it has failed, or if its file is not the one at the path. */
  #writable(): Connection {
    if (this.#closed) throw unavailable(CLOSED);
    if (fileIdentity(this.#path) !== this.#connection.identity) {
      this.#usable = false;
      this.#fault ??= { kind: 'broken', why: 'its file was removed or replaced' };
    }
    const now = performance.now();
    if (!this.#usable && now - this.#attemptedAt >= this.#timing.checkMs) {
      this.#attemptedAt = now;
      this.#reopen();
    }
    if (!this.#usable) throw unavailable(this.#fault ?? CLOSED);
    return this.#connection;
  }

  #reopen(): void {
    // Not made again: a volume may be missing in its place.
    if (fileIdentity(dirname(this.#path)) === undefined) {
      this.#fault = { kind: 'broken', why: 'its directory is gone' };
      return;
    }
    try {
      const { connection, facts } = openStore(this.#path, this.directory, this.#migrations);
      this.#connection.close();
      this.#connection = connection;
      this.#usable = true;
      this.#registered = false;
      this.#dataVersion = undefined;
      this.reopened.call(facts);
    } catch (error) {
      this.#fault = { kind: 'broken', why: faultOf(error).why };
    }
  }

  #timed(ms: number, ok: boolean): void {
    for (const listener of this.#commitListeners) {
      try {
        listener(ms, ok);
      } catch {
        // Whoever watches must not keep the store from its work.
      }
    }
  }

  #prologue(connection: Connection): void {
    if (!this.#registered) this.register(connection);
  }

  #afterCommit(): void {
    this.#registered = true;
    if (this.#fault?.kind !== 'full') this.#fault = undefined;
    this.committed.call();
  }
}
