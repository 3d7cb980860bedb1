import { type IdempotencyRecord, type IdempotencyStore, MAX_KEPT_RESULT } from '../idempotency-store.ts';
import type { Connection } from './connection.ts';
import type { Owners } from './owners.ts';
import type { Store } from './store.ts';

/** How far the call of a key got, as the table has it. */
export const RUNNING = 0;
export const DONE = 1;
export const LOST = 2;

interface Row {
  readonly id: number;
  readonly fingerprint: string;
  readonly owner: string;
  readonly kind: number;
  readonly result: string | null;
}

/** A call that this process runs. */
interface Begun {
  readonly id: number;
  readonly fingerprint: string;
  readonly expiresAt: number;
}

/** How a call of this process ended, until it is written. */
interface Ending extends Begun {
  readonly kind: typeof DONE | typeof LOST | 'abandoned';
  readonly result: string | null;
}

/** While the store can not be written: endings, and the characters of their results. */
const MAX_ENDINGS = 20_000;
const MAX_WAITING_RESULTS = 32 * 1024 * 1024;

const READ = 'SELECT id, fingerprint, owner, kind, result FROM idempotency WHERE key = ?';
const BEGIN = 'INSERT INTO idempotency (key, fingerprint, owner, kind, expires_at) VALUES (?, ?, ?, 0, ?)';
const END = `UPDATE idempotency SET kind = ?, result = ?, bytes = ?
  WHERE key = ? AND id = ? AND owner = ? AND kind <> ${DONE}`;
const END_ANEW = `INSERT INTO idempotency (key, fingerprint, owner, kind, expires_at, result, bytes)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO NOTHING`;
const ABANDON = 'DELETE FROM idempotency WHERE key = ? AND id = ? AND owner = ?';

/**
 * Keys in the database, for all processes. Whether a key is too old only pruning decides, whose clock no jump makes run
 * ahead: a repetition that finds its key forgotten too early would be done twice.
 */
export class SqliteIdempotencyStore implements IdempotencyStore {
  readonly #store: Store;
  readonly #owners: Owners;
  readonly #begun = new Map<string, Begun>();
  readonly #endings = new Map<string, Ending>();
  #waitingResults = 0;

  constructor(store: Store, owners: Owners) {
    this.#store = store;
    this.#owners = owners;
  }

  begin(key: string, fingerprint: string, ttlMs: number): IdempotencyRecord | Promise<IdempotencyRecord> {
    const ending = this.#endings.get(key);
    if (ending !== undefined && ending.kind !== 'abandoned') return recordOf(ending.kind, ending, true);
    const begun = this.#begun.get(key);
    if (begun !== undefined) return recordOf(RUNNING, { ...begun, result: null }, true);
    // A read first: a repetition writes nothing.
    const known = this.#store.read(connection => this.#look(connection, key));
    return known ?? this.#begin(key, fingerprint, ttlMs);
  }

  async #begin(key: string, fingerprint: string, ttlMs: number): Promise<IdempotencyRecord> {
    const expiresAt = Date.now() + ttlMs;
    const outcome = await this.#store.write(connection => {
      const known = this.#look(connection, key);
      if (known !== undefined) return known;
      // What is left under the key was given back by this process, which could not write that down.
      connection.run('DELETE FROM idempotency WHERE key = ?', key);
      return connection.insert(BEGIN, key, fingerprint, this.#owners.instance, expiresAt);
    });
    if (typeof outcome !== 'number') return outcome;
    this.#forget(key);
    this.#begun.set(key, { id: outcome, fingerprint, expiresAt });
    return { kind: 'begun' };
  }

  /** What is known of a key; undefined when it is free. */
  #look(connection: Connection, key: string): IdempotencyRecord | undefined {
    const row = connection.get<Row>(READ, key);
    if (row === undefined) return undefined;
    const ending = this.#endings.get(key);
    if (ending?.kind === 'abandoned' && ending.id === row.id && row.owner === this.#owners.instance) return undefined;
    return recordOf(row.kind, row, this.#owners.alive(row.owner, connection));
  }

  finish(key: string, result: string): Promise<void> | undefined {
    return result.length > MAX_KEPT_RESULT ? this.lose(key) : this.#end(key, DONE, result);
  }

  abandon(key: string): Promise<void> | undefined {
    return this.#end(key, 'abandoned', null);
  }

  lose(key: string): Promise<void> | undefined {
    return this.#end(key, LOST, null);
  }

  #end(key: string, kind: Ending['kind'], result: string | null): Promise<void> | undefined {
    const begun = this.#begun.get(key);
    if (begun === undefined) return undefined;
    this.#begun.delete(key);
    const ending: Ending = { ...begun, kind, result };
    const remembered = this.#remember(key, ending);
    return this.#store
      .write(connection => this.#write(connection, key, ending))
      .then(() => {
        if (this.#endings.get(key) === remembered) this.#forget(key);
      });
  }

  /** Writes down what could not be written before, once that is possible. */
  settle(): void {
    if (this.#endings.size === 0) return;
    const endings = [...this.#endings];
    const done = this.#store.write(connection => {
      for (const [key, ending] of endings) this.#write(connection, key, ending);
    });
    done.then(
      () => {
        for (const [key, ending] of endings) if (this.#endings.get(key) === ending) this.#forget(key);
      },
      () => {}, // Tried again in the next round.
    );
  }

  /** Does no harm when it is done twice. */
  #write(connection: Connection, key: string, ending: Ending): void {
    const { id, kind, fingerprint, expiresAt, result } = ending;
    const owner = this.#owners.instance;
    if (kind === 'abandoned') {
      connection.run(ABANDON, key, id, owner);
      return;
    }
    const bytes = result === null ? 0 : Buffer.byteLength(result);
    if (connection.run(END, kind, result, bytes, key, id, owner) > 0) return;
    // The file was replaced meanwhile, or the key forgotten with a process that seemed dead.
    connection.run(END_ANEW, key, fingerprint, owner, kind, expiresAt, result, bytes);
  }

  #remember(key: string, ending: Ending): Ending {
    const fits = this.#waitingResults + (ending.result?.length ?? 0) <= MAX_WAITING_RESULTS;
    const kept: Ending = fits || ending.kind !== DONE ? ending : { ...ending, kind: LOST, result: null };
    if (this.#endings.size >= MAX_ENDINGS) this.#forget(this.#endings.keys().next().value!);
    this.#endings.set(key, kept);
    this.#waitingResults += kept.result?.length ?? 0;
    return kept;
  }

  #forget(key: string): void {
    this.#waitingResults -= this.#endings.get(key)?.result?.length ?? 0;
    this.#endings.delete(key);
  }
}

function recordOf(kind: unknown, known: Pick<Row, 'fingerprint' | 'result'>, alive: boolean): IdempotencyRecord {
  const { fingerprint, result } = known;
  if (kind === DONE && result !== null) return { kind: 'done', fingerprint, result };
  return { kind: kind === RUNNING && alive ? 'running' : 'lost', fingerprint };
}
