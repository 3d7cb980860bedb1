import type { Writable } from 'node:stream';

/** What is written at once. A stream tells of its progress only per write, so long lines go in pieces. */
const PIECE_BYTES = 64 * 1024;

interface Piece {
  readonly bytes: Buffer;
  /** Told what became of it; absent for all but the last piece of a line. */
  readonly settle: ((error?: Error | null) => void) | undefined;
}

/**
 * Writes lines to a stream and knows what its reader has not taken yet, and when it last took something. No more than a
 * little is handed to the stream at a time: of a large backlog it would tell only when all of it is taken.
 */
export class LineWriter {
  readonly #stream: Writable;
  readonly #write: Writable['write'];
  #queue: Piece[] = [];
  #queuedBytes = 0;
  /** Writes that the stream has not finished. */
  #unwritten = 0;
  #takenAt = 0;
  #abandoned: Error | undefined;
  #onFlushed: (() => void)[] = [];

  /** @param write of the stream, where that member has been replaced */
  constructor(stream: Writable, write: Writable['write'] = stream.write) {
    this.#stream = stream;
    this.#write = write;
  }

  /** Bytes that wait for the reader. */
  get waiting(): number {
    return this.#queuedBytes + this.#stream.writableLength;
  }

  /** Milliseconds since the reader last took something; 0 when nothing waits for it. */
  get idleMs(): number {
    return this.#flushed ? 0 : performance.now() - this.#takenAt;
  }

  get #flushed(): boolean {
    return this.#unwritten === 0 && this.#queue.length === 0;
  }

  /**
   * Writes one line.
   *
   * @param line with its line feed
   * @returns at once while the reader keeps up, else when it has taken the line; rejects when the stream is broken
   */
  write(line: string): Promise<void> {
    if (this.#abandoned !== undefined) return Promise.reject(this.#abandoned);
    if (this.#flushed) this.#takenAt = performance.now();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (error?: Error | null) => (error ? reject(error) : resolve());
    if (this.#queue.length === 0 && !this.#stream.writableNeedDrain && line.length <= PIECE_BYTES) {
      if (!this.#hand(line, settle)) return promise;
      // Nobody waits for it any more; the stream reports the error itself.
      promise.catch(() => {});
      return Promise.resolve();
    }
    const bytes = Buffer.from(line);
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
      const isLast = from + PIECE_BYTES >= bytes.length;
      this.#queue.push({ bytes: bytes.subarray(from, from + PIECE_BYTES), settle: isLast ? settle : undefined });
    }
    this.#queuedBytes += bytes.length;
    this.#pump();
    return promise;
  }

  /** Resolves when the system has taken everything, or has refused it. */
  async flush(): Promise<void> {
    if (!this.#flushed) await new Promise<void>(resolve => this.#onFlushed.push(resolve));
  }

  /** Drops what the stream has not been handed yet; whoever waits for that gets the error. */
  abandon(error: Error): void {
    this.#abandoned ??= error;
    const dropped = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    for (const { settle } of dropped) settle?.(error);
  }

  #pump(): void {
    let handed = 0;
    while (handed < this.#queue.length && !this.#stream.writableNeedDrain) {
      const { bytes, settle } = this.#queue[handed++]!;
      this.#queuedBytes -= bytes.length;
      this.#hand(bytes, settle);
    }
    this.#queue.splice(0, handed);
  }

  /** @returns whether the stream takes more */
  #hand(chunk: string | Buffer, settle: Piece['settle']): boolean {
    this.#unwritten++;
    return this.#write.call(this.#stream, chunk, 'utf8', error => {
      this.#unwritten--;
      this.#takenAt = performance.now();
      settle?.(error);
      if (error) this.abandon(error);
      else if (this.#queue.length > 0) this.#pump();
      if (this.#flushed) for (const flushed of this.#onFlushed.splice(0)) flushed();
    });
  }
}
