import { randomBytes } from 'node:crypto';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Connection } from './connection.ts';

/**
 * One step of the schema. Steps only add (tables, indexes, columns with a default), so that an older release goes on
 * working on a store that a newer one has opened; what it can not work on raises `minReader`.
 */
export interface Migration {
  readonly sql: string;
  /** The oldest schema version whose release may still use the store. */
  readonly minReader: number;
}

export const MIGRATIONS: readonly Migration[] = [
  {
    minReader: 1,
    sql: `
      CREATE TABLE processes (
        instance TEXT PRIMARY KEY, label TEXT NOT NULL, pid INTEGER NOT NULL, started TEXT, alive_until INTEGER NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE sessions (
        key TEXT PRIMARY KEY, issued_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
        terminated INTEGER NOT NULL DEFAULT 0, log_level TEXT
      ) WITHOUT ROWID;
      CREATE INDEX sessions_issued ON sessions (issued_at);
      CREATE INDEX sessions_expiry ON sessions (expires_at);
      CREATE TABLE subscriptions (
        id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, uri TEXT NOT NULL, weight INTEGER NOT NULL,
        UNIQUE (session, uri)
      );
      -- One row: what sessions and subscriptions weigh together, and up to when everything issued is terminated.
      CREATE TABLE session_usage (weight INTEGER NOT NULL, floor INTEGER NOT NULL);
      INSERT INTO session_usage (weight, floor) VALUES (0, -1);
      CREATE TRIGGER sessions_added AFTER INSERT ON sessions
        BEGIN UPDATE session_usage SET weight = weight + 1; END;
      CREATE TRIGGER sessions_removed AFTER DELETE ON sessions
        BEGIN UPDATE session_usage SET weight = weight - 1; END;
      CREATE TRIGGER subscriptions_added AFTER INSERT ON subscriptions
        BEGIN UPDATE session_usage SET weight = weight + NEW.weight; END;
      CREATE TRIGGER subscriptions_removed AFTER DELETE ON subscriptions
        BEGIN UPDATE session_usage SET weight = weight - OLD.weight; END;

      CREATE TABLE streams (
        id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, owner TEXT NOT NULL,
        last_seq INTEGER NOT NULL, ended INTEGER NOT NULL, touched INTEGER NOT NULL
      );
      CREATE INDEX streams_open ON streams (owner) WHERE ended = 0;
      CREATE INDEX streams_ended ON streams (touched) WHERE ended = 1;
      CREATE TABLE events (
        stream INTEGER NOT NULL, seq INTEGER NOT NULL, message TEXT NOT NULL, PRIMARY KEY (stream, seq)
      ) WITHOUT ROWID;

      CREATE TABLE awaited (address TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;
      CREATE INDEX awaited_owner ON awaited (owner);
      CREATE TABLE letters (
        id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, address TEXT NOT NULL, letter TEXT NOT NULL
      );
      CREATE INDEX letters_owner ON letters (owner, id);

      CREATE TABLE bus (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL);

      -- Written and emptied to find out whether there is room again.
      CREATE TABLE probe (filler BLOB NOT NULL);
    `,
  },
  {
    minReader: 1,
    sql: `
      -- What the subscriptions of a session weigh, so that nobody has to sum them.
      ALTER TABLE sessions ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
      UPDATE sessions SET held = (SELECT coalesce(sum(weight), 0) FROM subscriptions WHERE session = key);
      CREATE INDEX sessions_heaviest ON sessions (held DESC, issued_at) WHERE terminated = 0;
      CREATE INDEX sessions_ended ON sessions (issued_at) WHERE terminated = 1;
      -- Which of all changes to subscriptions was the session's last: what was read before is true as long as it is the same.
      ALTER TABLE sessions ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE session_usage ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;
      CREATE TRIGGER subscriptions_held AFTER INSERT ON subscriptions BEGIN
        UPDATE session_usage SET revision = revision + 1;
        UPDATE sessions SET held = held + NEW.weight, revision = (SELECT revision FROM session_usage)
          WHERE key = NEW.session;
      END;
      CREATE TRIGGER subscriptions_let_go AFTER DELETE ON subscriptions BEGIN
        UPDATE session_usage SET revision = revision + 1;
        UPDATE sessions SET held = held - OLD.weight, revision = (SELECT revision FROM session_usage)
          WHERE key = OLD.session;
      END;
      -- How many of the sessions are terminated.
      ALTER TABLE session_usage ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
      UPDATE session_usage SET ended = (SELECT count(*) FROM sessions WHERE terminated = 1);
      CREATE TRIGGER sessions_terminated AFTER UPDATE OF terminated ON sessions
        WHEN OLD.terminated = 0 AND NEW.terminated = 1
        BEGIN UPDATE session_usage SET ended = ended + 1; END;
      CREATE TRIGGER sessions_ended_removed AFTER DELETE ON sessions WHEN OLD.terminated = 1
        BEGIN UPDATE session_usage SET ended = ended - 1; END;

      -- Entries that processes tell each other are kept apart from those that streams are resumed from.
      ALTER TABLE bus ADD COLUMN control INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX bus_control ON bus (control);
      -- One row: the last entry for streams that is gone.
      CREATE TABLE bus_gone (id INTEGER NOT NULL);
      INSERT INTO bus_gone (id) VALUES (coalesce(
        (SELECT min(id) - 1 FROM bus), (SELECT max(seq) FROM sqlite_sequence WHERE name = 'bus'), 0
      ));
      CREATE TRIGGER bus_removed AFTER DELETE ON bus WHEN OLD.control = 0
        BEGIN UPDATE bus_gone SET id = max(id, OLD.id); END;
    `,
  },
  {
    minReader: 1,
    sql: `
      CREATE TABLE limits (key TEXT PRIMARY KEY, used INTEGER NOT NULL, ends_at INTEGER NOT NULL) WITHOUT ROWID;
      CREATE INDEX limits_end ON limits (ends_at);

      -- kind: 0 the call runs, 1 it is done, 2 nobody knows how far it got.
      CREATE TABLE idempotency (
        id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, fingerprint TEXT NOT NULL, owner TEXT NOT NULL,
        kind INTEGER NOT NULL, expires_at INTEGER NOT NULL, bytes INTEGER NOT NULL DEFAULT 0, result TEXT
      );
      CREATE INDEX idempotency_age ON idempotency (kind, expires_at);

      -- One row: how many limits and idempotency keys there are, and the bytes of all results, so that nobody has to count.
      CREATE TABLE call_usage (limits INTEGER NOT NULL, keys INTEGER NOT NULL, bytes INTEGER NOT NULL);
      INSERT INTO call_usage (limits, keys, bytes) VALUES (0, 0, 0);
      CREATE TRIGGER limits_added AFTER INSERT ON limits BEGIN UPDATE call_usage SET limits = limits + 1; END;
      CREATE TRIGGER limits_removed AFTER DELETE ON limits BEGIN UPDATE call_usage SET limits = limits - 1; END;
      CREATE TRIGGER idempotency_added AFTER INSERT ON idempotency
        BEGIN UPDATE call_usage SET keys = keys + 1, bytes = bytes + NEW.bytes; END;
      CREATE TRIGGER idempotency_resized AFTER UPDATE OF bytes ON idempotency
        BEGIN UPDATE call_usage SET bytes = bytes + NEW.bytes - OLD.bytes; END;
      CREATE TRIGGER idempotency_removed AFTER DELETE ON idempotency
        BEGIN UPDATE call_usage SET keys = keys - 1, bytes = bytes - OLD.bytes; END;
    `,
  },
];

