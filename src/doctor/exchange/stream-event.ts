/** Server-sent events (WHATWG HTML, 9.2.6), read as they arrive. */
export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
  readonly id?: string;
  /** Milliseconds since the exchange began. */
  readonly atMs: number;
}

/** A line longer than this is given up, and what came of its event with it. */
const MAX_LINE_CHARS = 4 * 1024 * 1024;
const LINE_END = /\r\n|\n|\r/g;

/** Takes text in any pieces; gives whole events. A piece is looked at once, however long its line gets. */
export class StreamEventReader {
  /** The line so far. */
  #parts: string[] = [];
  #length = 0;
  /** The last piece ended with CR: a LF that follows belongs to it. */
  #skipsLineFeed = false;
  #type = '';
  #data: string[] = [];
  #id: string | undefined;

  /**
   * @param piece the next text
   * @param atMs when it came
   */
  *read(piece: string, atMs: number): Generator<StreamEvent> {
    const text = this.#skipsLineFeed && piece.startsWith('\n') ? piece.slice(1) : piece;
    if (piece !== '') this.#skipsLineFeed = piece.endsWith('\r');
    let start = 0;
    for (const { index, 0: end } of text.matchAll(LINE_END)) {
      this.#keep(text.slice(start, index));
      start = index + end.length;
      const line = this.#parts.join('');
      this.#parts = [];
      this.#length = 0;
      if (line !== '') this.#field(line);
      else {
        const event = this.#take(atMs);
        if (event !== undefined) yield event;
      }
    }
    this.#keep(text.slice(start));
  }

  #keep(part: string): void {
    this.#length += part.length;
    if (this.#length <= MAX_LINE_CHARS) this.#parts.push(part);
    else this.#parts = [];
  }

  #field(line: string): void {
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') this.#data.push(value);
    else if (name === 'event') this.#type = value;
    else if (name === 'id') this.#id = value;
  }

  #take(atMs: number): StreamEvent | undefined {
    const [type, data, id] = [this.#type, this.#data, this.#id];
    this.#type = '';
    this.#data = [];
    if (data.length === 0) return undefined;
    return { type: type || 'message', data: data.join('\n'), ...(id !== undefined && { id }), atMs };
  }
}
