/**
 * What a handler learns about its request and how it talks back. Built for every request, so everything that a handler
 * may not look at is made when it is first read.
 */
import type { AuthInfo } from '../protocol/auth-info.ts';
import type { ClientCapabilities } from '../protocol/capability.ts';
import type { ElicitRequestFormParams, ElicitRequestURLParams, ElicitResult } from '../protocol/elicitation.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { RequestId } from '../protocol/json-rpc.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import type { RequestMethod, ResultTypeMap } from '../protocol/method.ts';
import type { Notification } from '../protocol/notification.ts';
import type { RequestMeta, RequestMetaEnvelope } from '../protocol/request-meta.ts';
import type {
  CreateMessageRequestParams,
  CreateMessageRequestParamsWithTools,
  CreateMessageResult,
  CreateMessageResultWithTools,
} from '../protocol/sampling.ts';
import type { StandardSchemaV1, StandardSchemaWithJSON } from '../schema/standard-schema.ts';
import type { Call, Params } from './call.ts';
import type { ElicitInputParams } from './elicitation-form.ts';
import { linearCallsOf } from './linear-calls.ts';
import type { ElicitParams, LinearHandler, SampleResult } from './linear-handler.ts';
import type { Logger } from './logger.ts';
import type { HttpFacts, Peer, RequestOptions } from './peer.ts';
import { principalOf } from './peer.ts';
import { McpRequestFacts } from './request-facts.ts';
import { newRequestId } from './request-id.ts';
import type { Server } from './server.ts';
import type { AnyHandler } from './tool-registration.ts';

/** `ctx.mcpReq`: the MCP request being answered. */
export interface McpRequest {
  /** The JSON-RPC id, as the client chose it. */
  readonly id: RequestId;
  readonly method: string;
  /** The params as they came, `_meta` included. */
  readonly params: Params;
  /** The revision that this request is answered under. */
  readonly protocolVersion: string;
  /** `params._meta` without the reserved `io.modelcontextprotocol/*` keys, which are in {@link envelope}. */
  readonly _meta?: RequestMeta;
  /** The reserved keys of a modern request. */
  readonly envelope?: Partial<RequestMetaEnvelope>;
  /** What the client declared it can do: per request in the modern era, at `initialize` before. */
  readonly clientCapabilities: ClientCapabilities | undefined;
  readonly clientInfo: Implementation | undefined;
  /** Answers to the input requests of an earlier round, by their keys; from the client, so not to be trusted. */
  readonly inputResponses?: Record<string, unknown>;
  /** Keys of `inputResponses` that were dropped because they held no response object. */
  readonly droppedInputResponseKeys?: string[];
  /** The state that an earlier round returned; undefined in the first round. */
  requestState<T = string>(): T | undefined;
  /** Aborts when the client no longer waits, when the call times out and when the server stops. */
  readonly signal: AbortSignal;
  /** Sends a notification that belongs to this request. */
  notify(notification: Notification): Promise<void>;
  /** Sends a log message, if the client asked for this level. */
  log(level: LoggingLevel, data: unknown, logger?: string): Promise<void>;
  /**
   * Reports progress, if the client asked for it. Values must grow; others are dropped, as are more than 20 a second.
   *
   * @param progress how far, in any unit
   * @param total how far it goes, in the same unit
   * @param message for a person to read
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /** Sends a request to the client (2025 era); a modern handler returns `inputRequired(...)` instead. */
  send: SendRequest;
  /** Asks the user (2025 era); a modern handler returns `inputRequired(...)` instead. */
  elicitInput(
    params: ElicitRequestFormParams | ElicitRequestURLParams,
    options?: RequestOptions,
  ): Promise<ElicitResult>;
  /** Asks the client's model (2025 era); a modern handler returns `inputRequired(...)` instead. */
  requestSampling(
    params: CreateMessageRequestParams,
    options?: RequestOptions,
  ): Promise<CreateMessageResult | CreateMessageResultWithTools>;
}

/** Sends a request: one of the specification, whose result follows from its method, or one of your own with a schema. */
export interface SendRequest {
  <M extends RequestMethod>(
    request: { method: M; params?: Record<string, unknown> },
    options?: RequestOptions,
  ): Promise<ResultTypeMap[M]>;
  <T extends StandardSchemaV1>(
    request: { method: string; params?: Record<string, unknown> },
    resultSchema: T,
    options?: RequestOptions,
  ): Promise<StandardSchemaV1.InferOutput<T>>;
}

/** The second argument of every handler (the first where there is no input schema). */
export interface ServerContext {
  readonly sessionId?: string;
  readonly mcpReq: McpRequest;
  /** What HTTP adds; undefined on other transports. */
  readonly http?: HttpFacts;
  /** Writes to the operator's log; never reaches the client. */
  readonly logger: Logger;
  /**
   * Asks the user, with a form or by sending them to a page, in every revision that can ask: in the 2025 era a request
   * to the client, in 2026-07-28 the handler ends here and is run again with the answer (see docs/guides/asking.md for
   * the rules that this brings).
   *
   * @param params as of `elicitInput`; the form's fields as JSON Schema or as a Standard Schema
   * @param options of the request, in the 2025 era only; the default timeout is `inputRequired.roundTimeoutMs`
   * @returns what the user did. Content of a form fits the schema; in 2026-07-28 an answer that does not is asked again
   * @throws TypeError, SlipwayError `SLIP_SCHEMA_*` when the question itself is wrong; nothing is asked then
   * @throws MissingRequiredClientCapabilityError when the client can not ask this
   * @throws ProtocolError -32602 or SdkError `INVALID_RESULT` in the 2025 era, for an answer that does not fit
   * @throws Suspension in 2026-07-28, to end the round: let it pass
   */
  elicit: Elicit;
  /** Asks the client's model; otherwise as {@link elicit}. */
  sample: Sample;
  /**
   * Does something once, however often the handler runs: in later rounds the recorded result is returned instead. For
   * whatever has an effect, and for what may differ from round to round (time, random values, reads). If `fn` throws,
   * the error goes to the handler; a later round throws one with the same `name`, `message` and `code`.
   *
   * @param name says what is done; part of what tells one call from another
   * @param fn its result is JSON or undefined; it must not call `elicit`, `sample` or `step`
   * @returns a copy of the result
   * @throws SlipwayError `SLIP_STEP_NOT_JSON`
   */
  step<T>(name: string, fn: () => T | Promise<T>): Promise<T>;
}

