/** Server-sent events, cut out of a stream of text (WHATWG HTML, 9.2.6). */
import { SlipwayError } from '../protocol/coded-error.ts';

export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

const LINE_END = /\r\n|\n|\r/;
const BYTE_ORDER_MARK = '\uFEFF';

export class EventParser {
  readonly #maxChars: number;
  readonly #onEvent: (event: ServerSentEvent) => void;
  /** The beginning of a line whose end has not arrived. */
  #line = '';
  /** A line ended with the carriage return at the end of a chunk: a line feed may belong to it. */
  #skipLineFeed = false;
  #started = false;
  #event = '';
  #data: string[] = [];
  #dataChars = 0;
  #id: string | undefined;
  /** The id to resume after; undefined while none was sent. */
  lastEventId: string | undefined;
  /** Milliseconds to wait before coming back, as the server says. */
  retryMs: number | undefined;

  /** @param maxChars of one event */
  constructor(maxChars: number, onEvent: (event: ServerSentEvent) => void) {
    this.#maxChars = maxChars;
    this.#onEvent = onEvent;
  }

  /** @throws SlipwayError `SLIP_SERVER_ANSWER` for an event that is too long */
  push(chunk: string): void {
    if (chunk === '') return;
    let text = chunk;
    if (this.#skipLineFeed && text.startsWith('\n')) text = text.slice(1);
    if (!this.#started && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
    this.#started = true;
    this.#skipLineFeed = text.endsWith('\r');
    const lines = text.split(LINE_END);
    const last = lines.pop() ?? '';
    for (const line of lines) {
      const whole = this.#line + line;
      this.#line = '';
      this.#take(whole);
    }
    this.#line += last;
    if (this.#line.length + this.#dataChars > this.#maxChars) {
      throw new SlipwayError('SLIP_SERVER_ANSWER', { why: `an event has more than ${this.#maxChars} characters` });
    }
  }

  #take(line: string): void {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    // A comment, which keeps the connection alive.
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') {
      this.#data.push(value);
      this.#dataChars += value.length + 1;
    } else if (field === 'event') this.#event = value;
    else if (field === 'id' && !value.includes('\0')) this.#id = value;
    else if (field === 'retry' && /^\d{1,9}$/.test(value)) this.retryMs = Number(value);
  }

  #dispatch(): void {
    const isEmpty = this.#data.length === 0;
    const event = { event: this.#event || 'message', data: this.#data.join('\n') };
    this.#data = [];
    this.#dataChars = 0;
    this.#event = '';
    if (this.#id !== undefined) this.lastEventId = this.#id || undefined;
    this.#id = undefined;
    if (!isEmpty) this.#onEvent(event);
  }
}
