import type { Message } from './session-client.ts';
import type { Received } from './sse-connection.ts';

const PATIENCE_MS = 10_000;

/** A stream that is read in the background: what has come so far, and waiting for what is to come. */
export class StreamTail {
  readonly messages: Message[] = [];
  readonly ids: string[] = [];
  readonly status: number;
  readonly #received: Received;
  #looked = 0;
  #done = false;
  #left = false;
  #cut = false;
  #wake: (() => void)[] = [];

  constructor(received: Received) {
    this.status = received.status;
    this.#received = received;
    void this.#read();
  }

  /** The next message that it holds for, after the last that was waited for. */
  async until(holds: (message: Message) => boolean, withinMs = PATIENCE_MS): Promise<Message> {
    const end = performance.now() + withinMs;
    for (;;) {
      while (this.#looked < this.messages.length) {
        const message = this.messages[this.#looked++];
        if (holds(message)) return message;
      }
      if (this.#done) throw new Error(`the stream (status ${this.status}) ended with ${this.#last}`);
      await this.#change(end, `no such message within ${withinMs} ms; the last one is ${this.#last}`);
    }
  }

  /** Waits until the server has ended it in good order. */
  async ended(withinMs: number): Promise<void> {
    const end = performance.now() + withinMs;
    while (!this.#done)
      await this.#change(end, `it has not ended within ${withinMs} ms; the last one is ${this.#last}`);
    if (this.#cut) throw new Error('it did not end, it was cut');
  }

  /** Cuts the connection from here. */
  leave(): void {
    this.#left = true;
    this.#received.leave();
  }

  get #last(): string {
    return JSON.stringify(this.messages.at(-1) ?? 'nothing').slice(0, 300);
  }

  async #read(): Promise<void> {
    try {
      for await (const { id, data } of this.#received.events()) {
        if (this.#left) break;
        if (id !== undefined) this.ids.push(id);
        if (data !== '') this.messages.push(JSON.parse(data));
        this.#tell();
      }
    } catch {
      this.#cut = true;
    }
    this.#done = true;
    this.#tell();
  }

  #tell(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  async #change(end: number, otherwise: string): Promise<void> {
    const left = end - performance.now();
    if (left <= 0) throw new Error(otherwise);
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, left);
      this.#wake.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
