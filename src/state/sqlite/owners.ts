import { randomBytes } from 'node:crypto';
import { isMainThread, threadId } from 'node:worker_threads';
import type { Connection } from './connection.ts';
import { isRunning, processSpace, processStart } from './process-identity.ts';
import type { Store } from './store.ts';
import type { Timing } from './timing.ts';

interface ProcessRow {
  readonly instance: string;
  readonly label: string;
  readonly pid: number;
  readonly started: string | null;
  readonly alive_until: number;
}

/** Signs of life that a process of another process space missed, as this process has seen it. */
interface Watched {
  aliveUntil: number;
  missed: number;
}

/** Its lease is over by the clock, and it was silent while we looked: the clock alone may have jumped. */
const MISSED_AND_EXPIRED = 3;
/** Silent for so long that the clock does not matter: it may have been set back. */
const MISSED = 8;

/** In the label of a worker thread, between its process space and its number. */
const THREAD = ' thread ';

const COLUMNS = 'SELECT instance, label, pid, started, alive_until FROM processes';

/**
 * Who shares the store, and which of them live. A process of our own process space is asked for by its id, which is
 * exact and at once; of the others we only know whether they renewed their lease. Missed renewals are counted in our own
 * rounds, so that a machine that stood still as a whole declares nobody dead.
 */
export class Owners {
  /** Names this store object of this process. */
  readonly instance = randomBytes(16).toString('base64url');
  readonly #space = processSpace();
  readonly #label = isMainThread ? this.#space : `${this.#space}${THREAD}${threadId}`;
  readonly #started = processStart(process.pid);
  readonly #watched = new Map<string, Watched>();
  readonly #store: Store;
  readonly #leaseMs: number;

  constructor(store: Store, timing: Timing) {
    this.#store = store;
    this.#leaseMs = timing.leaseMs;
  }

  /**
   * Writes that this process lives.
   *
   * @returns whether it was not known: new here, or declared dead meanwhile and forgotten with all it had
   */
  renew(connection: Connection): boolean {
    const aliveUntil = Date.now() + this.#leaseMs;
    const update = 'UPDATE processes SET alive_until = ? WHERE instance = ?';
    if (connection.run(update, aliveUntil, this.instance) > 0) return false;
    const insert = 'INSERT INTO processes (instance, label, pid, started, alive_until) VALUES (?, ?, ?, ?, ?)';
    connection.run(insert, this.instance, this.#label, process.pid, this.#started ?? null, aliveUntil);
    return true;
  }

  /** Says that whatever this process left open is nobody's now. */
  resign(connection: Connection): void {
    forget(connection, this.instance);
  }

  /** Whether the process that an entry belongs to will go on with it. */
  alive(instance: string, connection: Connection): boolean {
    if (instance === this.instance) return true;
    const row = connection.get<ProcessRow>(`${COLUMNS} WHERE instance = ?`, instance);
    return row !== undefined && !this.#isDead(row);
  }

  /** One round: counts the silent ones, and forgets what the dead have left. */
  round(): void {
    const rows = this.#store.read(connection => connection.all<ProcessRow>(COLUMNS));
    const others = rows.filter(row => row.instance !== this.instance);
    for (const row of others) this.#count(row);
    const known = new Set(others.map(row => row.instance));
    for (const instance of this.#watched.keys()) if (!known.has(instance)) this.#watched.delete(instance);
    const dead = others.filter(row => this.#isDead(row)).map(row => row.instance);
    if (dead.length === 0) return;
    void this.#store.write(connection => {
      for (const instance of dead) if (!this.alive(instance, connection)) forget(connection, instance);
    });
  }

  #count(row: ProcessRow): void {
    const watched = this.#watched.get(row.instance);
    if (watched?.aliveUntil === row.alive_until) watched.missed++;
    else this.#watched.set(row.instance, { aliveUntil: row.alive_until, missed: 0 });
  }

  #isDead(row: ProcessRow): boolean {
    const [space, thread] = row.label.split(THREAD);
    const here = space === this.#space;
    if (here && !isRunning(row.pid, row.started ?? undefined)) return true;
    // A thread may end before its process does. Where the start of a process is unknown, another one may have its id by
    // now. Then the lease counts as well.
    if (here && row.started !== null && thread === undefined) return false;
    const watched = this.#watched.get(row.instance);
    const missed = watched?.aliveUntil === row.alive_until ? watched.missed : 0;
    return missed >= MISSED || (missed >= MISSED_AND_EXPIRED && row.alive_until < Date.now());
  }
}

/** Streams of a process without a row count as orphaned; they wait for whoever reads them. */
function forget(connection: Connection, instance: string): void {
  connection.run('DELETE FROM letters WHERE owner = ?', instance);
  connection.run('DELETE FROM awaited WHERE owner = ?', instance);
  connection.run('DELETE FROM processes WHERE instance = ?', instance);
}
