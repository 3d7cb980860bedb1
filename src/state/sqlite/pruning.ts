import { OPEN_STREAM_TTL_MS, type Retention } from '../retention.ts';
import type { Connection } from './connection.ts';
import type { Owners } from './owners.ts';
import type { Store } from './store.ts';

/** How much may be deleted at once: what waits in the same process waits no longer than this takes. */
const SLICE = 200;
const SLICE_MS = 4;
const PAUSE_MS = 25;

/** Sessions and subscriptions together; some 300 MB at worst. */
const SESSION_CAPACITY = 1_000_000;

/** A part of what is kept: deletes a slice of it, and says whether there may be more. */
type Broom = (connection: Connection) => boolean;

/** Forgets what has been kept long enough, in slices. Every process does it; what one has deleted, others do not find. */
export class Pruning {
  readonly #store: Store;
  readonly #brooms: readonly Broom[];
  #running = false;

  constructor(store: Store, owners: Owners, retention: Required<Retention>, sessionCapacity = SESSION_CAPACITY) {
    this.#store = store;
    this.#brooms = [
      connection => pruneBus(connection, retention),
      connection => pruneEndedStreams(connection, retention),
      connection => pruneOpenStreams(connection, retention, owners),
      connection => pruneSessions(connection, sessionCapacity),
    ];
  }

  /** One round; does nothing while the one before is at work. */
  async run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      for (const broom of this.#brooms) {
        while (await this.#store.write(broom)) {
          await new Promise<void>(resolve => setTimeout(resolve, PAUSE_MS).unref());
        }
      }
    } catch {
      // The store is at fault and known to be; the next round goes on.
    } finally {
      this.#running = false;
    }
  }
}

function pruneBus(connection: Connection, retention: Required<Retention>): boolean {
  const last = connection.get<{ id: number | null }>('SELECT max(id) AS id FROM bus')!.id;
  if (last === null) return false;
  const oldest = connection.all<{ id: number; at: number }>('SELECT id, at FROM bus ORDER BY id LIMIT ?', SLICE);
  const expiry = Date.now() - retention.busTtlMs;
  const gone = oldest.filter(row => row.at < expiry || row.id <= last - retention.maxBusEntries).at(-1);
  if (gone === undefined) return false;
  connection.run('DELETE FROM bus WHERE id <= ?', gone.id);
  return gone === oldest.at(-1) && oldest.length === SLICE;
}

function pruneEndedStreams(connection: Connection, retention: Required<Retention>): boolean {
  const query = 'SELECT id FROM streams WHERE ended = 1 AND touched < ? ORDER BY touched LIMIT ?';
  const rows = connection.all<{ id: number }>(query, Date.now() - retention.eventTtlMs, SLICE);
  return dropStreams(connection, rows) || rows.length === SLICE;
}

/** Those of dead processes that nobody came back for, and those that were never ended. */
function pruneOpenStreams(connection: Connection, retention: Required<Retention>, owners: Owners): boolean {
  const now = Date.now();
  const abandoned = Math.max(OPEN_STREAM_TTL_MS, retention.eventTtlMs);
  let more = false;
  for (const { owner } of connection.all<{ owner: string }>('SELECT DISTINCT owner FROM streams WHERE ended = 0')) {
    const ttl = owners.alive(owner, connection) ? abandoned : retention.eventTtlMs;
    const query = 'SELECT id FROM streams WHERE ended = 0 AND owner = ? AND touched < ? LIMIT ?';
    const rows = connection.all<{ id: number }>(query, owner, now - ttl, SLICE);
    more = dropStreams(connection, rows) || rows.length === SLICE || more;
  }
  return more;
}

/** @returns whether the time was up before all were dropped */
function dropStreams(connection: Connection, rows: readonly { readonly id: number }[]): boolean {
  const deadline = performance.now() + SLICE_MS;
  const some = 'DELETE FROM events WHERE stream = ? AND seq <= (SELECT min(seq) FROM events WHERE stream = ?) + ?';
  for (const { id } of rows) {
    while (connection.run(some, id, id, SLICE) > 0) if (performance.now() > deadline) return true;
    connection.run('DELETE FROM streams WHERE id = ?', id);
  }
  return false;
}

function pruneSessions(connection: Connection, capacity: number): boolean {
  const { weight } = connection.get<{ weight: number }>('SELECT weight FROM session_usage')!;
  if (weight > capacity) raiseFloor(connection);
  const query = `SELECT key FROM sessions WHERE expires_at < ? OR issued_at <= (SELECT floor FROM session_usage) LIMIT ?`;
  const rows = connection.all<{ key: string }>(query, Date.now(), SLICE);
  const deadline = performance.now() + SLICE_MS;
  for (const { key } of rows) {
    connection.run('DELETE FROM subscriptions WHERE session = ?', key);
    connection.run('DELETE FROM sessions WHERE key = ?', key);
    if (performance.now() > deadline) return true;
  }
  return rows.length === SLICE || (weight > capacity && rows.length > 0);
}

/** There is no room for the oldest sessions: all that are as old count as terminated from now on. */
function raiseFloor(connection: Connection): void {
  const query = 'SELECT max(issued_at) AS at FROM (SELECT issued_at FROM sessions ORDER BY issued_at LIMIT ?)';
  const { at } = connection.get<{ at: number | null }>(query, SLICE)!;
  if (at !== null) connection.run('UPDATE session_usage SET floor = max(floor, ?)', at);
}
