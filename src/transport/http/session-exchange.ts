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
  #forget: (() => void) | undefined;

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
    const reader = new EventReader(this.responder, revision, this.endpoint.settings.retryMs);
    reader.open();
    const stream = this.#floor.streams.begin(this.#session, JSON.stringify(this.ids), reader);
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
    const told = this.#floor.state.bus.publish({ kind: 'message', session: this.#session.key, message });
    return told instanceof Promise ? told.then(() => {}) : undefined;
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
      const signals = options?.signal === undefined ? [this.signal] : [this.signal, options.signal];
      const settings = { ...options, signal: AbortSignal.any(signals) };
      return await this.#floor.questions.ask(this.#session.key, text => stream.message(text), method, params, settings);
    } finally {
      this.asking--;
    }
  }

  /** From here on the call can be cancelled. */
  register(): void {
    const [id] = this.ids as readonly RequestId[];
    if (id !== undefined) this.#forget = this.#floor.running.add(this.#session.key, id, this);
  }

  protected override settled(): void {
    this.#forget?.();
  }

  /** The client no longer waits for one of the requests. */
  cancel(_id: RequestId, reason: string | undefined): void {
    // The calls of a batch end together.
    if (this.ids.length > 1) return;
    const why = reason === undefined ? 'its client asked for it' : `its client says: ${reason.slice(0, 200)}`;
    // A response that nobody expects does no harm (basic/utilities/cancellation); a POST without one would hang.
    const responses = this.ids.map(id => codedBody('SLIP_REQUEST_CANCELLED', { why }, false, id));
    this.giveUp(new SlipwayError('SLIP_REQUEST_CANCELLED', { why }), 200, responses);
  }
}
