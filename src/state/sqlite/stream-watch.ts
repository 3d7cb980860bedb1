import { Listeners } from '../listeners.ts';
import type { Owners } from './owners.ts';
import type { Store } from './store.ts';

interface Watched {
  readonly listeners: Listeners<void>;
  /** What was last seen of the stream. */
  seen: string | undefined;
}

interface StateRow {
  readonly name: string;
  readonly owner: string;
  readonly last_seq: number;
  readonly ended: number;
}

const STATES = 'SELECT name, owner, last_seq, ended FROM streams WHERE name IN (SELECT value FROM json_each(?))';

/** Who waits for news of which stream. */
export class StreamWatch {
  readonly #store: Store;
  readonly #owners: Owners;
  readonly #watched = new Map<string, Watched>();
  /** Streams with changes in the transaction that is being committed. */
  readonly #touched = new Set<string>();

  constructor(store: Store, owners: Owners) {
    this.#store = store;
    this.#owners = owners;
    store.committed.add(() => this.#wakeTouched());
    store.changed.add(() => this.#compare());
    store.reopened.add(() => {
      for (const watched of this.#watched.values()) watched.listeners.call();
    });
  }

  add(stream: string, listener: () => void): () => void {
    let watched = this.#watched.get(stream);
    if (watched === undefined) this.#watched.set(stream, (watched = { listeners: new Listeners(), seen: undefined }));
    const { listeners } = watched;
    const leave = listeners.add(listener);
    return () => {
      leave();
      if (listeners.size === 0 && this.#watched.get(stream) === watched) this.#watched.delete(stream);
    };
  }

  /** Inside of a transaction: wakes the listeners of a stream when it is committed. */
  touched(stream: string): void {
    if (this.#watched.has(stream)) this.#touched.add(stream);
  }

  wake(stream: string): void {
    this.#watched.get(stream)?.listeners.call();
  }

  /** Wakes the listeners of orphaned streams, again and again until somebody has closed them. */
  round(): void {
    if (this.#watched.size === 0) return;
    const open = this.#states().filter(row => row.ended === 0);
    const alive = new Map<string, boolean>();
    this.#store.read(connection => {
      for (const { owner } of open) if (!alive.has(owner)) alive.set(owner, this.#owners.alive(owner, connection));
    });
    for (const { name, owner } of open) if (alive.get(owner) === false) this.wake(name);
  }

  #states(): StateRow[] {
    const names = JSON.stringify([...this.#watched.keys()]);
    return this.#store.read(connection => connection.all<StateRow>(STATES, names));
  }

  #wakeTouched(): void {
    if (this.#touched.size === 0) return;
    const streams = [...this.#touched];
    this.#touched.clear();
    for (const stream of streams) this.wake(stream);
  }

  #compare(): void {
    if (this.#watched.size === 0) return;
    let rows: StateRow[];
    try {
      rows = this.#states();
    } catch {
      return; // The store is at fault and known to be; the next change or round looks again.
    }
    const found = new Map(rows.map(row => [row.name, `${row.last_seq} ${row.ended}`]));
    for (const [stream, watched] of this.#watched) {
      const state = found.get(stream) ?? 'none';
      if (state === watched.seen) continue;
      watched.seen = state;
      watched.listeners.call();
    }
  }
}
