/** What a {@link LineReader} makes of the bytes, in their order. */
export interface LineSink {
  /** One line without its end; may be empty. The bytes are only good until this returns. */
  line(bytes: Buffer): void;
  /** A line has more bytes than allowed; told once, as soon as it is known. What is left of it is skipped. */
  oversized(): void;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Cuts a stream of bytes into lines: they end with a line feed, before which one carriage return is dropped. Holds no
 * more than the limit, whatever arrives. MCP 2026-07-28, basic/transports/stdio.
 */
export class LineReader {
  readonly #maxBytes: number;
  readonly #sink: LineSink;
  /** The beginning of a line whose end has not arrived. */
  #chunks: Buffer[] = [];
  #bytes = 0;
  #skipping = false;

  /** @param maxBytes of one line without its end */
  constructor(maxBytes: number, sink: LineSink) {
    this.#maxBytes = maxBytes;
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, from);
      if (end < 0) break;
      const part = chunk.subarray(from, end);
      from = end + 1;
      if (this.#skipping) this.#skipping = false;
      else this.#complete(part);
    }
    if (from < chunk.length && !this.#skipping) this.#hold(chunk.subarray(from));
  }

  /** No more bytes will come: a last line may lack its line feed. */
  end(): void {
    if (this.#bytes > 0) this.#complete(Buffer.alloc(0));
    this.#skipping = false;
  }

  #hold(part: Buffer): void {
    // One byte more may be the carriage return of a line that fits.
    if (this.#bytes + part.length > this.#maxBytes + 1) {
      this.#drop();
      this.#skipping = true;
      this.#sink.oversized();
      return;
    }
    this.#chunks.push(part);
    this.#bytes += part.length;
  }

  #complete(part: Buffer): void {
    const whole = this.#chunks.length === 0 ? part : Buffer.concat([...this.#chunks, part]);
    this.#drop();
    const line = whole.at(-1) === CARRIAGE_RETURN ? whole.subarray(0, -1) : whole;
    if (line.length > this.#maxBytes) this.#sink.oversized();
    else this.#sink.line(line);
  }

  #drop(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }
}
