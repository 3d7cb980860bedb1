import type { JSONRPCMessage } from '../../protocol/json-rpc.ts';
import type { MessageExtraInfo, Transport, TransportSendOptions } from '../../server/transport.ts';

/**
 * What the server of one era sees of a connection that may serve both: it sends through to the wire and receives what is
 * handed to it. Closing it ends the whole connection.
 */
export class EraChannel implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  oninputend?: () => Promise<void>;
  readonly sendBatch?: (messages: readonly JSONRPCMessage[]) => Promise<void>;
  readonly #wire: Transport;

  constructor(wire: Transport) {
    this.#wire = wire;
    const { sendBatch } = wire;
    if (sendBatch !== undefined) this.sendBatch = messages => sendBatch.call(wire, messages);
  }

  /** Nothing: the wire has begun. */
  async start(): Promise<void> {}

  send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    return this.#wire.send(message, options);
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  get sessionId(): string | undefined {
    return this.#wire.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#wire.setProtocolVersion?.(version);
  }
}
