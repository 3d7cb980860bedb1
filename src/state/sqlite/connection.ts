import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { fileIdentity, prepareFile } from './database-file.ts';
import { nodeSqlite } from './node-sqlite.ts';

/** SQLite waits for a lock by sleeping in the event loop: only for what a commit of another process takes. */
const BUSY_TIMEOUT_MS = 5;

const SETTINGS = [
  `busy_timeout = ${BUSY_TIMEOUT_MS}`,
  // A commit survives the end of the process; a power cut may take the last ones, never the file (docs/decisions/0020).
  'synchronous = NORMAL',
  // Pages, 16 MB: a checkpoint waits for the disk, in the event loop. Rarer than by default, and as long.
  'wal_autocheckpoint = 4000',
  'journal_size_limit = 67108864',
  'temp_store = MEMORY',
  'trusted_schema = OFF',
  // Letters and messages may hold what people entered: what is deleted is overwritten.
  'secure_delete = ON',
];

/** One connection to the database file, its statements prepared once. */
export class Connection {
  /** Of the file that is open, which may be another than the one now at its path. */
  readonly identity: string | undefined;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /** @throws errors of node:sqlite and of the file system */
  constructor(path: string) {
    prepareFile(path);
    this.identity = fileIdentity(path);
    this.#database = new (nodeSqlite().DatabaseSync)(path);
    try {
      for (const setting of SETTINGS) this.#database.exec(`PRAGMA ${setting}`);
      this.#database.exec('PRAGMA journal_mode = WAL');
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The first row; the caller knows its columns. */
  get<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#prepared(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#prepared(sql).all(...values) as Row[];
  }

  /** Row by row, for who may stop early. */
  iterate<Row>(sql: string, ...values: SQLInputValue[]): IterableIterator<Row> {
    return this.#prepared(sql).iterate(...values) as unknown as IterableIterator<Row>;
  }

  /** @returns how many rows were changed */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).changes);
  }

  /** @returns the rowid of the new row */
  insert(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepared(sql).run(...values).lastInsertRowid);
  }

  /** Several statements, not prepared. */
  script(sql: string): void {
    this.#database.exec(sql);
  }

  /** Changes when another connection has committed, here or in another process. */
  dataVersion(): number {
    return this.get<{ data_version: number }>('PRAGMA data_version')!.data_version;
  }

  begin(): void {
    this.run('BEGIN IMMEDIATE');
  }

  commit(): void {
    this.run('COMMIT');
  }

  /** Some faults end the transaction by themselves. */
  rollback(): void {
    try {
      this.run('ROLLBACK');
    } catch {
      // There is none any more.
    }
  }

  close(): void {
    this.#statements.clear();
    try {
      this.#database.close();
    } catch {
      // What it could not do, the next one to open the file does.
    }
  }

  #prepared(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}
