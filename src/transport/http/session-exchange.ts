/**
 * One POST of a client that has a session: it can be asked while it waits, and its stream outlives its connection.
 * MCP 2025-11-25, basic/transports.
 */
import type { ClientCapabilities } from '../../protocol/capability.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Implementation } from '../../protocol/implementation.ts';
import type { Notification, RequestId } from '../../protocol/json-rpc.ts';
import type { LoggingLevel } from '../../protocol/logging.ts';
import { SdkError, SdkErrorCode } from '../../protocol/sdk-error.ts';
import { AFTER_THE_ANSWER } from '../../server/method-rules.ts';
import type { RequestOptions } from '../../server/peer.ts';
import { MAX_REQUESTS_LENGTH } from '../../session/event-id.ts';
import type { RequestStream } from '../../session/request-stream.ts';
import type { Session } from '../../session/session.ts';
import type { SessionFloor } from '../../session/session-floor.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import { EventReader, knowsPriming } from './event-reader.ts';
import { HttpExchange } from './http-exchange.ts';
import type { HttpRequest } from './http-request.ts';
import type { MessageStream } from './message-stream.ts';
import type { Responder } from './responder.ts';
import type { SessionClient } from './session-client.ts';

/** A log message that comes late belongs to the session, where it has a stream of its own. */
const LOG = 'notifications/message';

export class SessionExchange extends HttpExchange {
  readonly #floor: SessionFloor;
  readonly #session: Session;
  #stream: RequestStream | undefined;
  /** Aborted when the session ends while it is asked. */
  #questions: AbortController | undefined;

  constructor(
    endpoint: HttpEndpoint,
    { floor, session }: SessionClient,
    request: HttpRequest,
    responder: Responder,
    mayStream: boolean,
    ids: readonly RequestId[],
    isBatch: boolean,
  ) {
    super(endpoint, request, responder, mayStream, ids, false, isBatch);
    this.#floor = floor;
    this.#session = session;
  }

  override get sessionId(): string {
    return this.#session.id;
  }

  override get clientCapabilities(): ClientCapabilities {
    return this.#session.facts.clientCapabilities;
  }

  override get clientInfo(): Implementation {
    return this.#session.facts.clientInfo;
  }

  override get logLevel(): LoggingLevel | undefined {
    return this.#session.logLevel;
  }

  setLogLevel(level: LoggingLevel): Promise<void> {
    return this.#floor.sessions.setLogLevel(this.#session, level);
  }

  subscribe(uri: string): Promise<void> {
    return this.#floor.sessions.subscribe(this.#session, uri);
  }

  unsubscribe(uri: string): Promise<void> {
    return this.#floor.sessions.unsubscribe(this.#session, uri);
  }

  /** Ends the connection so that the client comes back for the rest (SEP-1699), where it knows how. */
  get closeSSE(): (() => void) | undefined {
    if (!this.mayStream || !knowsPriming(this.#session.facts.revision)) return undefined;
    return () => {
      if (this.ended) return;
      this.begun();
      this.#stream?.hangUp();
    };
  }

  get closeStandaloneSSE(): (() => void) | undefined {
    return () => {
      this.#floor.standalone.letGo(this.#session.key).catch(error => this.endpoint.report(error));
    };
  }

  /** Once it has begun, what is told is kept for who comes back. */
  protected override get unheard(): boolean {
    return this.#stream === undefined ? super.unheard : !this.#stream.audible;
  }

  protected override begin(): MessageStream {
    const { revision } = this.#session.facts;
    const requests = JSON.stringify(this.ids);
    // Whoever came back to it could not be told which requests are lost: such a stream is as one without a session.
    if (requests.length > MAX_REQUESTS_LENGTH) return super.begin();
    const reader = new EventReader(this.responder, revision, () => this.endpoint.retryMs);
    reader.open();
    const stream = this.#floor.streams.begin(this.#session, requests, reader);
    this.#stream = stream;
    if (knowsPriming(revision)) void stream.prime();
    return {
      message: text => stream.send(text),
      comment: () => reader.comment(),
      end: texts => stream.end(texts),
    };
  }

  override notify(notification: Notification): void | Promise<void> {
    if (!this.ended) return super.notify(notification);
    if (!AFTER_THE_ANSWER.has(notification.method) && notification.method !== LOG) return;
    const message = JSON.stringify({ jsonrpc: '2.0', ...notification });
    return this.#tellLate(message);
  }

  /** On the session's own stream. Whoever tells late seldom waits for it, so a fault is reported and not thrown. */
  async #tellLate(message: string): Promise<void> {
    try {
      await this.#floor.state.bus.publish({ kind: 'message', session: this.#session.key, message });
    } catch (error) {
      this.endpoint.report(error);
      this.endpoint.logger.warn({ error }, 'a late message could not be sent to its session');
    }
  }

  override async request(method: string, params?: unknown, options?: RequestOptions): Promise<unknown> {
    const why = this.ended
      ? 'the call it belongs to has been answered'
      : this.mayStream
        ? undefined
        : 'this answer can not become an event stream (the Accept header, or responseMode json)';
    if (why !== undefined) {
      const error = new SlipwayError('SLIP_CLIENT_UNREACHABLE', { method, why });
      throw new SdkError(SdkErrorCode.NotConnected, error.message, { method });
    }
    const stream = this.begun();
    this.asking++;
    try {
      const { signal: ended } = (this.#questions ??= new AbortController());
      const signals = [this.signal, ended, ...(options?.signal === undefined ? [] : [options.signal])];
      const settings = { ...options, signal: AbortSignal.any(signals) };
      return await this.#floor.questions.ask(this.#session.key, text => stream.message(text), method, params, settings);
    } finally {
      this.asking--;
    }
  }

  /** Whether it is the call of a session with an id, as JSON. The calls of a batch end together and are not cancelled. */
  answers(session: string, request: string): boolean {
    return this.#session.key === session && this.ids.length === 1 && JSON.stringify(this.ids[0]) === request;
  }

  /** Whether it waits for its client. */
  get isAsking(): boolean {
    return this.asking > 0;
  }

  /** A client that has ended its session can not answer any more. */
  sessionEnded(session: string): void {
    if (this.#session.key !== session) return;
    this.#questions?.abort(new SlipwayError('SLIP_SESSION_UNKNOWN', { why: 'it has been ended' }));
  }

  /** The client no longer waits. */
  cancel(reason: string | undefined): void {
    const why = reason === undefined ? 'its client asked for it' : `its client says: ${reason.slice(0, 200)}`;
    // A response that nobody expects does no harm (basic/utilities/cancellation); a POST without one would hang.
    const responses = this.ids.map(id => codedBody('SLIP_REQUEST_CANCELLED', { why }, false, id));
    this.giveUp(new SlipwayError('SLIP_REQUEST_CANCELLED', { why }), 200, responses);
  }
}
