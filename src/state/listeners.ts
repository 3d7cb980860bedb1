/** Functions that hear of something, in the order in which they came. Used by the drivers. */
export class Listeners<T> {
  // One holder each: the same function added twice hears twice and leaves once at a time.
  readonly #holders = new Set<{ readonly listener: (value: T) => void }>();

  get size(): number {
    return this.#holders.size;
  }

  /** @returns the function that removes it; calling that again does nothing */
  add(listener: (value: T) => void): () => void {
    const holder = { listener };
    this.#holders.add(holder);
    return () => {
      this.#holders.delete(holder);
    };
  }

  /** Calls those that are there when it begins, without those that are removed meanwhile. */
  call(value: T): void {
    for (const holder of [...this.#holders]) if (this.#holders.has(holder)) callSafely(holder.listener, value);
  }
}

/** Calls a listener whose failure must not reach the one who spoke, nor the other listeners. */
export function callSafely<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }
}
