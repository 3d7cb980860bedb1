/** Server-sent events (WHATWG HTML, 9.2.6), read as they arrive. */
export interface StreamEvent {
  /** `message` where the stream names none. */
  readonly type: string;
  readonly data: string;
  readonly id?: string;
  /** Milliseconds since the exchange began. */
  readonly atMs: number;
}

/** An event larger than this is given up with its stream. */
const MAX_EVENT_CHARS = 4 * 1024 * 1024;

/** Takes text in any pieces; gives whole events. */
export class StreamEventReader {
  #rest = '';
  #type = '';
  #data: string[] = [];
  #id: string | undefined;

  /**
   * @param text the next piece
   * @param atMs when it came
   */
  *read(text: string, atMs: number): Generator<StreamEvent> {
    this.#rest += text;
    if (this.#rest.length > MAX_EVENT_CHARS) this.#rest = '';
    for (;;) {
      const found = /\r\n|\n|\r(?!$)/.exec(this.#rest);
      if (found === null) return;
      const line = this.#rest.slice(0, found.index);
      this.#rest = this.#rest.slice(found.index + found[0].length);
      if (line === '') {
        const event = this.#take(atMs);
        if (event !== undefined) yield event;
      } else this.#field(line);
    }
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
