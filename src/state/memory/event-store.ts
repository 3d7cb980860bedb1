import {
  type EventRetention,
  type EventStore,
  PART_CHARACTERS,
  PART_EVENTS,
  type StoredEvent,
  type StreamPart,
} from '../event-store.ts';
import { Listeners } from '../listeners.ts';
import { OPEN_STREAM_TTL_MS } from '../retention.ts';

interface Stream {
  readonly name: string;
  events: StoredEvent[];
  /** The number of its last event, also when that is gone. */
  lastSeq: number;
  bytes: number;
  /** Of the monotonic clock, so that a jump of the other one forgets nothing. */
  touched: number;
}

/** What an event and a stream cost beside their text. */
const EVENT_BYTES = 128;
const STREAM_BYTES = 512;

/** Event streams in memory: they live as long as the process, so none is ever orphaned. */
export class MemoryEventStore implements EventStore {
  /** In the order of their creation. */
  readonly #open = new Map<string, Stream>();
  /** In the order of their end. */
  readonly #ended = new Map<string, Stream>();
  readonly #watchers = new Map<string, Listeners<void>>();
  readonly #retention: Required<EventRetention>;
  #bytes = 0;

  constructor(retention: Required<EventRetention>) {
    this.#retention = retention;
  }

  append(name: string, seq: number, message: string, ended: boolean): void {
    if (this.#ended.has(name)) return;
    const stream = this.#open.get(name) ?? this.#create(name);
    if (seq <= stream.lastSeq) return;
    stream.lastSeq = seq;
    stream.touched = performance.now();
    stream.events.push({ seq, message });
    this.#resize(stream, bytesOf(message));
    if (stream.events.length > this.#retention.maxEventsPerStream) this.#dropOldest(stream);
    if (ended) {
      this.#open.delete(name);
      this.#ended.set(name, stream);
    }
    this.#prune();
    this.#watchers.get(name)?.call();
  }

  read(name: string, after: number): StreamPart | undefined {
    this.#prune();
    const ended = this.#ended.get(name);
    const stream = ended ?? this.#open.get(name);
    if (stream === undefined) return undefined;
    const first = stream.events.findIndex(event => event.seq > after);
    const events: StoredEvent[] = [];
    let more = false;
    let characters = 0;
    for (let index = first; index >= 0 && index < stream.events.length; index++) {
      const event = stream.events[index]!;
      characters += event.message.length;
      more = events.length === PART_EVENTS || (events.length > 0 && characters > PART_CHARACTERS);
      if (more) break;
      events.push(event);
    }
    const lastSeq = more ? events.at(-1)!.seq : stream.lastSeq;
    const trimmed = lastSeq - after !== events.length;
    return { events, more, ended: !more && ended !== undefined, orphaned: false, trimmed };
  }

  close(): void {}

  watch(name: string, listener: () => void): () => void {
    let listeners = this.#watchers.get(name);
    if (listeners === undefined) this.#watchers.set(name, (listeners = new Listeners()));
    const leave = listeners.add(listener);
    return () => {
      leave();
      if (listeners.size === 0 && this.#watchers.get(name) === listeners) this.#watchers.delete(name);
    };
  }

  #create(name: string): Stream {
    const stream: Stream = { name, events: [], lastSeq: 0, bytes: 0, touched: 0 };
    this.#open.set(name, stream);
    this.#resize(stream, STREAM_BYTES);
    return stream;
  }

  #resize(stream: Stream, bytes: number): void {
    stream.bytes += bytes;
    this.#bytes += bytes;
  }

  #dropOldest(stream: Stream): void {
    const dropped = stream.events.shift();
    if (dropped !== undefined) this.#resize(stream, -bytesOf(dropped.message));
  }

  #forget(stream: Stream): void {
    this.#open.delete(stream.name);
    this.#ended.delete(stream.name);
    this.#bytes -= stream.bytes;
  }

  #prune(): void {
    const now = performance.now();
    const { eventTtlMs, maxEventBytes } = this.#retention;
    for (const stream of this.#ended.values()) {
      if (this.#bytes <= maxEventBytes && now - stream.touched <= eventTtlMs) break;
      this.#forget(stream);
    }
    for (const stream of this.#open.values()) {
      const stale = now - stream.touched > Math.max(OPEN_STREAM_TTL_MS, eventTtlMs);
      if (stale) this.#forget(stream);
      else if (this.#bytes > maxEventBytes) this.#empty(stream);
      else break;
    }
  }

  /** Drops the events of a stream that goes on: readers are told that they are trimmed, rather than that it is unknown. */
  #empty(stream: Stream): void {
    stream.events = [];
    this.#resize(stream, STREAM_BYTES - stream.bytes);
  }
}

function bytesOf(message: string): number {
  return Buffer.byteLength(message) + EVENT_BYTES;
}
