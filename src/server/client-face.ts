/**
 * The part of the official SDK's `Server` that speaks to the client without a context: it finds the request that is
 * being answered, or the connection made by `connect()`. New code uses the context instead.
 */
import type { ClientCapabilities } from '../protocol/capability.ts';
import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '../protocol/elicitation.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { LoggingMessageNotificationParams } from '../protocol/logging.ts';
import type { RequestMethod, ResultTypeMap } from '../protocol/method.ts';
import type { Notification, ResourceUpdatedNotificationParams } from '../protocol/notification.ts';
import type { EmptyResult } from '../protocol/result.ts';
import type { ListRootsResult } from '../protocol/roots.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageRequestParamsWithTools,
  CreateMessageResult,
  CreateMessageResultWithTools,
} from '../protocol/sampling.ts';
import { SdkError, SdkErrorCode } from '../protocol/sdk-error.ts';
import type { StandardSchemaV1 } from '../schema/standard-schema.ts';
import type { ServerEvent } from '../state/event-bus.ts';
import { type Asker, askerOf, elicitInput, listRoots, ping, requestSampling, send } from './client-request.ts';
import type { Connection } from './connection.ts';
import type { RequestContext } from './context.ts';
import { currentRequest } from './current-request.ts';
import type { RequestOptions } from './peer.ts';
import { RequestTransport } from './request-transport.ts';
import type { Server } from './server.ts';
import type { Transport } from './transport.ts';

/** Change notifications reach every listener; anything else belongs to one request or one connection. */
function eventOf(notification: Notification): ServerEvent | undefined {
  switch (notification.method) {
    case 'notifications/tools/list_changed':
      return { kind: 'tools_list_changed' };
    case 'notifications/prompts/list_changed':
      return { kind: 'prompts_list_changed' };
    case 'notifications/resources/list_changed':
      return { kind: 'resources_list_changed' };
    case 'notifications/resources/updated':
      return { kind: 'resource_updated', uri: String(notification.params?.['uri'] ?? '') };
    default:
      return undefined;
  }
}

export abstract class ClientFace {
  abstract get connection(): Connection | undefined;
  abstract announce(event: ServerEvent): void;
  abstract broadcast(params: LoggingMessageNotificationParams, sessionId: string | undefined): void;
  abstract ownContext(context: RequestContext | undefined): RequestContext | undefined;

