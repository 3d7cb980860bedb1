import { OPEN_STREAM_TTL_MS, type Retention } from '../retention.ts';
import type { Connection } from './connection.ts';
import { pruneIdempotency } from './idempotency-pruning.ts';
import { pruneLimits } from './limit-store.ts';
import type { Owners } from './owners.ts';
import { PruningClock } from './pruning-clock.ts';
import type { Store } from './store.ts';

/** How much may be deleted at once: what waits in the same process waits no longer than this takes. */
const SLICE = 200;
const SLICE_MS = 4;
const PAUSE_MS = 25;

/** How many are kept whatever their age. */
export interface SessionCapacity {
  /** Sessions with a level or subscriptions, and the subscriptions; some 300 MB at worst. */
  readonly records: number;
  /** Terminated sessions; some 300 MB at worst. */
  readonly ended: number;
}

const SESSION_CAPACITY: SessionCapacity = { records: 1_000_000, ended: 2_000_000 };

const USAGE = 'SELECT weight, ended FROM session_usage';

/** A part of what is kept: deletes a slice of it, and says whether there may be more. */
type Broom = (connection: Connection) => boolean;

/**
 * How long a step of the clock is remembered for what is kept for days: idempotency keys, and sessions, whose ended ones
 * would live again if their records went while the clock was ahead and it was set back.
 */
const LONG_KEPT_MS = 2 ** 31;

/** Forgets what has been kept long enough, in slices. Every process does it; what one has deleted, others do not find. */
export class Pruning {
  readonly #store: Store;
  readonly #brooms: readonly Broom[];
  #running = false;

  constructor(
    store: Store,
    owners: Owners,
    retention: Required<Retention>,
    sessionCapacity = SESSION_CAPACITY,
    clock = new PruningClock(Math.max(retention.eventTtlMs, retention.busTtlMs)),
  ) {
    this.#store = store;
    const longClock = new PruningClock(LONG_KEPT_MS);
    this.#brooms = [
      connection => pruneBus(connection, clock.now(), retention, 0),
      connection => pruneBus(connection, clock.now(), retention, 1),
      connection => pruneEndedStreams(connection, clock.now(), retention),
      connection => pruneOpenStreams(connection, clock.now(), retention, owners),
      connection => pruneSessions(connection, longClock.now(), sessionCapacity),
      connection => pruneLimits(connection, clock.now()),
      connection => pruneIdempotency(connection, longClock.now(), owners),
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

/** @param control 1 for what processes tell each other, 0 for what streams are resumed from: each has room of its own */
function pruneBus(connection: Connection, now: number, retention: Required<Retention>, control: 0 | 1): boolean {
  const surplus = 'SELECT id FROM bus WHERE control = ? ORDER BY id DESC LIMIT 1 OFFSET ?';
  const last = connection.get<{ id: number }>(surplus, control, retention.maxBusEntries)?.id ?? 0;
  const query = 'SELECT id, at FROM bus WHERE control = ? ORDER BY id LIMIT ?';
  const oldest = connection.all<{ id: number; at: number }>(query, control, SLICE);
  const gone = oldest.filter(row => row.at < now - retention.busTtlMs || row.id <= last).at(-1);
  if (gone === undefined) return false;
  connection.run('DELETE FROM bus WHERE control = ? AND id <= ?', control, gone.id);
  return gone === oldest.at(-1) && oldest.length === SLICE;
}

function pruneEndedStreams(connection: Connection, now: number, retention: Required<Retention>): boolean {
  const query = 'SELECT id FROM streams WHERE ended = 1 AND touched < ? ORDER BY touched LIMIT ?';
  const rows = connection.all<{ id: number }>(query, now - retention.eventTtlMs, SLICE);
  return dropStreams(connection, rows) || rows.length === SLICE;
}

/** Those of dead processes that nobody came back for, and those that were never ended. */
function pruneOpenStreams(
  connection: Connection,
  now: number,
  retention: Required<Retention>,
  owners: Owners,
): boolean {
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

function pruneSessions(connection: Connection, now: number, capacity: SessionCapacity): boolean {
  const { weight, ended } = connection.get<{ weight: number; ended: number }>(USAGE)!;
  if (ended > capacity.ended) raiseFloor(connection);
  const query = `SELECT key FROM sessions WHERE expires_at < ? OR issued_at <= (SELECT floor FROM session_usage) LIMIT ?`;
  const rows = connection.all<{ key: string }>(query, now, SLICE);
  let surplus = weight - ended - capacity.records;
  if (rows.length > 0) {
    const isFull = ended > capacity.ended || surplus > 0;
    return dropSessions(connection, rows) || rows.length === SLICE || isFull;
  }
  if (surplus <= 0) return false;
  // Those that have most: who floods the store loses its own first. They live on, as they were when they began.
  const heaviest = 'SELECT key, held FROM sessions WHERE terminated = 0 ORDER BY held DESC, issued_at LIMIT ?';
  const dropped: { key: string }[] = [];
  for (const { key, held } of connection.all<{ key: string; held: number }>(heaviest, SLICE)) {
    if (surplus <= 0) break;
    surplus -= 1 + held;
    dropped.push({ key });
  }
  return dropSessions(connection, dropped) || surplus > 0;
}

/** @returns whether the time was up before all were dropped */
function dropSessions(connection: Connection, rows: readonly { readonly key: string }[]): boolean {
  const deadline = performance.now() + SLICE_MS;
  for (const { key } of rows) {
    // First the session: nothing is counted for a session that is gone.
    connection.run('DELETE FROM sessions WHERE key = ?', key);
    connection.run('DELETE FROM subscriptions WHERE session = ?', key);
    if (performance.now() > deadline) return true;
  }
  return false;
}

/** There is no room for the oldest terminations: all sessions that are as old count as terminated from now on. */
function raiseFloor(connection: Connection): void {
  const query = `SELECT max(issued_at) AS at
    FROM (SELECT issued_at FROM sessions WHERE terminated = 1 ORDER BY issued_at LIMIT ?)`;
  const { at } = connection.get<{ at: number | null }>(query, SLICE)!;
  if (at !== null) connection.run('UPDATE session_usage SET floor = max(floor, ?)', at);
}