/** What the user did with a form whose fields are a Standard Schema. */
export type FormResult<S extends StandardSchemaWithJSON> = Omit<ElicitResult, 'action' | 'content'> &
  (
    | { action: 'accept'; content: StandardSchemaWithJSON.InferInput<S> }
    | { action: 'decline' | 'cancel'; content?: undefined }
  );

/** Asks the user. */
export interface Elicit {
  (params: ElicitRequestFormParams | ElicitRequestURLParams, options?: RequestOptions): Promise<ElicitResult>;
  /** The content has the type of what goes into the schema: it is checked, but neither transformed nor given defaults. */
  <S extends StandardSchemaWithJSON>(
    params: Omit<ElicitInputParams, 'requestedSchema'> & { requestedSchema: S },
    options?: RequestOptions,
  ): Promise<FormResult<S>>;
  (params: ElicitParams, options?: RequestOptions): Promise<ElicitResult>;
}

/** Asks the client's model. */
export interface Sample {
  (params: CreateMessageRequestParamsWithTools, options?: RequestOptions): Promise<CreateMessageResultWithTools>;
  (params: CreateMessageRequestParams, options?: RequestOptions): Promise<CreateMessageResult>;
}

/** What `enabled(ctx)` sees: authorization facts only, so that a list never varies by anything else. */
export interface AudienceContext {
  readonly authInfo: AuthInfo | undefined;
}

export class RequestContext implements ServerContext {
  readonly server: Server;
  readonly call: Call;
  readonly peer: Peer;
  #facts: McpRequestFacts | undefined;
  #timeout: AbortSignal | undefined;
  /** Whether a handler of a method that may ask runs. */
  asking = false;
  /** The name of the tool, prompt or resource template that was found; undefined where the client named none of ours. */
  component: string | undefined;
  #requestId: string | undefined;
  /** Whether the answers in its params are of an earlier round of ours (2025 era). */
  answered = false;
  /** The handler that answers. */
  handler: AnyHandler | undefined;
  /** Made by the first call of `elicit`, `sample` or `step`, or of a journal that came with the request. */
  linear: LinearHandler | undefined;

  constructor(server: Server, call: Call, peer: Peer) {
    this.server = server;
    this.call = call;
    this.peer = peer;
  }

  get mcpReq(): McpRequest {
    return this.facts;
  }

  get facts(): McpRequestFacts {
    return (this.#facts ??= new McpRequestFacts(this));
  }

  get http(): HttpFacts | undefined {
    return this.peer.http;
  }

  get sessionId(): string | undefined {
    return this.peer.sessionId;
  }

  get authInfo(): AuthInfo | undefined {
    return this.peer.authInfo;
  }

  get principal(): string | undefined {
    return principalOf(this.peer.authInfo);
  }

  /** For logs; the id that a trusted proxy gave it, or one of ours. */
  get requestId(): string {
    return (this.#requestId ??= this.peer.requestId ?? newRequestId());
  }

  /** Whether nobody waits for the answer any more. */
  get cancelled(): boolean {
    return this.peer.cancelled === true;
  }

  get logger(): Logger {
    return this.server.logger;
  }

  get signal(): AbortSignal {
    return this.#timeout ?? this.peer.signal;
  }

  get clientCapabilities(): ClientCapabilities | undefined {
    return this.call.envelope?.clientCapabilities ?? this.peer.clientCapabilities;
  }

  /** Called with the function that answers, before it runs. */
  begin(handler: AnyHandler): void {
    this.handler = handler;
    this.linear?.begin(handler);
  }

  elicit(params: ElicitRequestFormParams | ElicitRequestURLParams, options?: RequestOptions): Promise<ElicitResult>;
  elicit<S extends StandardSchemaWithJSON>(
    params: Omit<ElicitInputParams, 'requestedSchema'> & { requestedSchema: S },
    options?: RequestOptions,
  ): Promise<FormResult<S>>;
  elicit(params: ElicitParams, options?: RequestOptions): Promise<ElicitResult>;
  elicit(params: ElicitParams, options?: RequestOptions): Promise<ElicitResult> {
    return linearCallsOf(this).elicit(params, options);
  }

  sample(params: CreateMessageRequestParamsWithTools, options?: RequestOptions): Promise<CreateMessageResultWithTools>;
  sample(params: CreateMessageRequestParams, options?: RequestOptions): Promise<CreateMessageResult>;
  sample(params: CreateMessageRequestParams, options?: RequestOptions): Promise<SampleResult> {
    return linearCallsOf(this).sample(params, options);
  }

  step<T>(name: string, fn: () => T | Promise<T>): Promise<T> {
    return linearCallsOf(this).step(name, fn);
  }

  /** Adds the deadline of one operation to the signal that its handler sees. */
  limit(deadline: AbortSignal): void {
    this.#timeout = AbortSignal.any([this.peer.signal, deadline]);
  }
}
