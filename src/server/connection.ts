/** One client over a transport that passes whole messages: `connect(transport)`. Both eras, by each message's envelope. */
import type { AuthInfo } from '../protocol/auth-info.ts';
import type { ClientCapabilities } from '../protocol/capability.ts';
import { classify, type LegacyMessage } from '../protocol/classification.ts';
import type { Envelope } from '../protocol/envelope.ts';
import type { Implementation } from '../protocol/implementation.ts';
import {
  INVALID_PARAMS,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type Notification,
  type RequestId,
} from '../protocol/json-rpc.ts';
import { type LoggingLevel, type LoggingMessageNotificationParams, severityOf } from '../protocol/logging.ts';
import type { Progress } from '../protocol/progress.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { DEFAULT_NEGOTIATED_PROTOCOL_VERSION } from '../protocol/revision.ts';
import { SdkError, SdkErrorCode } from '../protocol/sdk-error.ts';
import type { SubscriptionFilter } from '../protocol/subscription.ts';
import type { ServerEvent } from '../state/event-bus.ts';
import { negotiate } from './built-in-operations.ts';
import { type Call, NO_PARAMS } from './call.ts';
import { dispatch } from './dispatch.ts';
import { resultObject } from './encoding.ts';
import { toWireError } from './fault.ts';
import { paramsFault } from './params.ts';
import type { HttpFacts, Peer, RequestOptions } from './peer.ts';
import { PendingRequests } from './pending-requests.ts';
import type { Server } from './server.ts';
import { CHANGE_METHODS, Subscriptions } from './subscriptions.ts';
import type { MessageExtraInfo, Transport } from './transport.ts';

const NO_HEADERS = { protocolVersion: undefined, mcpMethod: undefined, mcpName: undefined };
const MAX_SUBSCRIPTIONS = 1024;

export class Connection {
  readonly transport: Transport;
  readonly #server: Server;
  readonly #ended: () => void;
  readonly #pending = new PendingRequests();
  readonly #subscriptions = new Subscriptions(MAX_SUBSCRIPTIONS);
  readonly #running = new Map<RequestId, AbortController>();
  readonly #forget = new Map<RequestId, () => void>();
  readonly #debounced = new Set<string>();
  #offChange: (() => void) | undefined;

  /** What `initialize` settled; undefined before. */
  revision: string | undefined;
  clientCapabilities: ClientCapabilities | undefined;
  clientInfo: Implementation | undefined;
  logLevel: LoggingLevel | undefined;

  constructor(server: Server, transport: Transport, ended: () => void) {
    this.#server = server;
    this.transport = transport;
    this.#ended = ended;
  }

  async start(): Promise<void> {
    const { transport } = this;
    const { onclose, onerror, onmessage } = transport;
    transport.onclose = () => {
      onclose?.call(transport);
      this.#onClose();
    };
    transport.onerror = error => {
      onerror?.call(transport, error);
      this.#server.reportError(error);
    };
    transport.onmessage = (message, extra) => {
      onmessage?.call(transport, message, extra);
      this.#onMessage(message, extra);
    };
    transport.setSupportedProtocolVersions?.([...this.#server.legacyRevisions]);
    this.#offChange = this.#server.onChange(event => this.#announce(event));
    await transport.start();
  }

  async close(): Promise<void> {
    this.#subscriptions.closeAll(this.#server.info);
    await this.transport.close();
  }

  #onClose(): void {
    this.#offChange?.();
    this.#ended();
    const error = new SdkError(SdkErrorCode.ConnectionClosed, 'Connection closed');
    this.#pending.failAll(error);
    for (const controller of this.#running.values()) controller.abort(error);
  }

  #send(message: JSONRPCMessage, relatedRequestId?: RequestId): Promise<void> {
    return this.transport.send(message, relatedRequestId === undefined ? undefined : { relatedRequestId });
  }

  /** Sends without anybody waiting; a failure is reported. */
  #post(message: JSONRPCMessage, relatedRequestId?: RequestId): void {
    this.#send(message, relatedRequestId).catch(error => this.#server.reportError(error as Error));
  }

  // Towards the client ------------------------------------------------------------------------------------------------

