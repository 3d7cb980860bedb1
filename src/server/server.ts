/**
 * A server as the protocol sees it: methods with their handlers, capabilities, and what it tells its clients.
 * `McpServer` registers tools, resources and prompts on top of it; by itself it is the way to methods of one's own.
 */

import type { AuthInfo } from '../protocol/auth-info.ts';
import { assertValidCacheHint, isCacheableResultMethod } from '../protocol/cache-hint.ts';
import type { ServerCapabilities } from '../protocol/capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { Notification, Request } from '../protocol/json-rpc.ts';
import type { LoggingMessageNotificationParams } from '../protocol/logging.ts';
import { mergeCapabilities } from '../protocol/merge-capabilities.ts';
import { projectResult, wrapsOutput } from '../protocol/projection.ts';
import { eraOf, SUPPORTED_PROTOCOL_VERSIONS } from '../protocol/revision.ts';
import type { CallToolResult } from '../protocol/tool.ts';
import { Keyring } from '../sealing/keyring.ts';
import type { ServerEvent } from '../state/event-bus.ts';
import { builtInOperations } from './built-in-operations.ts';
import { withCacheFields } from './cache-fields.ts';
import type { CallObserver } from './call-observer.ts';
import { ClientFace } from './client-face.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import type { RequestContext, ServerContext } from './context.ts';
import { ResultStamp } from './encoding.ts';
import type { SetNotificationHandler, SetRequestHandler } from './handler.ts';
import {
  type NotificationHandler,
  type NotificationHandlerArguments,
  type RequestHandlerArguments,
  userNotification,
  userOperation,
} from './handler.ts';
import { type IdempotencyOptions, IdempotentCalls } from './idempotent-call.ts';
import { LifecycleHooks } from './lifecycle-hooks.ts';
import { type Logger, stderrLogger } from './logger.ts';
import { ASKING, HANDLED, LEGACY_ONLY, MODERN_ONLY, NEEDED } from './method-rules.ts';
import type { Middleware, Operation } from './middleware.ts';
import type { ServerOptions } from './options.ts';
import { isThenable, PreparedResult } from './outcome.ts';
import { rememberingSubscriptions } from './resource-subscription.ts';
import { ResultSize } from './result-size.ts';
import { asking, notAsking } from './round-trip.ts';
import { type ToolLimitOptions, ToolLimits } from './tool-limits.ts';
import type { Transport } from './transport.ts';

/** Hears a log message for all sessions, or for the one with this id. */
export type BroadcastListener = (params: LoggingMessageNotificationParams, sessionId: string | undefined) => void;

export class Server extends ClientFace {
  readonly info: Implementation;
  readonly options: ServerOptions;
  #logger: Logger;
  #keyring: Keyring;
  /** Whether sealed values survive a restart: the operator gave the secrets. */
  readonly secretsAreShared: boolean;
  readonly stamp: ResultStamp;
  /** What a call of a tool may take and bring, where the tool does not say. */
  readonly toolLimits: ToolLimits;
  /** The 2025-era revisions that `initialize` agrees on, newest first. */
  readonly legacyRevisions: readonly string[];
  /** Wraps every operation, in the order added. */
  readonly middleware: Middleware[] = [];

  /** Called when a client of the 2025 era has finished its handshake. */
  oninitialized?: () => void;
  /** Called when a connection made by `connect()` ends. */
  onclose?: () => void;
  /** Called for what goes wrong beside the answers. */
  onerror?: (error: Error) => void;
  /** Answers methods that have no handler. */
  fallbackRequestHandler?: (
    request: Request & { jsonrpc: '2.0'; id: string | number },
    ctx: ServerContext,
  ) => Promise<object>;
  /** Hears notifications that have no handler. */
  fallbackNotificationHandler?: (notification: Notification) => Promise<void>;

  #capabilities: ServerCapabilities;
  readonly #operations = new Map<string, Operation>();
  readonly #authored = new Set<string>();
  readonly #notifications = new Map<string, NotificationHandler>();
  readonly #changeListeners = new Set<(event: ServerEvent) => void>();
  readonly #broadcastListeners = new Set<BroadcastListener>();
  #connection: Connection | undefined;
  /** Whether a resource exists, but not for this caller; set by a registry on top. */
  hidesResource?: (uri: string, authInfo: AuthInfo | undefined) => boolean;
  /** Watches calls; set by the host. */
  observer: CallObserver | undefined;
  /** Set by {@link useIdempotency}. */
  idempotency: IdempotentCalls | undefined;
  /** What its author has to do at start and stop, and what has to hold for it to be ready. */
  readonly lifecycle = new LifecycleHooks();
  /** Whether a request has been answered already; set by dispatch. */
  serving = false;

