/** What a server sends: answers, notifications and, in the older era, questions. */
import { SlipwayError } from '../protocol/coded-error.ts';
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
} from '../protocol/json-rpc.ts';
import type { Progress } from '../protocol/progress.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { ClientOptions } from './client-options.ts';
import type { OutgoingRequests } from './outgoing-requests.ts';
import { answer, refusalOf } from './server-questions.ts';

export interface IncomingHooks {
  /** Sends the answer to a question. */
  reply(response: JSONRPCMessage): Promise<void>;
  report(error: Error): void;
}

export class IncomingMessages {
  readonly #options: ClientOptions;
  readonly #outgoing: OutgoingRequests;
  readonly #hooks: IncomingHooks;
  /** The questions that are being answered, by the id that the server gave them. */
  readonly #asked = new Map<unknown, AbortController>();

  constructor(options: ClientOptions, outgoing: OutgoingRequests, hooks: IncomingHooks) {
    this.#options = options;
    this.#outgoing = outgoing;
    this.#hooks = hooks;
  }

  /** Never throws. */
  take(message: JSONRPCMessage | readonly JSONRPCMessage[]): void {
    if (Array.isArray(message)) for (const one of message) this.take(one as JSONRPCMessage);
    else if (isJSONRPCResponse(message)) this.#outgoing.settle(message);
    else if (isJSONRPCRequest(message)) void this.#onRequest(message);
    else if (isJSONRPCNotification(message)) this.#onNotification(message);
    else if (!this.#outgoing.spoil(message)) {
      this.#hooks.report(new SlipwayError('SLIP_SERVER_ANSWER', { why: 'it is no JSON-RPC message' }));
    }
  }

  /** Nobody waits for answers any more. */
  abort(reason: Error): void {
    for (const controller of this.#asked.values()) controller.abort(reason);
  }

  #onNotification(notification: JSONRPCNotification): void {
    const { method, params } = notification;
    try {
      if (method === 'notifications/progress') {
        const { progressToken, _meta, ...progress } = params ?? {};
        return this.#outgoing.progress(progressToken, progress as unknown as Progress);
      }
      if (method === 'notifications/cancelled') this.#asked.get(params?.['requestId'])?.abort(params?.['reason']);
      this.#options.onnotification?.(notification);
    } catch (error) {
      this.#hooks.report(error as Error);
    }
  }

  async #onRequest({ id, method, params }: JSONRPCRequest): Promise<void> {
    const controller = new AbortController();
    this.#asked.set(id, controller);
    const release = this.#outgoing.hold();
    let response: JSONRPCMessage;
    try {
      const result = method === 'ping' ? {} : await answer({ method, params }, this.#options, controller.signal);
      response = { jsonrpc: '2.0', id, result };
    } catch (error) {
      if (!(error instanceof ProtocolError)) this.#hooks.report(error as Error);
      response = { jsonrpc: '2.0', id, error: refusalOf(method, error) };
    } finally {
      release();
      this.#asked.delete(id);
    }
    if (controller.signal.aborted) return;
    try {
      await this.#hooks.reply(response);
    } catch (error) {
      this.#hooks.report(error as Error);
    }
  }
}