const META = 'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID';
const READ_META = 'SELECT key, value FROM meta';
const WRITE_META = 'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';

/** What the store says of itself. */
export interface StoreFacts {
  readonly version: number;
  readonly minReader: number;
  /** Random, made with the store: tells it from another that took its place. */
  readonly id: string;
}

/** What the store says of itself; undefined for an empty one. */
export function readFacts(connection: Connection): StoreFacts | undefined {
  const known = connection.get("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'");
  if (known === undefined) return undefined;
  const rows = connection.all<{ key: string; value: string }>(READ_META);
  const meta = new Map(rows.map(({ key, value }) => [key, value]));
  const version = Number(meta.get('schema_version'));
  const minReader = Number(meta.get('min_reader'));
  const id = meta.get('store_id');
  if (!Number.isInteger(version) || !Number.isInteger(minReader) || id === undefined) {
    throw new SlipwayError('SLIP_STORE_UNAVAILABLE', { why: 'state.db was not made by Slipway' });
  }
  return { version, minReader, id };
}

/**
 * Brings the store to this release's schema. A store that is newer is used as it is, if its release says that we may.
 * Of several processes that come at once, one does the work; the others wait for its lock and find it done.
 *
 * @throws SlipwayError `SLIP_STORE_TOO_NEW`
 */
export function migrate(connection: Connection, directory: string, migrations: readonly Migration[]): StoreFacts {
  const facts = readFacts(connection);
  if (facts !== undefined && facts.version >= migrations.length) return acceptable(facts, directory, migrations);
  connection.begin();
  try {
    const before = readFacts(connection);
    const done = before?.version ?? 0;
    if (before === undefined) {
      connection.script(META);
      connection.run(WRITE_META, 'store_id', randomBytes(8).toString('hex'));
    }
    const missing = migrations.slice(done);
    for (const { sql } of missing) connection.script(sql);
    if (missing.length > 0) {
      connection.run(WRITE_META, 'schema_version', String(migrations.length));
      const minReader = Math.max(before?.minReader ?? 0, ...missing.map(migration => migration.minReader));
      connection.run(WRITE_META, 'min_reader', String(minReader));
    }
    connection.commit();
  } catch (error) {
    connection.rollback();
    throw error;
  }
  return acceptable(readFacts(connection)!, directory, migrations);
}

function acceptable(facts: StoreFacts, directory: string, migrations: readonly Migration[]): StoreFacts {
  if (facts.minReader > migrations.length) throw new SlipwayError('SLIP_STORE_TOO_NEW', { directory });
  return facts;
}
