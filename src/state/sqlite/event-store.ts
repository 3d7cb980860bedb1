import {
  type EventRetention,
  type EventStore,
  PART_CHARACTERS,
  PART_EVENTS,
  type StoredEvent,
  type StreamPart,
} from '../event-store.ts';
import type { Connection } from './connection.ts';
import { unavailable } from './fault.ts';
import type { Owners } from './owners.ts';
import type { Store } from './store.ts';
import type { StreamWatch } from './stream-watch.ts';

interface StreamRow {
  readonly id: number;
  readonly owner: string;
  readonly last_seq: number;
  readonly ended: number;
}

/** A stream with one of its events, or with none. One statement, so that both are of the same moment. */
interface PartRow extends StreamRow {
  readonly seq: number | null;
  readonly message: string | null;
}

/** The end of what could not be written of a stream. */
interface Loss {
  readonly seq: number;
  readonly ended: boolean;
}

const STREAM = 'SELECT id, owner, last_seq, ended FROM streams WHERE name = ?';
const ADD_STREAM = 'INSERT INTO streams (name, owner, last_seq, ended, touched) VALUES (?, ?, ?, ?, ?)';
const ADVANCE = 'UPDATE streams SET last_seq = ?, ended = ?, touched = ? WHERE id = ?';
/** An id may be that of another stream by now, if the transaction was undone or the file replaced: hence the name. */
const ADVANCE_OWN = `UPDATE streams SET last_seq = ?, ended = ?, touched = ?
  WHERE id = ? AND name = ? AND owner = ? AND ended = 0 AND last_seq < ?`;
const ADD_EVENT = 'INSERT INTO events (stream, seq, message) VALUES (?, ?, ?)';
const PART = `SELECT s.id, s.owner, s.last_seq, s.ended, e.seq, e.message
  FROM streams s LEFT JOIN events e ON e.stream = s.id AND e.seq > ? WHERE s.name = ? ORDER BY e.seq`;

const MAX_LOSSES = 10_000;
const MAX_OWN = 10_000;

/** Event streams in the database. */
export class SqliteEventStore implements EventStore {
  readonly #store: Store;
  readonly #owners: Owners;
  readonly #watch: StreamWatch;
  readonly #retention: Required<EventRetention>;
  /** Streams of this process with events that could not be written: readers must hear of the hole, and of the end. */
  readonly #losses = new Map<string, Loss>();
  /** Row ids of open streams of this process, so that they need not be looked up for each event. */
  readonly #own = new Map<string, number>();

  constructor(store: Store, owners: Owners, watch: StreamWatch, retention: Required<EventRetention>) {
    this.#store = store;
    this.#owners = owners;
    this.#watch = watch;
    this.#retention = retention;
  }

