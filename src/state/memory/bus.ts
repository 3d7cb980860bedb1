import { randomBytes } from 'node:crypto';
import { type Bus, type BusEntry, type BusEvent, type BusRetention, isControl } from '../bus.ts';
import { Listeners } from '../listeners.ts';
import { BusShelf } from './bus-shelf.ts';

/** Entries are few and small as a rule; this is for the server that sends large messages to many sessions. */
const MAX_BYTES = 64 * 1024 * 1024;
const ENTRY_BYTES = 256;

/** The log within one process. */
export class MemoryBus implements Bus {
  /** Tells the cursors of this log from those of the process before it. */
  readonly #epoch = randomBytes(8).toString('hex');
  readonly #listeners = new Listeners<BusEntry>();
  readonly #retention: Required<BusRetention>;
  /** What streams are resumed from, and what is only for processes: each is dropped for its own sake alone. */
  readonly #log = new BusShelf();
  readonly #control = new BusShelf();
  /** Entries that the listeners have yet to hear. */
  #unheard: BusEntry[] = [];
  /** The position of the last entry that was dropped from the log. */
  #gone = 0;
  /** How many entries there have been. */
  #published = 0;
  #heard = 0;
  #delivering = false;

  constructor(retention: Required<BusRetention>) {
    this.#retention = retention;
  }

  get cursor(): string {
    return this.#cursorOf(this.#heard);
  }

  publish(event: BusEvent): string {
    const position = ++this.#published;
    const entry: BusEntry = { cursor: this.#cursorOf(position), event };
    const shelf = isControl(event) ? this.#control : this.#log;
    shelf.push({ entry, position, bytes: bytesOf(event), at: performance.now() });
    this.#unheard.push(entry);
    this.#deliver();
    this.#prune();
    return entry.cursor;
  }

  subscribe(listener: (entry: BusEntry) => void): () => void {
    return this.#listeners.add(listener);
  }

  read(after: string, limit: number): readonly BusEntry[] | undefined {
    this.#prune();
    const position = this.#positionOf(after);
    if (position === undefined || position < this.#gone || position > this.#published) return undefined;
    const found = [...this.#log.after(position, limit), ...this.#control.after(position, limit)];
    found.sort((a, b) => a.position - b.position);
    return found.slice(0, limit).map(({ entry }) => entry);
  }

  /** An entry that a listener publishes waits until all have heard the one before it. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#unheard.length > 0) {
        const entries = this.#unheard;
        this.#unheard = [];
        for (const entry of entries) {
          this.#heard++;
          this.#listeners.call(entry);
        }
      }
    } finally {
      this.#delivering = false;
    }
  }

  #prune(): void {
    if (this.#delivering) return;
    const oldest = performance.now() - this.#retention.busTtlMs;
    for (const shelf of [this.#log, this.#control]) {
      for (let kept = shelf.oldest; kept !== undefined; kept = shelf.oldest) {
        const fits = shelf.size <= this.#retention.maxBusEntries && shelf.bytes <= MAX_BYTES;
        if (fits && kept.at >= oldest) break;
        shelf.dropOldest();
        if (shelf === this.#log) this.#gone = kept.position;
      }
    }
  }

  #cursorOf(position: number): string {
    return `${this.#epoch}-${position}`;
  }

  #positionOf(cursor: string): number | undefined {
    const [epoch, digits] = cursor.split('-');
    if (epoch !== this.#epoch || digits === undefined || !/^\d{1,15}$/.test(digits)) return undefined;
    return this.#cursorOf(Number(digits)) === cursor ? Number(digits) : undefined;
  }
}

function bytesOf(event: BusEvent): number {
  if (event.kind === 'message') return ENTRY_BYTES + Buffer.byteLength(event.message);
  return event.kind === 'log' ? ENTRY_BYTES + Buffer.byteLength(JSON.stringify(event.params)) : ENTRY_BYTES;
}
