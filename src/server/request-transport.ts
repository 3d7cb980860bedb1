import type { JSONRPCMessage } from '../protocol/json-rpc.ts';
import { isJSONRPCNotification } from '../protocol/json-rpc.ts';
import { SdkError, SdkErrorCode } from '../protocol/sdk-error.ts';
import type { RequestContext } from './context.ts';
import type { Transport } from './transport.ts';

/**
 * What `server.transport` is while a request over HTTP is answered: a way to its client that ends with the answer. It is
 * here for code written for the official SDK, which has one connection per request; new code uses the context.
 */
export class RequestTransport implements Transport {
  readonly sessionId: string | undefined;
  readonly #context: RequestContext;

  constructor(context: RequestContext) {
    this.#context = context;
    this.sessionId = context.sessionId;
  }

  async start(): Promise<void> {}

  /** Sends a notification; rejects for anything else, as requests go through the server and answers through handlers. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (!isJSONRPCNotification(message)) {
      throw new SdkError(SdkErrorCode.NotConnected, 'Only notifications can be sent on the transport of a request');
    }
    const { jsonrpc: _, ...notification } = message;
    await this.#context.mcpReq.notify(notification);
  }

  /** The request ends by itself, with its answer. */
  async close(): Promise<void> {}
}