  ask(method: string, params: unknown, options?: RequestOptions): Promise<unknown> {
    return this.#pending.ask(
      params,
      options,
      (id, sent) =>
        this.#send(
          { jsonrpc: '2.0', id, method, ...(sent !== undefined && { params: sent as Record<string, unknown> }) },
          options?.relatedRequestId,
        ),
      (requestId, reason) =>
        this.#post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId, reason } }),
    );
  }

  async tell(notification: Notification, options?: { relatedRequestId?: RequestId }): Promise<void> {
    await this.#send({ jsonrpc: '2.0', ...notification }, options?.relatedRequestId);
  }

  async log(params: LoggingMessageNotificationParams): Promise<void> {
    if (this.#server.capabilities.logging === undefined) return;
    if (this.logLevel !== undefined && severityOf(params.level) < severityOf(this.logLevel)) return;
    await this.tell({ method: 'notifications/message', params });
  }

  #announce(event: ServerEvent): void {
    this.#subscriptions.deliver(event);
    if (this.#subscriptions.size > 0 && this.revision === undefined) return;
    const method = CHANGE_METHODS[event.kind];
    const params = event.kind === 'resource_updated' ? { uri: event.uri } : undefined;
    const message: JSONRPCNotification = { jsonrpc: '2.0', method, ...(params && { params }) };
    if (params === undefined && this.#server.options.debouncedNotificationMethods?.includes(method)) {
      if (this.#debounced.has(method)) return;
      this.#debounced.add(method);
      queueMicrotask(() => {
        this.#debounced.delete(method);
        this.#post(message);
      });
      return;
    }
    this.#post(message);
  }

  // From the client ---------------------------------------------------------------------------------------------------

  #onMessage(message: JSONRPCMessage, extra: MessageExtraInfo | undefined): void {
    const classified = classify(message, NO_HEADERS);
    switch (classified.kind) {
      case 'modern':
        return this.#onRequest(classified.message, classified.envelope, extra);
      case 'legacy':
        return this.#onRequest(classified.message, undefined, extra);
      case 'modern-notification':
      case 'legacy-notification':
        return this.#onNotification(classified.message);
      case 'response':
        this.#onResponse(classified.message);
        return;
      case 'batch':
        for (const one of classified.messages as LegacyMessage[]) this.#onMessage(one, extra);
        return;
      case 'refused': {
        const { code, message: text, data } = classified.error;
        const error = data === undefined ? { code, message: text } : { code, message: text, data };
        if (classified.id === null) this.#server.reportError(classified.error);
        else this.#post({ jsonrpc: '2.0', id: classified.id, error });
      }
    }
  }

  #onResponse(message: Parameters<PendingRequests['settle']>[0]): void {
    if (this.#pending.settle(message)) return;
    this.#server.reportError(new Error(`Received a response for an unknown message ID: ${JSON.stringify(message)}`));
  }

  #onNotification(notification: JSONRPCNotification): void {
    const params = notification.params as
      | { requestId?: RequestId; reason?: string; progressToken?: unknown }
      | undefined;
    if (notification.method === 'notifications/cancelled' && params?.requestId !== undefined) {
      this.#running.get(params.requestId)?.abort(params.reason);
      this.#forget.get(params.requestId)?.();
    } else if (notification.method === 'notifications/progress') {
      this.#pending.progress(params?.progressToken, params as unknown as Progress);
    }
    this.#server.receive(notification);
  }

  #onRequest(message: JSONRPCRequest, envelope: Envelope | undefined, extra: MessageExtraInfo | undefined): void {
    const { id, method } = message;
    const params = message.params ?? NO_PARAMS;
    if (method === 'initialize' && envelope === undefined) this.#remember(params);
    const revision = envelope?.revision ?? this.revision ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
    const call: Call = { id, method, params, revision, envelope };
    const controller = new AbortController();
    this.#running.set(id, controller);
    const peer = new ConnectionPeer(this, id, controller.signal, extra);
    const run = async () => {
      if (method === 'subscriptions/listen' && envelope !== undefined) return this.#listen(call);
      const outcome = await dispatch(this.#server, call, peer);
      return { jsonrpc: '2.0' as const, id, result: resultObject(this.#server.stamp, call, outcome) };
    };
    run()
      .catch(error => {
        const about = { method, transport: 'connect' };
        return { jsonrpc: '2.0' as const, id, error: toWireError(error, revision, this.#server.logger, about) };
      })
      .then(response => {
        if (this.#running.get(id) === controller) this.#running.delete(id);
        if (response === undefined || controller.signal.aborted) return;
        if (method === 'initialize' && this.revision !== undefined) this.transport.setProtocolVersion?.(this.revision);
        this.#post(response);
      });
  }

  #remember(params: Readonly<Record<string, unknown>>): void {
    this.revision = negotiate(this.#server, params['protocolVersion']);
    this.clientCapabilities = params['capabilities'] as ClientCapabilities;
    this.clientInfo = params['clientInfo'] as Implementation;
  }

  #listen(call: Call): undefined {
    const fault = paramsFault(call.method, call.params);
    if (fault !== undefined) throw new ProtocolError(INVALID_PARAMS, `Invalid params: ${fault}`);
    this.#subscriptions.assertRoom();
    const push = (text: string) => this.#post(JSON.parse(text) as JSONRPCMessage, call.id);
    const wanted = (call.params['notifications'] ?? {}) as SubscriptionFilter;
    const forget = this.#subscriptions.open(call.id, wanted, this.#server, { push, end: push });
    this.#forget.set(call.id, () => {
      forget();
      this.#forget.delete(call.id);
    });
    return undefined;
  }
}

/** The client of one request over a connection. */
class ConnectionPeer implements Peer {
  readonly signal: AbortSignal;
  readonly http: HttpFacts | undefined;
  readonly authInfo: AuthInfo | undefined;
  readonly #connection: Connection;
  readonly #id: RequestId;

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

  async notify(notification: Notification): Promise<void> {
    if (this.signal.aborted) return;
    await this.#connection.tell(notification, { relatedRequestId: this.#id });
  }

  request(method: string, params: unknown, options?: RequestOptions): Promise<unknown> {
    return this.#connection.ask(method, params, { relatedRequestId: this.#id, ...options });
  }
}
