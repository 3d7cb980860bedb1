/** Bytes that arrive in pieces, kept in one place: a million pieces of one byte must not become a million objects. */
export class BodyBytes {
  readonly #most: number;
  #buffer = Buffer.alloc(0);
  #length = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Keeps what there is room for, and returns that. */
  add(piece: Buffer): Buffer {
    const kept = piece.subarray(0, this.#most - this.#length);
    const needed = this.#length + kept.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.alloc(Math.min(this.#most, Math.max(needed, this.#buffer.length * 2, 4_096)));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    kept.copy(this.#buffer, this.#length);
    this.#length = needed;
    return kept;
  }

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }
}
