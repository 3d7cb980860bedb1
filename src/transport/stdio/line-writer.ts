import type { Writable } from 'node:stream';

/** Writes lines to a stream and knows what its reader has not taken yet. */
export class LineWriter {
  readonly #stream: Writable;
  readonly #write: Writable['write'];
  #unwritten = 0;
  #onFlushed: (() => void)[] = [];

  /** @param write of the stream, where that member has been replaced */
  constructor(stream: Writable, write: Writable['write'] = stream.write) {
    this.#stream = stream;
    this.#write = write;
  }

  /** Bytes that wait for the reader. */
  get waiting(): number {
    return this.#stream.writableLength;
  }

  /**
   * Writes one line.
   *
   * @param line with its line feed
   * @returns at once while the reader keeps up, else when it has taken the line; rejects when the stream is broken
   */
  write(line: string): Promise<void> {
    this.#unwritten++;
    let accepted = false;
    const written = new Promise<void>((resolve, reject) => {
      accepted = this.#write.call(this.#stream, line, 'utf8', error => {
        this.#unwritten--;
        if (error) reject(error);
        else resolve();
        if (this.#unwritten === 0) for (const flushed of this.#onFlushed.splice(0)) flushed();
      });
    });
    if (!accepted) return written;
    // Nobody waits for it any more; the stream reports the error itself.
    written.catch(() => {});
    return Promise.resolve();
  }

  /** Resolves when the system has taken everything, or has refused it. */
  async flush(): Promise<void> {
    if (this.#unwritten > 0) await new Promise<void>(resolve => this.#onFlushed.push(resolve));
  }
}
