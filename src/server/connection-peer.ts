import type { AuthInfo } from '../protocol/auth-info.ts';
import type { ClientCapabilities } from '../protocol/capability.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { RequestId } from '../protocol/json-rpc.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import type { Notification } from '../protocol/notification.ts';
import type { Connection } from './connection.ts';
import { AFTER_THE_ANSWER } from './method-rules.ts';
import type { HttpFacts, Peer, RequestOptions } from './peer.ts';
import type { MessageExtraInfo } from './transport.ts';

/** The client of one request over a connection. */
export class ConnectionPeer implements Peer {
  readonly signal: AbortSignal;
  readonly http: HttpFacts | undefined;
  readonly authInfo: AuthInfo | undefined;
  readonly #connection: Connection;
  readonly #id: RequestId;
  #answered = false;

  constructor(connection: Connection, id: RequestId, signal: AbortSignal, extra: MessageExtraInfo | undefined) {
    this.#connection = connection;
    this.#id = id;
    this.signal = signal;
    this.authInfo = extra?.authInfo;
    if (extra?.authInfo !== undefined || extra?.request !== undefined) {
      this.http = {
        ...(extra.authInfo && { authInfo: extra.authInfo }),
        ...(extra.request && { req: extra.request }),
        ...(extra.closeSSEStream && { closeSSE: extra.closeSSEStream }),
        ...(extra.closeStandaloneSSEStream && { closeStandaloneSSE: extra.closeStandaloneSSEStream }),
        header: name => extra.request?.headers.get(name) ?? undefined,
        remoteAddress: undefined,
      };
    }
  }

  get sessionId(): string | undefined {
    return this.#connection.transport.sessionId;
  }

  get clientCapabilities(): ClientCapabilities | undefined {
    return this.#connection.clientCapabilities;
  }

  get clientInfo(): Implementation | undefined {
    return this.#connection.clientInfo;
  }

  get logLevel(): LoggingLevel | undefined {
    return this.#connection.logLevel;
  }

  setLogLevel(level: LoggingLevel): void {
    this.#connection.logLevel = level;
  }

  subscribe(uri: string): void {
    this.#connection.subscribe(uri);
  }

  unsubscribe(uri: string): void {
    this.#connection.unsubscribe(uri);
  }

  /** The response is on its way: nothing about the request may follow it. */
  answered(): void {
    this.#answered = true;
  }

  async notify(notification: Notification): Promise<void> {
    if (this.signal.aborted) return;
    if (this.#answered) {
      if (AFTER_THE_ANSWER.has(notification.method)) await this.#connection.tell(notification);
      return;
    }
    await this.#connection.tell(notification, { relatedRequestId: this.#id });
  }

  request(method: string, params: unknown, options?: RequestOptions): Promise<unknown> {
    // Who cancels the request no longer waits for what it asks.
    const signal = options?.signal === undefined ? this.signal : AbortSignal.any([options.signal, this.signal]);
    return this.#connection.ask(method, params, { relatedRequestId: this.#id, ...options, signal });
  }
}