  /**
   * @param info name and version, and what a client may show beside them
   * @throws RangeError for a cache hint that is not valid; SlipwayError `SLIP_INVALID_OPTION`
   */
  constructor(info: Implementation, options: ServerOptions = {}) {
    super();
    this.info = info;
    this.options = options;
    this.#logger = options.logger ?? stderrLogger();
    this.secretsAreShared = options.secrets !== undefined;
    this.#keyring = options.secrets === undefined ? Keyring.random() : Keyring.from(options.secrets);
    this.toolLimits = new ToolLimits(options);
    this.stamp = new ResultStamp(info, new ResultSize(this.toolLimits, () => this.#logger));
    this.#capabilities = { ...options.capabilities };
    const offered = options.supportedProtocolVersions ?? SUPPORTED_PROTOCOL_VERSIONS;
    this.legacyRevisions = offered.filter(revision => eraOf(revision) === 'legacy');
    const { pageSize, cacheHints } = options;
    if (pageSize !== undefined && !(Number.isSafeInteger(pageSize) && pageSize > 0)) {
      throw new SlipwayError('SLIP_INVALID_OPTION', {
        option: 'pageSize',
        why: 'it must be a whole number above zero',
      });
    }
    for (const [method, hint] of Object.entries(cacheHints ?? {})) {
      if (hint !== undefined) assertValidCacheHint(hint, `cacheHints['${method}']`);
    }
    for (const [method, operation] of builtInOperations(this)) this.#operations.set(method, operation);
  }

  /** Where the operator's log goes. */
  get logger(): Logger {
    return this.#logger;
  }

  /** Takes the log of the deployment, unless the author gave this server its own. */
  useLogger(logger: Logger): void {
    if (this.options.logger === undefined) this.#logger = logger;
  }

  /**
   * Takes the limits of the deployment, for what the author of this server left open.
   *
   * @throws SlipwayError `SLIP_INVALID_OPTION`
   */
  useToolLimits(options: ToolLimitOptions): void {
    this.toolLimits.use(options);
    this.stamp.size.refresh();
  }

  /** Has calls that carry an idempotency key done once, by what this store remembers. */
  useIdempotency(options: IdempotencyOptions): void {
    this.idempotency = new IdempotentCalls(options);
  }

  /** Seals cursors and request states. */
  get keyring(): Keyring {
    return this.#keyring;
  }

  /** Takes the keys of the deployment, unless the author gave this server its own. */
  useKeyring(keyring: Keyring): void {
    if (!this.secretsAreShared) this.#keyring = keyring;
  }

  get requestState(): ServerOptions['requestState'] {
    return this.options.requestState;
  }

  get capabilities(): ServerCapabilities {
    return this.#capabilities;
  }

  getCapabilities(): ServerCapabilities {
    return this.#capabilities;
  }

  /** Adds capabilities; not possible once connected or serving. */
  registerCapabilities(capabilities: ServerCapabilities): void {
    if (this.#connection !== undefined || this.serving) {
      throw new SlipwayError('SLIP_ALREADY_CONNECTED', { action: 'capabilities can not be registered' });
    }
    this.implyCapabilities(capabilities);
  }

  /** Adds the capabilities that a registration implies, connected or not. */
  implyCapabilities(capabilities: ServerCapabilities): void {
    this.#capabilities = mergeCapabilities(this.#capabilities, capabilities);
  }

  // Methods ---------------------------------------------------------------------------------------------------------

  /**
   * Answers a method: `(method, (request, ctx) => result)` for one of the specification,
   * `(method, { params, result? }, (params, ctx) => result)` for one of your own.
   */
  readonly setRequestHandler: SetRequestHandler = (method: string, ...rest: RequestHandlerArguments) => {
    const needed = NEEDED.get(method);
    if (needed !== undefined && this.#capabilities[needed] === undefined) {
      throw new SlipwayError('SLIP_CAPABILITY_MISSING', { method, capability: needed });
    }
    this.#authored.add(method);
    const operation = rememberingSubscriptions(this, method, userOperation(method, rest));
    this.#operations.set(method, this.#guarded(method, this.#cached(method, operation)));
  };

  /** Installs an operation of ours; one that the author set stays. */
  install(method: string, operation: Operation): void {
    if (!this.#authored.has(method)) this.#operations.set(method, this.#guarded(method, operation));
  }

  #guarded(method: string, operation: Operation): Operation {
    return ASKING.has(method) ? asking(operation) : notAsking(operation);
  }

  #cached(method: string, operation: Operation): Operation {
    if (!isCacheableResultMethod(method)) return operation;
    return async (context, params) => {
      const answer = operation(context, params);
      const outcome = isThenable(answer) ? await answer : answer;
      if (context.call.envelope === undefined || outcome instanceof PreparedResult) return outcome;
      if ('inputRequests' in outcome || 'requestState' in outcome) return outcome;
      return withCacheFields(outcome, this.options.cacheHints?.[method]);
    };
  }

  removeRequestHandler(method: string): void {
    this.#operations.delete(method);
    this.#authored.delete(method);
  }

  /** Throws when the method has a handler already. */
  assertCanSetRequestHandler(method: string): void {
    if (this.#operations.has(method)) throw new SlipwayError('SLIP_DUPLICATE_NAME', { kind: 'handler', name: method });
  }

  /** The operation that answers a method in one era; undefined means that there is no such method. */
  operationOf(method: string, modern: boolean): Operation | undefined {
    if ((modern ? LEGACY_ONLY : MODERN_ONLY).has(method)) return undefined;
    const operation = this.#operations.get(method);
    if (operation !== undefined || this.fallbackRequestHandler === undefined) return operation;
    const fallback = this.fallbackRequestHandler;
    return userOperation(method, [
      (request: Request, ctx: ServerContext) => fallback({ jsonrpc: '2.0', id: ctx.mcpReq.id, ...request }, ctx),
    ]);
  }

  readonly setNotificationHandler: SetNotificationHandler = (method: string, ...rest: NotificationHandlerArguments) => {
    this.#notifications.set(method, userNotification(rest));
  };

  removeNotificationHandler(method: string): void {
    this.#notifications.delete(method);
  }

  /** Takes a notification from a client. Never throws: a notification has no answer. */
  receive(notification: Notification): void {
    if (notification.method === 'notifications/initialized') {
      try {
        this.oninitialized?.();
      } catch (error) {
        this.reportError(new Error(`Uncaught error in oninitialized: ${error}`, { cause: error }));
      }
    }
    const fallback = HANDLED.has(notification.method) ? undefined : this.fallbackNotificationHandler;
    const handler = this.#notifications.get(notification.method) ?? fallback;
    if (handler === undefined) return;
    Promise.resolve()
      .then(() => handler(notification))
      .catch(error =>
        this.reportError(new Error(`Uncaught error in notification handler: ${error}`, { cause: error })),
      );
  }

  reportError(error: Error): void {
    try {
      this.onerror?.(error);
    } catch {
      // Reporting never alters an answer.
    }
  }

  // Changes ---------------------------------------------------------------------------------------------------------

  /** Hears every change that the server announces; returns the function that ends it. */
  onChange(listener: (event: ServerEvent) => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  /** Hears every log message that belongs to no request; returns the function that ends it. */
  onBroadcast(listener: BroadcastListener): () => void {
    this.#broadcastListeners.add(listener);
    return () => this.#broadcastListeners.delete(listener);
  }

  override broadcast(params: LoggingMessageNotificationParams, sessionId: string | undefined): void {
    if (this.#capabilities.logging === undefined) return;
    for (const listener of this.#broadcastListeners) listener(params, sessionId);
  }

  announce(event: ServerEvent): void {
    for (const listener of this.#changeListeners) listener(event);
  }

  // Connections -----------------------------------------------------------------------------------------------------

  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** The transport of the connection made by `connect()`; while an HTTP request is answered, one to its client. */
  get transport(): Transport | undefined {
    return this.#connection?.transport ?? this.requestTransport;
  }

  /**
   * Serves one client over a transport that passes messages.
   *
   * @throws SlipwayError `SLIP_ALREADY_CONNECTED`: one connection at a time
   */
  async connect(transport: Transport, options?: ConnectionOptions): Promise<void> {
    if (this.#connection !== undefined) {
      throw new SlipwayError('SLIP_ALREADY_CONNECTED', { action: 'it can not be connected again' });
    }
    const connection = new Connection(
      this,
      transport,
      () => {
        if (this.#connection === connection) this.#connection = undefined;
        this.serving = false;
        this.onclose?.();
      },
      options,
    );
    this.#connection = connection;
    await connection.start();
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }

  /** A tool's result in the words of the connection's revision; for handlers of `tools/call` set by hand. */
  projectCallToolResult(
    result: CallToolResult,
    advertisedOutputSchema?: Readonly<Record<string, unknown>>,
  ): CallToolResult {
    const revision = this.getNegotiatedProtocolVersion() ?? SUPPORTED_PROTOCOL_VERSIONS[0]!;
    const structured = result.structuredContent;
    const wraps = structured !== undefined && wrapsOutput(advertisedOutputSchema) && eraOf(revision) === 'legacy';
    const shaped = wraps ? { ...result, structuredContent: { result: structured } } : result;
    return projectResult('tools/call', shaped, revision) as CallToolResult;
  }

  /** The context of the request being answered right here, when it is one of this server. */
  override ownContext(context: RequestContext | undefined): RequestContext | undefined {
    return context?.server === this ? context : undefined;
  }
}
