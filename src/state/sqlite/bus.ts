import { type Bus, type BusEntry, type BusEvent, isControl } from '../bus.ts';
import { Listeners } from '../listeners.ts';
import type { Connection } from './connection.ts';
import type { StoreFacts } from './schema.ts';
import type { Store } from './store.ts';

interface BusRow {
  readonly id: number;
  readonly event: string;
}

/** Rows at a time: a process that stood still has much to catch up with. */
const SLICE = 256;

/** Changes that wait for a store at fault; beyond that, they are mostly the same few resources. */
const MAX_OWED = 1_000;

const AFTER = 'SELECT id, event FROM bus WHERE id > ? ORDER BY id LIMIT ?';
/** Also when all rows are gone. */
const LAST = "SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = 'bus'";

/**
 * The log in the database. Its order is that of the rows, the same for every process: each reads on from what it has
 * heard, also for what it published itself. Ids are given inside of write transactions, so they appear in order.
 */
export class SqliteBus implements Bus {
  readonly #store: Store;
  readonly #listeners = new Listeners<BusEntry>();
  #storeId: string;
  #heard: number;
  #published = false;
  /** Changes that could not be published, as JSON: other processes have yet to hear of them. */
  readonly #owed = new Set<string>();
  #settling = false;
  #tailing = false;

  constructor(store: Store) {
    this.#store = store;
    this.#storeId = store.facts.id;
    this.#heard = store.read(lastId);
    store.reopened.add(facts => this.#reopened(facts));
    store.changed.add(() => this.#tail());
    store.committed.add(() => {
      if (this.#published) this.#tail();
    });
  }

  get cursor(): string {
    return this.#cursorOf(this.#heard);
  }

  publish(event: BusEvent): Promise<string> {
    const text = JSON.stringify(event);
    const control = isControl(event) ? 1 : 0;
    const written = this.#store.write(connection => this.#cursorOf(this.#add(connection, text, control)));
    if (event.kind === 'change') written.catch(() => this.#owe(event, text));
    return written;
  }

  /** Publishes the changes that could not be when they happened. */
  settle(): void {
    // While a write waits for its turn, a second one would publish everything twice.
    if (this.#owed.size === 0 || this.#settling) return;
    this.#settling = true;
    const owed = [...this.#owed];
    this.#store
      .write(connection => {
        for (const text of owed) this.#add(connection, text, 0);
      })
      .then(
        () => {
          for (const text of owed) this.#owed.delete(text);
        },
        () => {}, // Tried again in the next round.
      )
      .finally(() => {
        this.#settling = false;
      });
  }

  #add(connection: Connection, text: string, control: 0 | 1): number {
    this.#published = true;
    return connection.insert('INSERT INTO bus (at, event, control) VALUES (?, ?, ?)', Date.now(), text, control);
  }

  /** The listeners of this process hear of it now, once more when all others do, and meanwhile resume from before it. */
  #owe(event: BusEvent, text: string): void {
    if (this.#owed.size < MAX_OWED) this.#owed.add(text);
    this.#listeners.call({ cursor: this.cursor, event });
  }

  subscribe(listener: (entry: BusEntry) => void): () => void {
    return this.#listeners.add(listener);
  }

  read(after: string, limit: number): readonly BusEntry[] | undefined {
    const [storeId, digits] = after.split('-');
    const position = digits !== undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
    if (storeId !== this.#storeId || position === undefined) return undefined;
    const entries = this.#store.read(connection => {
      // First the end: a cursor beyond it is none of this log.
      const last = lastId(connection);
      const rows = connection.all<BusRow>(AFTER, position, Math.max(1, limit));
      // After the rows: what is removed meanwhile must not look as if it had never been.
      const gone = connection.get<{ id: number }>('SELECT id FROM bus_gone')!.id;
      if (position > last || position < gone) return undefined;
      return rows.map(row => this.#entryOf(row));
    });
    // After it: what is read has been heard.
    this.#tail();
    return entries;
  }

  #tail(): void {
    if (this.#tailing) return;
    this.#tailing = true;
    this.#published = false;
    try {
      while (this.#tailSlice()) {}
    } catch {
      // The store is at fault and known to be; the rows are heard when it is back.
    } finally {
      this.#tailing = false;
    }
  }

  /** @returns whether there may be more */
  #tailSlice(): boolean {
    const last = this.#store.read(lastId);
    const rows = this.#store.read(connection => connection.all<BusRow>(AFTER, this.#heard, SLICE));
    if (rows.length === 0 && last > this.#heard) this.#skipTo(last);
    for (const row of rows) {
      if (row.id !== this.#heard + 1) this.#skipTo(row.id - 1);
      this.#heard = row.id;
      this.#listeners.call(this.#entryOf(row));
    }
    return rows.length === SLICE;
  }

  #skipTo(id: number): void {
    this.#heard = id;
    this.#listeners.call({ cursor: this.#cursorOf(id), event: { kind: 'gap' } });
  }

  #reopened({ id }: StoreFacts): void {
    try {
      const last = this.#store.read(lastId);
      // The same store, with nothing missing that was heard: go on where we were.
      if (id === this.#storeId && last >= this.#heard) return;
      this.#storeId = id;
      this.#skipTo(last);
    } catch {
      // The store is at fault again, and will be opened again.
    }
  }

  #entryOf({ id, event }: BusRow): BusEntry {
    return { cursor: this.#cursorOf(id), event: JSON.parse(event) as BusEvent };
  }

  #cursorOf(id: number): string {
    return `${this.#storeId}-${id}`;
  }
}

function lastId(connection: Connection): number {
  return connection.get<{ last: number }>(LAST)!.last;
}
