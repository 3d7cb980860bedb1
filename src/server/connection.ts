/** One client over a transport that passes whole messages: `connect(transport)`. Both eras, by each message's envelope. */
import type { ClientCapabilities } from '../protocol/capability.ts';
import { classify, type LegacyMessage } from '../protocol/classification.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Envelope } from '../protocol/envelope.ts';
import type { Implementation } from '../protocol/implementation.ts';
import {
  INTERNAL_ERROR,
  INVALID_REQUEST,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCErrorResponse,
  type JSONRPCMessage,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type Notification,
  type RequestId,
} from '../protocol/json-rpc.ts';
import { type LoggingLevel, type LoggingMessageNotificationParams, severityOf } from '../protocol/logging.ts';
import type { Progress } from '../protocol/progress.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import { BATCH_REVISION, DEFAULT_NEGOTIATED_PROTOCOL_VERSION, LATEST_PROTOCOL_VERSION } from '../protocol/revision.ts';
import { SdkError, SdkErrorCode } from '../protocol/sdk-error.ts';
import type { ServerEvent } from '../state/event-bus.ts';
import { negotiate } from './built-in-operations.ts';
import { type Call, NO_PARAMS } from './call.ts';
import { ConnectionChanges } from './connection-changes.ts';
import { ConnectionListening } from './connection-listening.ts';
import { ConnectionPeer } from './connection-peer.ts';
import { dispatch } from './dispatch.ts';
import { resultObject } from './encoding.ts';
import { toWireError } from './fault.ts';
import { malformedResponseId } from './malformed-response.ts';
import { legacyRefused } from './modern-only.ts';
import type { Outcome } from './outcome.ts';
import type { Peer, RequestOptions } from './peer.ts';
import { PendingRequests } from './pending-requests.ts';
import type { Server } from './server.ts';
import type { MessageExtraInfo, Transport } from './transport.ts';

const NO_HEADERS = { protocolVersion: undefined, mcpMethod: undefined, mcpName: undefined };
const MAX_SUBSCRIPTIONS = 1024;
/** Messages of one batch. */
const MAX_BATCH = 1_000;

export interface ConnectionOptions {
  /** Open `subscriptions/listen` streams; default 1,024. */
  maxSubscriptions?: number;
  /** Whether clients of the 2025 era are refused; default false. */
  modernOnly?: boolean;
  /** Where changes are heard; default: those that the server of this process announces. */
  changes?: (listener: (event: ServerEvent) => void) => () => void;
  /** Told of each request; what it returns is called once the handler has ended. `abort` takes its answer's place. */
  onRequest?: (id: RequestId, abort: (reason: Error) => void) => () => void;
}

type Extra = MessageExtraInfo | undefined;

function stopping(id: RequestId): JSONRPCErrorResponse {
  const { code, what, fix } = new SlipwayError('SLIP_STOPPING');
  return { jsonrpc: '2.0', id, error: { code: INTERNAL_ERROR, message: `${what}. ${fix}`, data: { code } } };
}

export class Connection {
  readonly transport: Transport;
  readonly #server: Server;
  readonly #ended: () => void;
  readonly #modernOnly: boolean;
  readonly #options: ConnectionOptions;
  readonly #pending = new PendingRequests();
  readonly #listening: ConnectionListening;
  readonly #changes: ConnectionChanges;
  /** The requests that may still be cancelled, by their ids. */
  readonly #running = new Map<RequestId, AbortController>();
  /** Those of them whose response has not been sent. */
  readonly #unanswered = new Set<AbortController>();
  #offChange: (() => void) | undefined;
  #onIdle: (() => void) | undefined;
  #finished: Promise<void> | undefined;
  #isModern = false;
  /** Why nobody answers any more. */
  #deaf: Error | undefined;

  /** What `initialize` settled; undefined before. */
  revision: string | undefined;
  clientCapabilities: ClientCapabilities | undefined;
  clientInfo: Implementation | undefined;
  logLevel: LoggingLevel | undefined;

