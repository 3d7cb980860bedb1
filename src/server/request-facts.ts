/** The members of `ctx.mcpReq`. */
import type { ClientCapabilities } from '../protocol/capability.ts';
import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '../protocol/elicitation.ts';
import { metaOf } from '../protocol/envelope.ts';
import type { Implementation } from '../protocol/implementation.ts';
import { isPlainObject, type RequestId } from '../protocol/json-rpc.ts';
import { type LoggingLevel, severityOf } from '../protocol/logging.ts';
import type { Notification } from '../protocol/notification.ts';
import type { RequestMeta, RequestMetaEnvelope } from '../protocol/request-meta.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageResult,
  CreateMessageResultWithTools,
} from '../protocol/sampling.ts';
import type { Params } from './call.ts';
import { askerOf, elicitInput, requestSampling, send } from './client-request.ts';
import type { McpRequest, RequestContext, SendRequest } from './context.ts';
import type { RequestOptions } from './peer.ts';

const RESERVED = 'io.modelcontextprotocol/';
/** At most 20 progress notifications a second per request: MCP 2026-07-28, basic/patterns/progress asks for a limit. */
const PROGRESS_INTERVAL_MS = 50;

/** Few handlers wait for what they tell; a failure that nobody waits for must not end the process. */
function handled(promise: Promise<void>): Promise<void> {
  promise.catch(() => {});
  return promise;
}

export class McpRequestFacts implements McpRequest {
  readonly #context: RequestContext;
  #lastProgress = Number.NEGATIVE_INFINITY;
  #lastProgressAt = Number.NEGATIVE_INFINITY;
  #state: unknown;
  #responses: { accepted: Record<string, unknown>; dropped: string[] } | undefined;

  constructor(context: RequestContext) {
    this.#context = context;
  }

  get id(): RequestId {
    return this.#context.call.id;
  }

  get method(): string {
    return this.#context.call.method;
  }

  get params(): Params {
    return this.#context.call.params;
  }

  get protocolVersion(): string {
    return this.#context.call.revision;
  }

  get _meta(): RequestMeta | undefined {
    const meta = metaOf(this.params);
    if (meta === undefined || this.#context.call.envelope === undefined) return meta as RequestMeta | undefined;
    return Object.fromEntries(Object.entries(meta).filter(([key]) => !key.startsWith(RESERVED))) as RequestMeta;
  }

  get envelope(): Partial<RequestMetaEnvelope> | undefined {
    const meta = metaOf(this.params);
    if (meta === undefined || this.#context.call.envelope === undefined) return undefined;
    const entries = Object.entries(meta).filter(([key]) => key.startsWith(RESERVED));
    return Object.fromEntries(entries) as Partial<RequestMetaEnvelope>;
  }

  get clientCapabilities(): ClientCapabilities | undefined {
    return this.#context.clientCapabilities;
  }

  get clientInfo(): Implementation | undefined {
    return this.#context.call.envelope?.clientInfo ?? this.#context.peer.clientInfo;
  }

  get inputResponses(): Record<string, unknown> | undefined {
    return this.#partition()?.accepted;
  }

  get droppedInputResponseKeys(): string[] | undefined {
    const dropped = this.#partition()?.dropped;
    return dropped !== undefined && dropped.length > 0 ? dropped : undefined;
  }

  /** A response is the bare result object; wrappers such as `{method, result}` are dropped so that the handler re-asks. */
  #partition(): { accepted: Record<string, unknown>; dropped: string[] } | undefined {
    const raw = this.params['inputResponses'];
    if (!isPlainObject(raw)) return undefined;
    if (this.#responses === undefined) {
      this.#responses = { accepted: {}, dropped: [] };
      for (const [key, value] of Object.entries(raw)) {
        const bare = isPlainObject(value) && !('method' in value) && !('result' in value);
        if (bare) Object.defineProperty(this.#responses.accepted, key, { value, enumerable: true });
        else this.#responses.dropped.push(key);
      }
    }
    return this.#responses;
  }

  requestState<T = string>(): T | undefined {
    return this.#state as T | undefined;
  }

  /** Sets what {@link requestState} returns, once it has been opened and verified. */
  restoreState(state: unknown): void {
    this.#state = state;
  }

  get signal(): AbortSignal {
    return this.#context.signal;
  }

  notify(notification: Notification): Promise<void> {
    return handled(this.#deliver(notification));
  }

  async #deliver(notification: Notification): Promise<void> {
    if (notification.method === 'notifications/progress' && !this.#mayProgress(notification)) return;
    await this.#context.peer.notify(notification);
  }

  /** MCP 2026-07-28, basic/patterns/progress: only the token of this request, and values that grow. */
  #mayProgress(notification: Notification): boolean {
    const params = notification.params as { progressToken?: unknown; progress?: unknown } | undefined;
    const token = metaOf(this.params)?.['progressToken'];
    if (token === undefined || params?.progressToken !== token) return false;
    if (!Number.isFinite(params.progress) || (params.progress as number) <= this.#lastProgress) return false;
    this.#lastProgress = params.progress as number;
    return true;
  }

  progress(progress: number, total?: number, message?: string): Promise<void> {
    return handled(this.#progress(progress, total, message));
  }

  async #progress(progress: number, total?: number, message?: string): Promise<void> {
    const token = metaOf(this.params)?.['progressToken'];
    if (token === undefined) return;
    const now = performance.now();
    if (now - this.#lastProgressAt < PROGRESS_INTERVAL_MS && progress !== total) return;
    this.#lastProgressAt = now;
    const params = { progressToken: token, progress, total, message };
    await this.notify({ method: 'notifications/progress', params });
  }

  log(level: LoggingLevel, data: unknown, logger?: string): Promise<void> {
    return handled(this.#log(level, data, logger));
  }

  async #log(level: LoggingLevel, data: unknown, logger?: string): Promise<void> {
    if (this.#context.server.capabilities.logging === undefined) return;
    const { envelope } = this.#context.call;
    // Modern: no level asked for means no messages. 2025 era: no level set means no filter.
    if (envelope !== undefined && envelope.logLevel === undefined) return;
    const threshold = envelope === undefined ? this.#context.peer.logLevel : envelope.logLevel;
    if (threshold !== undefined && severityOf(level) < severityOf(threshold)) return;
    await this.notify({ method: 'notifications/message', params: { level, data, logger } });
  }

  get send(): SendRequest {
    return ((request, schemaOrOptions, options) =>
      send(askerOf(this.#context), request, schemaOrOptions, options)) as SendRequest;
  }

  elicitInput(
    params: ElicitRequestFormParams | ElicitRequestURLParams,
    options?: RequestOptions,
  ): Promise<ElicitResult> {
    return elicitInput(askerOf(this.#context), params, options);
  }

  requestSampling(
    params: CreateMessageRequestParams,
    options?: RequestOptions,
  ): Promise<CreateMessageResult | CreateMessageResultWithTools> {
    return requestSampling(askerOf(this.#context), params, options);
  }
}