  get #context(): RequestContext | undefined {
    return this.ownContext(currentRequest());
  }

  /** A transport to the client of the request that is being answered right here. */
  protected get requestTransport(): Transport | undefined {
    const context = this.#context;
    return context && new RequestTransport(context);
  }

  get #asker(): Asker {
    const context = this.#context;
    if (context !== undefined) return askerOf(context);
    const connection = this.connection;
    if (connection === undefined) throw new SdkError(SdkErrorCode.NotConnected, 'Not connected');
    return {
      server: this as unknown as Server,
      revision: connection.revision,
      clientCapabilities: connection.clientCapabilities,
      request: (method, params, options) => connection.ask(method, params, options),
    };
  }

  /** What the client of the current request, or of the connection, declared. */
  getClientCapabilities(): ClientCapabilities | undefined {
    return this.#context?.clientCapabilities ?? this.connection?.clientCapabilities;
  }

  getClientVersion(): Implementation | undefined {
    return this.#context?.mcpReq.clientInfo ?? this.connection?.clientInfo;
  }

  /**
   * The revision that was agreed on: per request in the modern era, by `initialize` before; undefined for a 2025-era
   * request without a session, which may follow any handshake (`ctx.mcpReq.protocolVersion` says how it is answered).
   */
  getNegotiatedProtocolVersion(): string | undefined {
    const context = this.#context;
    const agreed = context !== undefined && (context.call.envelope ?? context.peer.clientInfo) !== undefined;
    return agreed ? context.call.revision : this.connection?.revision;
  }

  request<M extends RequestMethod>(
    request: { method: M; params?: Record<string, unknown> },
    options?: RequestOptions,
  ): Promise<ResultTypeMap[M]>;
  request<T extends StandardSchemaV1>(
    request: { method: string; params?: Record<string, unknown> },
    resultSchema: T,
    options?: RequestOptions,
  ): Promise<StandardSchemaV1.InferOutput<T>>;
  async request(
    request: { method: string; params?: Record<string, unknown> },
    schemaOrOptions?: StandardSchemaV1 | RequestOptions,
    options?: RequestOptions,
  ): Promise<unknown> {
    return send(this.#asker, request, schemaOrOptions, options);
  }

  async ping(): Promise<EmptyResult> {
    return (await ping(this.#asker)) as EmptyResult;
  }

  createMessage(
    params: CreateMessageRequestParamsWithTools,
    options?: RequestOptions,
  ): Promise<CreateMessageResultWithTools>;
  createMessage(params: CreateMessageRequestParams, options?: RequestOptions): Promise<CreateMessageResult>;
  async createMessage(
    params: CreateMessageRequestParams,
    options?: RequestOptions,
  ): Promise<CreateMessageResult | CreateMessageResultWithTools> {
    return requestSampling(this.#asker, params, options);
  }

  async elicitInput(
    params: ElicitRequestFormParams | ElicitRequestURLParams,
    options?: RequestOptions,
  ): Promise<ElicitResult> {
    return elicitInput(this.#asker, params, options);
  }

  async listRoots(params?: Record<string, unknown>, options?: RequestOptions): Promise<ListRootsResult> {
    return listRoots(this.#asker, params, options);
  }

  /** A function that tells the client that what it was sent to a page for is done (2025-11-25). */
  createElicitationCompletionNotifier(
    elicitationId: string,
    options?: { relatedRequestId?: string | number },
  ): () => Promise<void> {
    if (this.getClientCapabilities()?.elicitation?.url === undefined) {
      const text = 'Client does not support URL elicitation (required for notifications/elicitation/complete)';
      throw new SdkError(SdkErrorCode.CapabilityNotSupported, text);
    }
    // Called when the user is done on the page: by then the request may be over, so its client is kept here.
    const context = this.#context;
    const peer = context?.peer;
    // Removed in 2026-07-28: the client of that revision sends its request again and learns it so.
    if (context?.call.envelope !== undefined) return async () => {};
    const { connection } = this;
    const notification = { method: 'notifications/elicitation/complete', params: { elicitationId } };
    return async () => {
      if (peer !== undefined) return peer.notify(notification);
      if (connection === undefined) throw new SdkError(SdkErrorCode.NotConnected, 'Not connected');
      await connection.tell(notification, options);
    };
  }

  /** Sends a notification: changes to all who listen, anything else to the current request's or the connection's client. */
  async notification(notification: Notification, options?: { relatedRequestId?: string | number }): Promise<void> {
    const event = eventOf(notification);
    if (event !== undefined) return this.announce(event);
    const context = this.#context;
    if (context !== undefined) return context.mcpReq.notify(notification);
    if (this.connection === undefined) throw new SdkError(SdkErrorCode.NotConnected, 'Not connected');
    await this.connection.tell(notification, options);
  }

  /**
   * Sends a log message to the client that is being answered right here, if it wants its level. Outside of a request it
   * goes to the connected client, or over HTTP to the GET stream of every session (2025 era), or of one.
   *
   * @param sessionId the session it is meant for, where that is not the one that is being answered
   */
  async sendLoggingMessage(params: LoggingMessageNotificationParams, sessionId?: string): Promise<void> {
    const context = this.#context;
    // A message for another session than the one that is being answered must not reach the latter.
    if (context !== undefined && (sessionId === undefined || sessionId === context.sessionId)) {
      return context.mcpReq.log(params.level, params.data, params.logger);
    }
    this.broadcast(params, sessionId);
    await this.connection?.log(params);
  }

  async sendResourceUpdated(params: ResourceUpdatedNotificationParams): Promise<void> {
    this.announce({ kind: 'resource_updated', uri: params.uri });
  }

  async sendResourceListChanged(): Promise<void> {
    this.announce({ kind: 'resources_list_changed' });
  }

  async sendToolListChanged(): Promise<void> {
    this.announce({ kind: 'tools_list_changed' });
  }

  async sendPromptListChanged(): Promise<void> {
    this.announce({ kind: 'prompts_list_changed' });
  }
}
