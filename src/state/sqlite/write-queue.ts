import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Connection } from './connection.ts';
import { CLOSED, type Fault, faultOf, LOCKED, unavailable } from './fault.ts';

interface Job {
  readonly run: (connection: Connection) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  readonly deadline: number;
}

/** What the queue needs of the store around it. */
export interface WriteTarget {
  /** @throws SlipwayError `SLIP_STORE_UNAVAILABLE` */
  connection(): Connection;
  /** Runs in each transaction before its jobs. */
  prologue(connection: Connection): void;
  /** After a commit, before those who wait for it hear of it. */
  committed(): void;
  failed(fault: Fault): void;
  /** How long a transaction took, its wait for the lock included; `ok` says whether it was committed. */
  timed(ms: number, ok: boolean): void;
}

/** A commit costs about what ten writes cost; more than this in one would hold up the event loop. */
const MAX_GROUP = 256;
/** Waiting for a lock must not fill the memory. */
const MAX_WAITING = 20_000;
const RETRY_MS = [5, 10, 20, 40] as const;

function ignore(): void {}

/** Writes that were asked for in one turn of the event loop share a transaction, in the order in which they came. */
export class WriteQueue {
  readonly #target: WriteTarget;
  readonly #lockWaitMs: number;
  #waiting: Job[] = [];
  #scheduled = false;
  #retries = 0;
  #blockedSince: number | undefined;
  /** When the transaction that is tried was tried first. */
  #begunAt: number | undefined;

  constructor(target: WriteTarget, lockWaitMs: number) {
    this.#target = target;
    this.#lockWaitMs = lockWaitMs;
  }

  /** Milliseconds for which another process has kept us from writing. */
  get blockedMs(): number {
    return this.#blockedSince === undefined ? 0 : performance.now() - this.#blockedSince;
  }

  /**
   * @param run makes its changes, or throws a SlipwayError before it has made any
   * @returns what `run` returned, once that is committed
   */
  add<T>(run: (connection: Connection) => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    promise.catch(ignore); // Whoever does not look at the outcome must not end the process.
    if (this.#waiting.length >= MAX_WAITING) {
      reject(unavailable({ kind: 'busy', why: 'too many writes are waiting' }));
    } else {
      this.#waiting.push({ run, resolve, reject, deadline: performance.now() + this.#lockWaitMs });
      this.#schedule();
    }
    return promise as Promise<T>;
  }

  /** Rejects what is waiting. */
  abandon(): void {
    for (const job of this.#waiting.splice(0)) job.reject(unavailable(CLOSED));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const group = this.#waiting.slice(0, MAX_GROUP);
    const done = group.length === 0 || this.#commit(group);
    if (done) this.#waiting.splice(0, group.length);
    if (!done) this.#retry();
    else if (this.#waiting.length > 0) this.#schedule();
  }

  /** @returns false when the lock was not to be had */
  #commit(group: readonly Job[]): boolean {
    let connection: Connection | undefined;
    let outcomes: (() => void)[];
    this.#begunAt ??= performance.now();
    try {
      connection = this.#target.connection();
      connection.begin();
      this.#target.prologue(connection);
      const open = connection;
      outcomes = group.map(job => outcomeOf(job, open));
      connection.commit();
    } catch (error) {
      connection?.rollback();
      return this.#failed(group, error);
    }
    this.#settled(true);
    this.#target.committed();
    for (const settle of outcomes) settle();
    return true;
  }

  #failed(group: readonly Job[], error: unknown): boolean {
    const fault = faultOf(error);
    if (fault.kind === 'busy') {
      this.#blockedSince ??= performance.now();
      return false;
    }
    if (fault.kind === 'statement' && group.length > 1) {
      // One of them can not be written; the others must not suffer for it.
      for (const job of group) if (!this.#commit([job])) job.reject(unavailable(LOCKED));
      return true;
    }
    this.#settled(false);
    if (fault.kind !== 'statement') this.#target.failed(fault);
    const coded = error instanceof SlipwayError ? error : unavailable(fault, error);
    for (const job of group) job.reject(coded);
    return true;
  }

  /** The lock was to be had. */
  #settled(ok: boolean): void {
    this.#retries = 0;
    this.#blockedSince = undefined;
    this.#timed(ok);
  }

  #timed(ok: boolean): void {
    if (this.#begunAt !== undefined) this.#target.timed(performance.now() - this.#begunAt, ok);
    this.#begunAt = undefined;
  }

  /** Tries again a little later, without those who have waited long enough. */
  #retry(): void {
    const now = performance.now();
    const expired = this.#waiting.filter(job => job.deadline <= now);
    if (expired.length > 0) {
      const fault: Fault = { kind: 'busy', why: `another process has held its lock for ${this.#lockWaitMs} ms` };
      this.#target.failed(fault);
      this.#timed(false);
      this.#waiting = this.#waiting.filter(job => job.deadline > now);
      for (const job of expired) job.reject(unavailable(fault));
    }
    if (this.#waiting.length === 0) return;
    this.#scheduled = true;
    const delay = RETRY_MS[Math.min(this.#retries++, RETRY_MS.length - 1)]!;
    // Jitter, or processes that collided once would go on colliding.
    setTimeout(() => this.#flush(), delay * (0.5 + Math.random()));
  }
}

/** Runs a job; how its promise settles is known when the transaction is. */
function outcomeOf(job: Job, connection: Connection): () => void {
  try {
    const value = job.run(connection);
    return () => job.resolve(value);
  } catch (error) {
    if (error instanceof SlipwayError) return () => job.reject(error);
    throw error;
  }
}
