import type { Bus, BusEntry, BusEvent } from '../bus.ts';
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
    return this.#store.write(connection => {
      this.#published = true;
      const id = connection.insert('INSERT INTO bus (at, event) VALUES (?, ?)', Date.now(), text);
      return this.#cursorOf(id);
    });
  }

  subscribe(listener: (entry: BusEntry) => void): () => void {
    return this.#listeners.add(listener);
  }

  read(after: string, limit: number): readonly BusEntry[] | undefined {
    const [storeId, digits] = after.split('-');
    const position = digits !== undefined && /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
    if (storeId !== this.#storeId || position === undefined) return undefined;
    return this.#store.read(connection => {
      // First the end, then the rows: what is added in between must not look like a hole.
      const last = lastId(connection);
      const rows = connection.all<BusRow>(AFTER, position, Math.max(1, limit));
      if (position > last || (position < last && rows[0]?.id !== position + 1)) return undefined;
      return rows.map(row => this.#entryOf(row));
    });
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
