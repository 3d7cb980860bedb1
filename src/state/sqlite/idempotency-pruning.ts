/** What is forgotten of idempotency keys, and when. */
import type { Connection } from './connection.ts';
import { DONE, LOST, RUNNING } from './idempotency-store.ts';
import type { Owners } from './owners.ts';

/** What is kept at most. */
export interface IdempotencyCapacity {
  /** Some 300 MB at worst, beside the results. */
  readonly keys: number;
  /** Of all results. */
  readonly bytes: number;
}

const CAPACITY: IdempotencyCapacity = { keys: 1_000_000, bytes: 256 * 1024 * 1024 };

/** How much is deleted at once: what waits in the same process waits no longer than this takes. */
const SLICE = 200;
const SLICE_MS = 4;

const OLDEST =
  'SELECT id, bytes, expires_at FROM idempotency WHERE kind = ? AND expires_at < ? ORDER BY expires_at LIMIT ?';
const FORGET = 'DELETE FROM idempotency WHERE id = ?';
const DROP_RESULT = `UPDATE idempotency SET kind = ${LOST}, result = NULL, bytes = 0 WHERE id = ?`;

interface Row {
  readonly id: number;
  readonly bytes: number;
  readonly expires_at: number;
}

/**
 * Deletes keys that were kept long enough, and what is beyond the capacity: of the results the oldest, whose keys stay,
 * then the oldest keys. A key whose call runs stays; where its process died, it is lost from now on.
 *
 * @returns whether there may be more to delete
 */
export function pruneIdempotency(
  connection: Connection,
  now: number,
  owners: Owners,
  capacity: IdempotencyCapacity = CAPACITY,
): boolean {
  loseOrphans(connection, owners);
  const expired = oldest(connection, now, [LOST, DONE]);
  if (apply(connection, FORGET, expired)) return true;
  const { keys, bytes } = connection.get<{ keys: number; bytes: number }>('SELECT keys, bytes FROM call_usage')!;
  if (bytes > capacity.bytes) {
    const results = upTo(oldest(connection, Number.MAX_SAFE_INTEGER, [DONE]), bytes - capacity.bytes);
    if (apply(connection, DROP_RESULT, results)) return true;
  }
  if (keys <= capacity.keys) return false;
  const rows = oldest(connection, Number.MAX_SAFE_INTEGER, [LOST, DONE]);
  return apply(connection, FORGET, rows.slice(0, keys - capacity.keys));
}

function loseOrphans(connection: Connection, owners: Owners): void {
  const query = 'SELECT DISTINCT owner FROM idempotency WHERE kind = ?';
  for (const { owner } of connection.all<{ owner: string }>(query, RUNNING)) {
    if (owners.alive(owner, connection)) continue;
    connection.run('UPDATE idempotency SET kind = ? WHERE kind = ? AND owner = ?', LOST, RUNNING, owner);
  }
}

/** A slice of the oldest, by when their time is over. */
function oldest(connection: Connection, before: number, kinds: readonly number[]): readonly Row[] {
  const rows = kinds.flatMap(kind => connection.all<Row>(OLDEST, kind, before, SLICE));
  return rows.sort((a, b) => a.expires_at - b.expires_at).slice(0, SLICE);
}

/** The first that have so many bytes together. */
function upTo(rows: readonly Row[], surplus: number): readonly Row[] {
  let left = surplus;
  const end = rows.findIndex(({ bytes }) => (left -= bytes) <= 0);
  return end < 0 ? rows : rows.slice(0, end + 1);
}

/** @returns whether there may be more of the same */
function apply(connection: Connection, sql: string, rows: readonly Row[]): boolean {
  const deadline = performance.now() + SLICE_MS;
  for (const { id } of rows) {
    connection.run(sql, id);
    if (performance.now() > deadline) return true;
  }
  return rows.length === SLICE;
}
