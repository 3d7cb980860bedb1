import { isLoggingLevel, type LoggingLevel } from '../../protocol/logging.ts';
import {
  assertSubscribable,
  FRESH_SESSION,
  type SessionRecord,
  type SessionRef,
  type SessionStore,
  subscriptionWeight,
  TERMINATED_SESSION,
} from '../session-store.ts';
import type { Connection } from './connection.ts';
import type { Store } from './store.ts';

interface SessionRow {
  readonly floor: number;
  /** Null when nothing is stored. */
  readonly terminated: number | null;
  readonly log_level: string | null;
}

const READ = `SELECT u.floor, s.terminated, s.log_level FROM session_usage u LEFT JOIN sessions s ON s.key = ?`;
const URIS = 'SELECT uri FROM subscriptions WHERE session = ? ORDER BY id';
const WEIGHT = 'SELECT coalesce(sum(weight), 0) AS held FROM subscriptions WHERE session = ?';

/** Session records in the database. Reads answer at once. */
export class SqliteSessionStore implements SessionStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  read(session: SessionRef): SessionRecord {
    return this.#store.read(connection => {
      const row = connection.get<SessionRow>(READ, session.key)!;
      if (row.floor >= session.issuedAt || row.terminated === 1) return TERMINATED_SESSION;
      if (row.terminated === null) return FRESH_SESSION;
      const logLevel = isLoggingLevel(row.log_level) ? row.log_level : undefined;
      const uris = connection.all<{ uri: string }>(URIS, session.key);
      return { terminated: false, logLevel, subscriptions: uris.map(({ uri }) => JSON.parse(uri) as string) };
    });
  }

  setLogLevel(session: SessionRef, level: LoggingLevel): Promise<void> {
    return this.#store.write(connection => {
      if (!open(connection, session)) return;
      connection.run('UPDATE sessions SET log_level = ? WHERE key = ?', level, session.key);
    });
  }

  subscribe(session: SessionRef, uri: string): Promise<void> {
    const spelled = spell(uri);
    return this.#store.write(connection => {
      if (connection.get('SELECT 1 FROM subscriptions WHERE session = ? AND uri = ?', session.key, spelled)) return;
      assertSubscribable(connection.get<{ held: number }>(WEIGHT, session.key)!.held, uri);
      if (!open(connection, session)) return;
      const insert = 'INSERT INTO subscriptions (session, uri, weight) VALUES (?, ?, ?)';
      connection.run(insert, session.key, spelled, subscriptionWeight(uri));
    });
  }

  unsubscribe(session: SessionRef, uri: string): Promise<void> {
    return this.#store.write(connection => {
      connection.run('DELETE FROM subscriptions WHERE session = ? AND uri = ?', session.key, spell(uri));
    });
  }

  terminate(session: SessionRef): Promise<void> {
    return this.#store.write(connection => {
      if (!open(connection, session)) return;
      connection.run('DELETE FROM subscriptions WHERE session = ?', session.key);
      connection.run('UPDATE sessions SET terminated = 1 WHERE key = ?', session.key);
    });
  }
}

/** Makes sure that the session has a row; false when it is terminated, whose record is final. */
function open(connection: Connection, session: SessionRef): boolean {
  const row = connection.get<SessionRow>(READ, session.key)!;
  if (row.floor >= session.issuedAt || row.terminated === 1) return false;
  if (row.terminated === null) {
    const insert = 'INSERT INTO sessions (key, issued_at, expires_at) VALUES (?, ?, ?)';
    connection.run(insert, session.key, session.issuedAt, session.expiresAt);
  }
  return true;
}

/** As JSON: what is no Unicode, and the character NUL, would come back as something else. */
function spell(uri: string): string {
  return JSON.stringify(uri);
}
