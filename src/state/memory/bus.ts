import { randomBytes } from 'node:crypto';
import type { Bus, BusEntry, BusEvent, BusRetention } from '../bus.ts';
import { Listeners } from '../listeners.ts';

interface Kept {
  readonly entry: BusEntry;
  readonly bytes: number;
  /** Of the monotonic clock, so that a jump of the other one forgets nothing. */
  readonly at: number;
}

/** Entries are few and small as a rule; this is for the server that sends large messages to many sessions. */
const MAX_BYTES = 64 * 1024 * 1024;
const ENTRY_BYTES = 256;

/** The log within one process. */
export class MemoryBus implements Bus {
  /** Tells the cursors of this log from those of the process before it. */
  readonly #epoch = randomBytes(8).toString('hex');
  readonly #listeners = new Listeners<BusEntry>();
  readonly #retention: Required<BusRetention>;
  /** What is kept; `#head` of them are gone already, and cut off once they are half of it. */
  #log: Kept[] = [];
  #head = 0;
  #bytes = 0;
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
    const cursor = this.#cursorOf(this.#published + 1);
    const kept: Kept = { entry: { cursor, event }, bytes: bytesOf(event), at: performance.now() };
    this.#published++;
    this.#bytes += kept.bytes;
    this.#log.push(kept);
    this.#deliver();
    this.#prune();
    return cursor;
  }

  subscribe(listener: (entry: BusEntry) => void): () => void {
    return this.#listeners.add(listener);
  }

  read(after: string, limit: number): readonly BusEntry[] | undefined {
    this.#prune();
    const position = this.#positionOf(after);
    const gone = this.#published - (this.#log.length - this.#head);
    if (position === undefined || position < gone || position > this.#published) return undefined;
    const from = this.#head + position - gone;
    return this.#log.slice(from, from + limit).map(({ entry }) => entry);
  }

  /** An entry that a listener publishes waits until all have heard the one before it. */
  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      while (this.#heard < this.#published) {
        const next = this.#log[this.#log.length - (this.#published - this.#heard)];
        this.#heard++;
        if (next !== undefined) this.#listeners.call(next.entry);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #prune(): void {
    if (this.#delivering) return;
    const oldest = performance.now() - this.#retention.busTtlMs;
    for (let kept = this.#log[this.#head]; kept !== undefined; kept = this.#log[this.#head]) {
      const count = this.#log.length - this.#head;
      if (kept.at >= oldest && count <= this.#retention.maxBusEntries && this.#bytes <= MAX_BYTES) break;
      this.#bytes -= kept.bytes;
      this.#head++;
    }
    if (this.#head > 64 && this.#head * 2 > this.#log.length) {
      this.#log = this.#log.slice(this.#head);
      this.#head = 0;
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
