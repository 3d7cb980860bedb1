/** Notes in a SQLite file, with their tags. Nothing in here knows of MCP. */
import { DatabaseSync } from 'node:sqlite';

export interface Note {
  readonly id: number;
  readonly title: string;
  readonly text: string;
  readonly tags: readonly string[];
  /** ISO 8601, UTC. */
  readonly created: string;
}

export type NewNote = Pick<Note, 'title' | 'text' | 'tags'>;

interface Row {
  id: number;
  title: string;
  text: string;
  tags: string;
  created: string;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    tags TEXT NOT NULL DEFAULT '[]',
    created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
  ) STRICT;
`;

function noteOf(row: unknown): Note {
  const { id, title, text, tags, created } = row as Row;
  return { id, title, text, tags: JSON.parse(tags) as string[], created };
}

/** What LIKE takes literally. */
function pattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

export class NoteStore {
  readonly #database: DatabaseSync;

  /** @param path of the file; `:memory:` for none */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // Readers and a writer do not wait for each other, and another process for at most two seconds.
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 2000;');
    this.#database.exec(SCHEMA);
  }

  add({ title, text, tags }: NewNote): Note {
    const insert = this.#database.prepare('INSERT INTO notes (title, text, tags) VALUES (?, ?, ?) RETURNING *');
    return noteOf(insert.get(title, text, JSON.stringify(tags)));
  }

  /** Appends to the text of a note; undefined when there is none of that id. */
  append(id: number, text: string): Note | undefined {
    const update = this.#database.prepare('UPDATE notes SET text = text || char(10) || ? WHERE id = ? RETURNING *');
    const row = update.get(text, id);
    return row === undefined ? undefined : noteOf(row);
  }

  get(id: number): Note | undefined {
    const row = this.#database.prepare('SELECT * FROM notes WHERE id = ?').get(id);
    return row === undefined ? undefined : noteOf(row);
  }

  /** Whether there was one. */
  delete(id: number): boolean {
    return this.#database.prepare('DELETE FROM notes WHERE id = ?').run(id).changes > 0;
  }

  /** Notes with the text in title or text, and the tag if one is given; the newest first. */
  search(text: string, tag: string | undefined, limit: number): Note[] {
    const select = this.#database.prepare(`
      SELECT * FROM notes
      WHERE (title LIKE :like ESCAPE '\\' OR text LIKE :like ESCAPE '\\')
        AND (:tag IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :tag))
      ORDER BY id DESC LIMIT :limit
    `);
    return select.all({ like: pattern(text), tag: tag ?? null, limit }).map(noteOf);
  }

  /** Tags in use that begin with a text, in alphabetical order. */
  tags(prefix: string): string[] {
    const select = this.#database.prepare(`
      SELECT DISTINCT value FROM notes, json_each(notes.tags)
      WHERE substr(value, 1, length(:prefix)) = :prefix ORDER BY value LIMIT 100
    `);
    return select.all({ prefix }).map(row => String(row['value']));
  }

  close(): void {
    this.#database.close();
  }
}
