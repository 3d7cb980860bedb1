import { type LimitStore, type LimitUsage, UNUSED } from '../limit-store.ts';
import type { Connection } from './connection.ts';
import type { Store } from './store.ts';

interface Window {
  readonly used: number;
  readonly ends_at: number;
}

/** Keys whose windows have not ended; some 200 MB at worst. */
const CAPACITY = 1_000_000;
/** How many are deleted at once. */
const SLICE = 500;

const READ = 'SELECT used, ends_at FROM limits WHERE key = ?';
const WRITE = `INSERT INTO limits (key, used, ends_at) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET used = excluded.used, ends_at = excluded.ends_at`;

/** Counts in the database: all processes share them. */
export class SqliteLimitStore implements LimitStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  use(key: string, points: number, windowMs: number): LimitUsage | Promise<LimitUsage> {
    const spelled = spell(key);
    if (points === 0) {
      return this.#store.read(connection => usageOf(windowNow(connection, spelled, windowMs), Date.now()));
    }
    return this.#store.write(connection => {
      const now = Date.now();
      const known = windowNow(connection, spelled, windowMs, now);
      const used = Math.min((known?.used ?? 0) + points, Number.MAX_SAFE_INTEGER);
      const window = { used, ends_at: known?.ends_at ?? now + windowMs };
      connection.run(WRITE, spelled, window.used, window.ends_at);
      return usageOf(window, now);
    });
  }

  reset(key: string): Promise<void> {
    return this.#store.write(connection => {
      connection.run('DELETE FROM limits WHERE key = ?', spell(key));
    });
  }
}

/** The window that a key is in. One that ends later than any could was begun before the clock was set back. */
function windowNow(connection: Connection, key: string, windowMs: number, now = Date.now()): Window | undefined {
  const row = connection.get<Window>(READ, key);
  return row !== undefined && row.ends_at > now && row.ends_at <= now + windowMs ? row : undefined;
}

function usageOf(window: Window | undefined, now: number): LimitUsage {
  return window === undefined ? UNUSED : { used: window.used, resetMs: Math.max(0, window.ends_at - now) };
}

/** As JSON: what is no Unicode, and the character NUL, would become something else. */
function spell(key: string): string {
  return JSON.stringify(key);
}

/**
 * Deletes windows that are over; beyond the capacity, also those that end first.
 *
 * @returns whether there may be more to delete
 */
export function pruneLimits(connection: Connection, now: number, capacity = CAPACITY): boolean {
  const some = 'DELETE FROM limits WHERE key IN (SELECT key FROM limits WHERE ends_at < ? ORDER BY ends_at LIMIT ?)';
  const over = connection.run(some, now, SLICE);
  const surplus = connection.get<{ limits: number }>('SELECT limits FROM call_usage')!.limits - capacity;
  if (surplus > 0) connection.run(some, Number.MAX_SAFE_INTEGER, Math.min(surplus, SLICE));
  return over === SLICE || surplus > SLICE;
}
