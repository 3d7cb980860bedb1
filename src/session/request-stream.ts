/**
 * The stream of one POST while it is being answered: every message is kept before it is sent, so that a client which
 * loses its connection goes on reading on another one, in whichever process.
 */
import type { EventStore } from '../state/event-store.ts';
import type { StreamReader } from './stream-reader.ts';

export interface RequestStreamParts {
  readonly name: string;
  readonly store: EventStore;
  /** The event id of a sequence number. */
  readonly idOf: (seq: number) => string;
  /** Told once when the store fails this stream. */
  readonly onLost: (error: unknown) => void;
  /** Told once when the last message is on its way. */
  readonly onEnd: () => void;
  /** The last message for who comes back to a stream that the store has failed. */
  readonly lossNotice: () => string;
}

export class RequestStream {
  readonly #parts: RequestStreamParts;
  #reader: StreamReader | undefined;
  #seq = 0;
  /** The last event that the store has kept, and whether it was the end. */
  #kept = 0;
  #endKept = false;
  /** The last event whose turn to be sent has not come: the store answers later. */
  #last: Promise<void> | undefined;
  /** The store has failed this stream: what follows has no ids, and nobody can resume it. */
  #lost = false;
  #ended = false;

  constructor(parts: RequestStreamParts, reader: StreamReader) {
    this.#parts = parts;
    this.#reader = reader;
  }

  get name(): string {
    return this.#parts.name;
  }

  get lost(): boolean {
    return this.#lost;
  }

  /** Ends the connection, not the stream: the client goes on elsewhere, or comes back for the rest if `more` tells it so. */
  detach(more: boolean): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.end(more);
  }

  /** Ends the connection once what was sent so far has left; the client comes back for the rest. */
  hangUp(): void {
    if (this.#last === undefined) this.detach(true);
    else void this.#last.then(() => this.detach(true));
  }

  /** Sends an event that only tells the client from where it may resume. */
  prime(): void | Promise<void> {
    return this.#add('', false);
  }

  /** A promise while the store or the reader needs time; whoever does not wait for it keeps the order all the same. */
  send(message: string): void | Promise<void> {
    return this.#add(message, false);
  }

  /** Sends the last messages and ends the connection. */
  end(messages: readonly string[]): void {
    for (const [index, message] of messages.entries()) void this.#add(message, index === messages.length - 1);
    this.#ended = true;
    const done = () => {
      if (this.#lost && !this.#endKept) this.#leaveNotice();
      this.#parts.onEnd();
      this.detach(false);
    };
    if (this.#last === undefined) done();
    else void this.#last.then(done);
  }

  #add(message: string, ended: boolean): void | Promise<void> {
    // A handler may tell something, or give a question up, after its answer.
    if (this.#ended) return;
    const stored = this.#lost ? false : this.#store(message, ended);
    if (this.#last === undefined && !(stored instanceof Promise)) {
      return this.#deliver(stored ? this.#seq : undefined, message);
    }
    const seq = this.#seq;
    let sent: void | Promise<void>;
    const turn = (this.#last ?? Promise.resolve())
      .then(() => stored)
      .then(kept => {
        sent = this.#deliver(kept ? seq : undefined, message);
      });
    this.#last = turn;
    return turn.then(() => {
      if (this.#last === turn) this.#last = undefined;
      return sent;
    });
  }

  /** Whether what is sent reaches somebody: a reader now, or one who comes back. */
  get audible(): boolean {
    return !this.#lost || this.#reader?.gone === false;
  }

  /** Whether it is kept. */
  #store(message: string, ended: boolean): boolean | Promise<boolean> {
    const seq = ++this.#seq;
    const keep = (): true => {
      this.#kept = seq;
      this.#endKept = ended;
      return true;
    };
    const fail = (error: unknown): false => {
      if (!this.#lost) {
        this.#lost = true;
        this.#parts.onLost(error);
      }
      return false;
    };
    try {
      const stored = this.#parts.store.append(this.#parts.name, seq, message, ended);
      return stored instanceof Promise ? stored.then(keep, fail) : keep();
    } catch (error) {
      return fail(error);
    }
  }

  #deliver(seq: number | undefined, message: string): void | Promise<void> {
    const reader = this.#reader;
    if (reader === undefined || reader.gone) return;
    if (seq !== undefined) return reader.event(this.#parts.idOf(seq), message);
    // An empty event says nothing without its id.
    if (message !== '') return reader.event(undefined, message);
  }

  /**
   * If the store has recovered: an end with a reason, for who comes back with the last id that it knows. Behind everything
   * that was kept: what followed an event that was not may have been.
   */
  #leaveNotice(): void {
    const { store, name, lossNotice } = this.#parts;
    try {
      const left = store.append(name, this.#kept + 1, lossNotice(), true);
      if (left instanceof Promise) left.catch(() => {});
    } catch {
      // Then it is the process's end that tells.
    }
  }
}