  append(stream: string, seq: number, message: string, ended: boolean): Promise<void> {
    const written = this.#store.write(connection => {
      this.#append(connection, stream, seq, message, ended);
      this.#watch.touched(stream);
    });
    written.catch(() => this.#lose(stream, { seq, ended }));
    return written;
  }

  read(stream: string, after: number): StreamPart | undefined {
    return this.#store.read(connection => {
      const events: StoredEvent[] = [];
      let row: StreamRow | undefined;
      let more = false;
      let characters = 0;
      for (const found of connection.iterate<PartRow>(PART, after, stream)) {
        row = found;
        const { seq, message } = found;
        if (seq === null || message === null) break;
        characters += message.length;
        more = events.length === PART_EVENTS || (events.length > 0 && characters > PART_CHARACTERS);
        if (more) break;
        events.push({ seq, message });
      }
      if (row === undefined) return undefined;
      const loss = this.#losses.get(stream);
      const ended = !more && (row.ended === 1 || loss?.ended === true);
      const lastSeq = more ? events.at(-1)!.seq : Math.max(row.last_seq, loss?.seq ?? 0);
      const orphaned = !more && !ended && !this.#owners.alive(row.owner, connection);
      return { events, more, ended, orphaned, trimmed: lastSeq - after !== events.length };
    });
  }

  close(stream: string, message: string): undefined | Promise<void> {
    const isOrphaned = (connection: Connection): StreamRow | undefined => {
      const row = connection.get<StreamRow>(STREAM, stream);
      return row?.ended === 0 && !this.#owners.alive(row.owner, connection) ? row : undefined;
    };
    // A read first: nothing is written for a stream that needs no closing.
    if (this.#store.read(isOrphaned) === undefined) return undefined;
    return this.#store.write(connection => {
      const row = isOrphaned(connection);
      if (row === undefined) return;
      this.#advance(connection, row.id, row.last_seq + 1, message, true);
      this.#watch.touched(stream);
    });
  }

  watch(stream: string, listener: () => void): () => void {
    return this.#watch.add(stream, listener);
  }

  /** Writes down which streams have holes, once that is possible. */
  confess(): void {
    if (this.#losses.size === 0) return;
    const losses = [...this.#losses];
    const done = this.#store.write(connection => {
      for (const [stream, loss] of losses) {
        const row = connection.get<StreamRow>(STREAM, stream);
        if (row === undefined || row.ended === 1 || row.owner !== this.#owners.instance) continue;
        connection.run(ADVANCE, Math.max(row.last_seq, loss.seq), loss.ended ? 1 : 0, Date.now(), row.id);
        this.#watch.touched(stream);
      }
    });
    done.then(
      () => {
        for (const [stream, loss] of losses) if (this.#losses.get(stream) === loss) this.#losses.delete(stream);
      },
      () => {}, // Tried again in the next round.
    );
  }

  #append(connection: Connection, stream: string, seq: number, message: string, ended: boolean): void {
    const own = this.#own.get(stream);
    if (ended) this.#own.delete(stream);
    if (own !== undefined) {
      const { instance } = this.#owners;
      if (connection.run(ADVANCE_OWN, seq, ended ? 1 : 0, Date.now(), own, stream, instance, seq) > 0) {
        return this.#add(connection, own, seq, message);
      }
    }
    const row = connection.get<StreamRow>(STREAM, stream);
    if (row === undefined) {
      const id = connection.insert(ADD_STREAM, stream, this.#owners.instance, seq, ended ? 1 : 0, Date.now());
      connection.run(ADD_EVENT, id, seq, message);
      if (!ended) this.#remember(stream, id);
      return;
    }
    if (row.owner !== this.#owners.instance || row.ended === 1) {
      throw unavailable({ kind: 'statement', why: 'another process has closed the stream' });
    }
    if (seq > row.last_seq) this.#advance(connection, row.id, seq, message, ended);
  }

  #advance(connection: Connection, id: number, seq: number, message: string, ended: boolean): void {
    connection.run(ADVANCE, seq, ended ? 1 : 0, Date.now(), id);
    this.#add(connection, id, seq, message);
  }

  #add(connection: Connection, id: number, seq: number, message: string): void {
    connection.run(ADD_EVENT, id, seq, message);
    const gone = seq - this.#retention.maxEventsPerStream;
    if (gone > 0) connection.run('DELETE FROM events WHERE stream = ? AND seq <= ?', id, gone);
  }

  /** The longest-lived is forgotten when there are too many: its row is looked up again. */
  #remember(stream: string, id: number): void {
    if (this.#own.size >= MAX_OWN) this.#own.delete(this.#own.keys().next().value!);
    this.#own.set(stream, id);
  }

  #lose(stream: string, loss: Loss): void {
    this.#own.delete(stream);
    const before = this.#losses.get(stream);
    if (before === undefined && this.#losses.size >= MAX_LOSSES) return;
    this.#losses.set(stream, {
      seq: Math.max(loss.seq, before?.seq ?? 0),
      ended: loss.ended || before?.ended === true,
    });
    this.#watch.wake(stream);
  }
}
