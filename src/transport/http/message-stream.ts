/** The stream that an exchange becomes when there is something to tell before the answer. */
import { COMMENT, type EventStream, eventOf } from './responder.ts';

export interface MessageStream {
  /** Sends one JSON-RPC message as text; a promise while the reader does not keep up. */
  message(text: string): void | Promise<void>;
  /** Keeps a silent connection open. */
  comment(): void;
  /** Sends the last messages and ends. */
  end(texts: readonly string[]): void;
}

/** Messages of one connection: what is cut is lost. */
export class ConnectionStream implements MessageStream {
  readonly #events: EventStream;

  constructor(events: EventStream) {
    this.#events = events;
  }

  message(text: string): void | Promise<void> {
    return this.#events.write(eventOf(text));
  }

  comment(): void {
    void this.#events.write(COMMENT);
  }

  end(texts: readonly string[]): void {
    this.#events.end(texts.map(eventOf).join(''));
  }
}
