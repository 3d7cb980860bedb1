import { callSafely } from '../listeners.ts';
import type { Mailbox } from '../mailbox.ts';
import type { Connection } from './connection.ts';
import type { Owners } from './owners.ts';
import type { Store } from './store.ts';

interface Box {
  readonly receive: (letter: string) => void;
  /** What arrived before `open` had resolved; undefined after that. */
  held: string[] | undefined;
}

interface LetterRow {
  readonly id: number;
  readonly address: string;
  readonly letter: string;
}

const AWAIT = `INSERT INTO awaited (address, owner) VALUES (?, ?)
  ON CONFLICT (address) DO UPDATE SET owner = excluded.owner`;

/**
 * Letters in the database: only to addresses that a living process awaits, taken out once they have been handed over. A
 * letter from this process to itself is handed over directly, after what others left before it.
 */
export class SqliteMailbox implements Mailbox {
  readonly #store: Store;
  readonly #owners: Owners;
  readonly #boxes = new Map<string, Box>();
  /** Addresses that are no longer awaited, and letters that were handed over: to be deleted. */
  readonly #left = new Set<string>();
  readonly #taken = new Set<number>();
  /** Addresses that are awaited, which the store has yet to be told. */
  readonly #unwritten = new Set<string>();
  #lastId = 0;

  constructor(store: Store, owners: Owners) {
    this.#store = store;
    this.#owners = owners;
    store.changed.add(() => this.#collect());
    store.reopened.add(() => this.#reopened());
  }

  async open(address: string, receive: (letter: string) => void): Promise<() => void> {
    const box: Box = { receive, held: [] };
    this.#boxes.set(address, box);
    const close = (): void => this.#close(address, box);
    try {
      await this.#store.write(connection => {
        this.#left.delete(address);
        connection.run(AWAIT, address, this.#owners.instance);
      });
    } catch {
      // What is posted to this process arrives; others learn of the address when the store works again.
      if (this.#boxes.get(address) === box) this.#unwritten.add(address);
    }
    // After whoever waits for this promise has gone on.
    setImmediate(() => {
      for (const letter of box.held ?? []) if (this.#boxes.get(address) === box) callSafely(receive, letter);
      box.held = undefined;
    });
    return close;
  }

  deliver(address: string, letter: string): boolean | Promise<boolean> {
    if (this.#boxes.has(address)) {
      this.#collect();
      this.#hand(address, letter);
      return true;
    }
    // A read first: strangers who guess addresses must not cause writes.
    if (!this.#store.read(connection => this.#receiver(address, connection))) return false;
    const text = JSON.stringify(letter);
    return this.#store.write(connection => {
      const owner = this.#receiver(address, connection);
      if (owner === undefined) return false;
      connection.run('INSERT INTO letters (owner, address, letter) VALUES (?, ?, ?)', owner, address, text);
      return true;
    });
  }

  /** Says once more what is awaited: in a store that was opened anew, or that had declared this process dead. */
  restore(connection: Connection): void {
    for (const address of this.#boxes.keys()) connection.run(AWAIT, address, this.#owners.instance);
  }

  /** Writes and deletes what could not be when it was due. */
  tidy(): void {
    if (this.#left.size === 0 && this.#taken.size === 0 && this.#unwritten.size === 0) return;
    const unwritten = [...this.#unwritten];
    const left = [...this.#left];
    const taken = [...this.#taken];
    const done = this.#store.write(connection => {
      for (const address of unwritten) {
        if (this.#boxes.has(address)) connection.run(AWAIT, address, this.#owners.instance);
      }
      for (const id of taken) connection.run('DELETE FROM letters WHERE id = ?', id);
      for (const address of left) {
        if (this.#boxes.has(address)) continue;
        connection.run('DELETE FROM letters WHERE owner = ? AND address = ?', this.#owners.instance, address);
        connection.run('DELETE FROM awaited WHERE address = ? AND owner = ?', address, this.#owners.instance);
      }
    });
    done.then(
      () => {
        for (const address of unwritten) this.#unwritten.delete(address);
        for (const id of taken) this.#taken.delete(id);
        for (const address of left) this.#left.delete(address);
      },
      () => {}, // Tried again in the next round.
    );
  }

  #close(address: string, box: Box): void {
    if (this.#boxes.get(address) !== box) return;
    this.#boxes.delete(address);
    this.#unwritten.delete(address);
    this.#left.add(address);
    this.tidy();
  }

  #receiver(address: string, connection: Connection): string | undefined {
    const row = connection.get<{ owner: string }>('SELECT owner FROM awaited WHERE address = ?', address);
    return row !== undefined && this.#owners.alive(row.owner, connection) ? row.owner : undefined;
  }

  /** Hands over what others have left. */
  #collect(): void {
    if (this.#boxes.size === 0) return;
    const query = 'SELECT id, address, letter FROM letters WHERE owner = ? AND id > ? ORDER BY id';
    let rows: LetterRow[];
    try {
      rows = this.#store.read(connection => connection.all<LetterRow>(query, this.#owners.instance, this.#lastId));
    } catch {
      return; // The store is at fault and known to be; they are collected when it is back.
    }
    for (const { id, address, letter } of rows) {
      this.#lastId = id;
      this.#taken.add(id);
      this.#hand(address, JSON.parse(letter) as string);
    }
    if (rows.length > 0) this.tidy();
  }

  /** Letters are numbered anew in a store that took the place of another, or that an older copy replaced. */
  #reopened(): void {
    try {
      const last = "SELECT coalesce(max(seq), 0) AS last FROM sqlite_sequence WHERE name = 'letters'";
      const id = this.#store.read(connection => connection.get<{ last: number }>(last)!.last);
      if (id >= this.#lastId) return;
    } catch {
      return; // At fault again, and opened again later.
    }
    this.#lastId = 0;
    this.#taken.clear();
  }

  #hand(address: string, letter: string): void {
    const box = this.#boxes.get(address);
    if (box === undefined) return;
    if (box.held !== undefined) box.held.push(letter);
    else callSafely(box.receive, letter);
  }
}