  /** @param ended called when the transport has closed */
  constructor(server: Server, transport: Transport, ended: () => void, options: ConnectionOptions = {}) {
    this.#server = server;
    this.transport = transport;
    this.#ended = ended;
    this.#options = options;
    this.#modernOnly = options.modernOnly ?? false;
    this.#changes = new ConnectionChanges(server, message => this.#post(message));
    const push = (text: string, id: RequestId) => this.#post(JSON.parse(text) as JSONRPCMessage, id);
    this.#listening = new ConnectionListening(server, push, options.maxSubscriptions ?? MAX_SUBSCRIPTIONS);
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
    transport.oninputend = () => {
      this.#loseClient();
      return this.finish();
    };
    transport.setSupportedProtocolVersions?.([...this.#server.legacyRevisions]);
    const hear = (event: ServerEvent) => this.#announce(event);
    this.#offChange = this.#options.changes?.(hear) ?? this.#server.onChange(hear);
    await transport.start();
  }

  /** Refuses new requests and resolves once those that were begun are answered; streams are completed then. */
  finish(): Promise<void> {
    this.#finished ??= new Promise<void>(resolve => {
      this.#onIdle = resolve;
      if (this.#unanswered.size === 0) resolve();
    }).then(() => this.#listening.closeAll());
    return this.#finished;
  }

  async close(): Promise<void> {
    this.#listening.closeAll();
    await this.transport.close();
  }

  #loseClient(): SdkError {
    const error = new SdkError(SdkErrorCode.ConnectionClosed, 'Connection closed');
    this.#deaf = error;
    this.#pending.failAll(error);
    return error;
  }

  #onClose(): void {
    this.#offChange?.();
    this.#ended();
    const error = this.#loseClient();
    for (const controller of this.#unanswered) controller.abort(error);
    this.#onIdle?.();
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
    if (this.#deaf !== undefined) return Promise.reject(this.#deaf);
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

  subscribe(uri: string): void {
    this.#changes.subscribe(uri);
  }

  unsubscribe(uri: string): void {
    this.#changes.unsubscribe(uri);
  }

  #announce(event: ServerEvent): void {
    this.#listening.deliver(event);
    // A client of the modern era hears what it listens for, and nothing else.
    if (!this.#isModern || this.revision !== undefined) this.#changes.announce(event);
  }

  // From the client ---------------------------------------------------------------------------------------------------

  #onMessage(message: JSONRPCMessage | readonly JSONRPCMessage[], extra: Extra): void {
    const classified = classify(message, NO_HEADERS);
    switch (classified.kind) {
      case 'modern':
        this.#isModern = true;
        return this.#onRequest(classified.message, classified.envelope, extra);
      case 'legacy':
        return this.#onRequest(classified.message, undefined, extra);
      case 'modern-notification':
      case 'legacy-notification':
        return this.#onNotification(classified.message);
      case 'response':
        return this.#onResponse(classified.message);
      case 'batch':
        return this.#onBatch(classified.messages, extra);
      case 'refused':
        if (this.#isSpoiled(message)) return this.#server.reportError(classified.error);
        return this.#refuse(classified.id, classified.error, Array.isArray(message));
    }
  }

  /** @param anyway whether to answer what has no id that could be read; notifications are never answered */
  #refuse(id: RequestId | null, error: ProtocolError, anyway: boolean): void {
    if (id === null) this.#server.reportError(error);
    if (id === null && !anyway) return;
    const { code, message, data } = error;
    const response = { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
    // JSON-RPC answers with a null id, which the type of a response leaves out.
    this.#post(response as JSONRPCErrorResponse);
  }

  #onResponse(message: JSONRPCResponse): void {
    if (this.#pending.settle(message)) return;
    this.#server.reportError(new Error(`Received a response for an unknown message ID: ${JSON.stringify(message)}`));
  }

  /** Whether this was to be the answer to a question of ours, which can not be answered any more then. */
  #isSpoiled(message: unknown): boolean {
    const id = malformedResponseId(message);
    return id !== undefined && this.#pending.spoil(id);
  }

  #onNotification(notification: JSONRPCNotification): void {
    const params = notification.params as
      | { requestId?: RequestId; reason?: string; progressToken?: unknown }
      | undefined;
    if (notification.method === 'notifications/cancelled' && params?.requestId !== undefined) {
      const controller = this.#running.get(params.requestId);
      controller?.abort(params.reason);
      // It is never answered, so nobody waits for it.
      if (controller !== undefined) this.#settle(controller);
      this.#listening.cancel(params.requestId);
    } else if (notification.method === 'notifications/progress') {
      this.#pending.progress(params?.progressToken, params as unknown as Progress);
    }
    this.#server.receive(notification);
  }

  #onRequest(message: JSONRPCRequest, envelope: Envelope | undefined, extra: Extra): void {
    const controller = new AbortController();
    const ended = this.#options.onRequest?.(message.id, reason => controller.abort(reason));
    this.#answer(message, envelope, controller, extra).then(response => {
      if (response !== undefined) this.#respond([response]);
      this.#settle(controller);
      ended?.();
    });
  }

  /** One array with the response of each request, as JSON-RPC has it. MCP 2025-03-26, basic, "Batching". */
  #onBatch(messages: readonly LegacyMessage[], extra: Extra): void {
    const refused = (why: string) =>
      this.#refuse(null, new ProtocolError(INVALID_REQUEST, `Invalid Request: ${why}`), true);
    if (this.#modernOnly) return refused('batches are not served here');
    const { revision = BATCH_REVISION } = this;
    if (revision !== BATCH_REVISION) return refused(`revision ${revision} has no batches`);
    if (messages.length > MAX_BATCH) return refused(`the batch has more than ${MAX_BATCH} messages`);
    const controllers: AbortController[] = [];
    const answers: Promise<JSONRPCResponse | undefined>[] = [];
    for (const message of messages) {
      if (isJSONRPCRequest(message)) {
        const controller = new AbortController();
        controllers.push(controller);
        answers.push(this.#answer(message, undefined, controller, extra));
      } else if (isJSONRPCResponse(message)) this.#onResponse(message);
      else this.#onNotification(message);
    }
    Promise.all(answers).then(answered => {
      const responses = answered.filter(response => response !== undefined);
      if (responses.length > 0) this.#respond(responses, true);
      for (const controller of controllers) this.#settle(controller);
    });
  }

  #settle(controller: AbortController): void {
    if (this.#unanswered.delete(controller) && this.#unanswered.size === 0) this.#onIdle?.();
  }

  #respond(responses: readonly JSONRPCResponse[], asBatch = false): void {
    const send = (messages: readonly JSONRPCResponse[]): Promise<unknown> =>
      asBatch && this.transport.sendBatch !== undefined
        ? this.transport.sendBatch(messages)
        : Promise.all(messages.map(message => this.#send(message)));
    send(responses)
      .catch(error => {
        // Without a code it is no failure of the channel: the result could not be written as JSON.
        if ((error as { code?: unknown }).code !== undefined) throw error;
        const failed = toWireError(error, LATEST_PROTOCOL_VERSION, this.#server.logger, { transport: 'connect' });
        return send(responses.map(({ id }) => ({ jsonrpc: '2.0', ...(id !== undefined && { id }), error: failed })));
      })
      .catch(error => this.#server.reportError(error as Error));
  }

  /** The response to a request; undefined when it was cancelled, or has become a subscription. Never rejects. */
  async #answer(
    message: JSONRPCRequest,
    envelope: Envelope | undefined,
    controller: AbortController,
    extra: Extra,
  ): Promise<JSONRPCResponse | undefined> {
    const { id, method } = message;
    if (this.#finished !== undefined) return stopping(id);
    const params = message.params ?? NO_PARAMS;
    if (method === 'initialize' && envelope === undefined && !this.#modernOnly) this.#remember(params);
    const revision = envelope?.revision ?? this.revision ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
    const call: Call = { id, method, params, revision, envelope };
    this.#running.set(id, controller);
    this.#unanswered.add(controller);
    const peer = new ConnectionPeer(this, id, controller.signal, extra);
    let response: JSONRPCResponse | undefined;
    try {
      const outcome = await this.#perform(call, peer);
      response = outcome && { jsonrpc: '2.0', id, result: resultObject(this.#server.stamp, call, outcome) };
    } catch (error) {
      const about = { method, transport: 'connect' };
      response = { jsonrpc: '2.0', id, error: toWireError(error, revision, this.#server.logger, about) };
    }
    peer.answered();
    if (this.#running.get(id) === controller) this.#running.delete(id);
    if (controller.signal.aborted) return undefined;
    if (method === 'initialize' && this.revision !== undefined) this.transport.setProtocolVersion?.(this.revision);
    return response;
  }

  #perform(call: Call, peer: Peer): Outcome | undefined | Promise<Outcome | undefined> {
    if (call.envelope === undefined && this.#modernOnly) throw legacyRefused(call.params['protocolVersion']);
    if (call.method === 'subscriptions/listen' && call.envelope !== undefined) return this.#listening.open(call, peer);
    return dispatch(this.#server, call, peer);
  }

  #remember(params: Readonly<Record<string, unknown>>): void {
    this.revision = negotiate(this.#server, params['protocolVersion']);
    this.clientCapabilities = params['capabilities'] as ClientCapabilities;
    this.clientInfo = params['clientInfo'] as Implementation;
  }
}
