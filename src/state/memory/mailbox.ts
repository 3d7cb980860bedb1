import { callSafely } from '../listeners.ts';
import type { Mailbox } from '../mailbox.ts';

/** Letters within one process: handed over at once, never kept. */
export class MemoryMailbox implements Mailbox {
  readonly #receivers = new Map<string, (letter: string) => void>();

  open(address: string, receive: (letter: string) => void): () => void {
    this.#receivers.set(address, receive);
    return () => {
      if (this.#receivers.get(address) === receive) this.#receivers.delete(address);
    };
  }

  deliver(address: string, letter: string): boolean {
    const receive = this.#receivers.get(address);
    if (receive === undefined) return false;
    callSafely(receive, letter);
    return true;
  }
}
