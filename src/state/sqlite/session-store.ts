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
  /** What its subscriptions weigh; a trigger counts. */
  readonly held: number | null;
  readonly revision: number | null;
}

/** Subscriptions as they were at a revision. */
interface KnownUris {
  readonly revision: number;
  readonly uris: readonly string[];
}

/** Sessions whose subscriptions are not read again while they are the same; 1,000 URIs each at most. */
const MAX_KNOWN = 64;

const READ = `SELECT u.floor, s.terminated, s.log_level, s.held, s.revision FROM session_usage u LEFT JOIN sessions s ON s.key = ?`;
const URIS = 'SELECT uri FROM subscriptions WHERE session = ? ORDER BY id';

/** Session records in the database. Reads answer at once. */
export class SqliteSessionStore implements SessionStore {
  readonly #store: Store;

  readonly #known = new Map<string, KnownUris>();

  constructor(store: Store) {
    this.#store = store;
    // Another file counts its own revisions.
    store.reopened.add(() => this.#known.clear());
  }

  read(session: SessionRef): SessionRecord {
    return this.#store.read(connection => {
      const row = connection.get<SessionRow>(READ, session.key)!;
      if (row.floor >= session.issuedAt || row.terminated === 1) return TERMINATED_SESSION;
      if (row.terminated === null) return FRESH_SESSION;
      const logLevel = isLoggingLevel(row.log_level) ? row.log_level : undefined;
      return { terminated: false, logLevel, subscriptions: this.#urisOf(session.key, row, connection) };
    });
  }

  #urisOf(key: string, { held, revision }: SessionRow, connection: Connection): readonly string[] {
    if (held === 0 || revision === null) return [];
    const known = this.#known.get(key);
    if (known?.revision === revision) return known.uris;
    const rows = connection.all<{ uri: string }>(URIS, key);
    const uris = rows.map(({ uri }) => JSON.parse(uri) as string);
    // Between the two statements another process may have written: what is newer than its revision is read again.
    if (this.#known.size >= MAX_KNOWN) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(key, { revision, uris });
    return uris;
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
      assertSubscribable(connection.get<SessionRow>(READ, session.key)!.held ?? 0, uri);
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
