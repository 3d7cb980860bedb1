import type { BusEntry } from '../bus.ts';

export interface Kept {
  readonly entry: BusEntry;
  /** Counts all entries of the bus. */
  readonly position: number;
  readonly bytes: number;
  /** Of the monotonic clock, so that a jump of the other one forgets nothing. */
  readonly at: number;
}

/** Entries in order, the oldest of which are dropped. */
export class BusShelf {
  /** `#head` of them are gone already, and cut off once they are half of it. */
  #kept: Kept[] = [];
  #head = 0;
  #bytes = 0;

  get size(): number {
    return this.#kept.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldest(): Kept | undefined {
    return this.#kept[this.#head];
  }

  push(kept: Kept): void {
    this.#kept.push(kept);
    this.#bytes += kept.bytes;
  }

  dropOldest(): void {
    const dropped = this.oldest;
    if (dropped === undefined) return;
    this.#bytes -= dropped.bytes;
    this.#head++;
    if (this.#head <= 64 || this.#head * 2 <= this.#kept.length) return;
    this.#kept = this.#kept.slice(this.#head);
    this.#head = 0;
  }

  /** Those after a position, at most `limit`. */
  after(position: number, limit: number): Kept[] {
    let low = this.#head;
    let high = this.#kept.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#kept[middle]!.position <= position) low = middle + 1;
      else high = middle;
    }
    return this.#kept.slice(low, low + limit);
  }
}
