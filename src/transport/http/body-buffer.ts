/** A body on its way in. Costs what the body costs, in however many pieces it comes. */
export class BodyBuffer {
  readonly #maxBytes: number;
  /** The only piece so far: most bodies come in one, and need no copy. */
  #single: Buffer | undefined;
  #grown: Buffer | undefined;
  #size = 0;

  /** @param maxBytes the most that will be kept */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** @returns whether it is within the bound; what goes beyond is not kept */
  append(chunk: Buffer): boolean {
    const size = this.#size + chunk.length;
    if (size > this.#maxBytes) return false;
    if (this.#size === 0) this.#single = chunk;
    else {
      this.#room(size).set(chunk, this.#size);
      this.#single = undefined;
    }
    this.#size = size;
    return true;
  }

  /** A buffer of at least `size` bytes with everything so far in it. A piece kept as it is would keep its whole read. */
  #room(size: number): Buffer {
    const grown = this.#grown;
    if (grown !== undefined && grown.length >= size) return grown;
    const larger = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(16_384, 2 * size)));
    const kept = grown ?? this.#single;
    if (kept !== undefined) larger.set(kept.subarray(0, this.#size));
    this.#grown = larger;
    return larger;
  }

  toString(): string {
    if (this.#single !== undefined) return this.#single.toString();
    return this.#grown === undefined ? '' : this.#grown.toString('utf8', 0, this.#size);
  }
}
