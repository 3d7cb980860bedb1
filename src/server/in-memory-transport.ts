import type { AuthInfo } from '../protocol/auth-info.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { JSONRPCMessage } from '../protocol/json-rpc.ts';
import type { MessageExtraInfo, Transport, TransportSendOptions } from './transport.ts';

interface QueuedMessage {
  readonly message: JSONRPCMessage;
  readonly extra: MessageExtraInfo;
}

/**
 * Connects a client and a server within one process, for tests and embedding. Messages pass as they are, not copied;
 * what arrives before the other end listens waits in order.
 *
 * @example
 * const [clientTransport, serverTransport] = InMemoryTransport.createLinkedPair();
 * await Promise.all([server.connect(serverTransport), client.connect(clientTransport)]);
 */
export class InMemoryTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  sessionId?: string;

  #other: InMemoryTransport | undefined;
  #closed = false;
  readonly #queue: QueuedMessage[] = [];

  /** Two transports, each of which receives what the other sends. */
  static createLinkedPair(): [InMemoryTransport, InMemoryTransport] {
    const one = new InMemoryTransport();
    const other = new InMemoryTransport();
    one.#other = other;
    other.#other = one;
    return [one, other];
  }

  /** Delivers what arrived so far. */
  async start(): Promise<void> {
    this.#drain();
  }

  /** Closes both ends. A second call does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue.length = 0;
    const other = this.#other;
    this.#other = undefined;
    try {
      await other?.close();
    } finally {
      this.onclose?.();
    }
  }

  /**
   * Delivers one message to the other end.
   *
   * @param options `authInfo` plays the part of an authenticating transport.
   * @throws SlipwayError `SLIP_NOT_CONNECTED` when not linked or closed.
   */
  async send(message: JSONRPCMessage, options?: TransportSendOptions & { authInfo?: AuthInfo }): Promise<void> {
    const other = this.#other;
    if (other === undefined) throw new SlipwayError('SLIP_NOT_CONNECTED', { action: 'nothing can be sent' });
    other.#receive({ message, extra: { authInfo: options?.authInfo } });
  }

  #receive(arrived: QueuedMessage): void {
    this.#queue.push(arrived);
    // While earlier messages wait for start(), later ones do not overtake them.
    if (this.#queue.length === 1 && this.onmessage !== undefined) this.#drain();
  }

  #drain(): void {
    while (this.onmessage !== undefined) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.onmessage(next.message, next.extra);
    }
  }
}
