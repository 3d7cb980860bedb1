/** A connection that reads a stream of the session floor: messages become events with ids. */
import type { StreamReader } from '../../session/stream-reader.ts';
import { COMMENT, type EventStream, eventOf, type Responder } from './responder.ts';

/** The first revision whose clients know an event that carries an id and nothing else (SEP-1699). */
const FIRST_WITH_PRIMING = '2025-11-25';

export function knowsPriming(revision: string): boolean {
  return revision >= FIRST_WITH_PRIMING;
}

export class EventReader implements StreamReader {
  readonly #responder: Responder;
  readonly #revision: string;
  readonly #retryMs: () => number;
  #events: EventStream | undefined;
  #ended = false;
  /** Called when the stream is ended from here. */
  onEnd: (() => void) | undefined;

  /** @param retryMs asked when it is told: when a client whose stream has ended comes back, in ms */
  constructor(responder: Responder, revision: string, retryMs: () => number) {
    this.#responder = responder;
    this.#revision = revision;
    this.#retryMs = retryMs;
  }

  /** Sends the head of the response: from here on it is a stream. */
  open(): void {
    this.#events ??= this.#responder.stream();
  }

  /** Whether the head has been sent. */
  get begun(): boolean {
    return this.#events !== undefined;
  }

  get gone(): boolean {
    return this.#ended || this.#responder.gone;
  }

  event(id: string | undefined, message: string): void | Promise<void> {
    if (this.#ended) return;
    this.open();
    if (message !== '')
      return this.#events!.write(id === undefined ? eventOf(message) : `id: ${id}\n${eventOf(message)}`);
    if (id === undefined || !knowsPriming(this.#revision)) return;
    return this.#events!.write(`id: ${id}\nretry: ${this.#retryMs()}\ndata: \n\n`);
  }

  comment(): void {
    if (!this.#ended) void this.#events?.write(COMMENT);
  }

  end(more: boolean): void {
    if (this.#ended) return;
    this.open();
    this.#ended = true;
    this.#events!.end(more ? `retry: ${this.#retryMs()}\n\n` : undefined);
    this.onEnd?.();
  }
}
