/**
 * One POST on its way: collects the answers to its messages, becomes an event stream when there is something to tell
 * before them, and ends once. It is the Peer of the requests that it carries.
 */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { ClientCapabilities } from '../../protocol/capability.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Implementation } from '../../protocol/implementation.ts';
import type { JSONRPCNotification, Notification, RequestId } from '../../protocol/json-rpc.ts';
import type { LoggingLevel } from '../../protocol/logging.ts';
import { SdkError, SdkErrorCode } from '../../protocol/sdk-error.ts';
import type { PreparedResult } from '../../server/outcome.ts';
import type { HttpFacts, Peer, RequestOptions } from '../../server/peer.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { ConnectionStream, type MessageStream } from './message-stream.ts';
import { eventOf, type Responder } from './responder.ts';
import { Swept } from './sweeper.ts';

export class HttpExchange extends Swept implements Peer, HttpFacts {
  readonly incoming: HttpRequest;
  readonly responder: Responder;
  /** Whether the answer may be an event stream: the client reads them, and the mode allows it. */
  readonly mayStream: boolean;
  protected readonly endpoint: HttpEndpoint;
  readonly #alwaysStream: boolean;
  readonly #cancelsOnDisconnect: boolean;
  protected readonly ids: readonly (RequestId | null)[];
  readonly #isBatch: boolean;
  #stream: MessageStream | undefined;
  #controller: AbortController | undefined;
  #ended = false;
  #startedAt: number;
  #spokeAt: number;
  /** Questions to the client that are open: its time is not the handler's. */
  protected asking = 0;

  constructor(
    endpoint: HttpEndpoint,
    request: HttpRequest,
    responder: Responder,
    mayStream: boolean,
    ids: readonly (RequestId | null)[],
    modern: boolean,
    isBatch: boolean,
  ) {
    super();
    this.endpoint = endpoint;
    this.incoming = request;
    this.responder = responder;
    this.mayStream = mayStream;
    this.#alwaysStream = mayStream && endpoint.settings.responseMode === 'sse';
    this.ids = ids;
    this.#isBatch = isBatch;
    this.#cancelsOnDisconnect = modern;
    this.#startedAt = this.#spokeAt = endpoint.sweeper.tick;
  }

  // A stateless 2025-era request knows nothing of its client and has no session.

  get sessionId(): string | undefined {
    return undefined;
  }

  get clientCapabilities(): ClientCapabilities | undefined {
    return undefined;
  }

  get clientInfo(): Implementation | undefined {
    return undefined;
  }

  get logLevel(): LoggingLevel | undefined {
    return undefined;
  }

  /** How many requests it counts for. */
  get weight(): number {
    return this.ids.length;
  }

  get http(): HttpFacts {
    return this;
  }

  get authInfo(): AuthInfo | undefined {
    return this.incoming.authInfo;
  }

  get req(): Request {
    return this.incoming.web;
  }

  get remoteAddress(): string | undefined {
    return this.incoming.remoteAddress;
  }

  get requestId(): string | undefined {
    return this.incoming.requestId;
  }

  /** Without making a signal that nobody has looked at. */
  get cancelled(): boolean {
    if (this.#controller?.signal.aborted === true) return true;
    return this.#cancelsOnDisconnect && this.responder.gone;
  }

  header(name: string): string | undefined {
    return this.incoming.header(name);
  }

  /** Made when somebody looks: few handlers do. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      // A disconnect cancels in the modern era only (MCP 2026-07-28, streamable-http, "Cancellation"); before, it SHOULD
      // NOT be taken for one (MCP 2025-11-25, basic/transports): the work is done, though nobody hears of it.
      if (this.#cancelsOnDisconnect) {
        const leave = () => this.abort(new SlipwayError('SLIP_REQUEST_CANCELLED', { why: 'the client went away' }));
        if (this.responder.gone) leave();
        else this.responder.onGone(leave);
      }
    }
    return this.#controller.signal;
  }

  abort(reason: Error): void {
    this.#ended = true;
    this.#controller?.abort(reason);
  }

  protected get ended(): boolean {
    return this.#ended;
  }

  /** Whether nobody will ever read what is sent. */
  protected get unheard(): boolean {
    return this.responder.gone;
  }

  notify(notification: Notification): void | Promise<void> {
    if (this.#ended || !this.mayStream || this.unheard) return;
    const message: JSONRPCNotification = { jsonrpc: '2.0', ...notification };
    return this.begun().message(JSON.stringify(message));
  }

  /** There is no way to a stateless client but the answer to its own request. */
  async request(method: string, _params?: unknown, _options?: RequestOptions): Promise<unknown> {
    const why = 'the client has no session, so it can not be asked while it waits';
    const error = new SlipwayError('SLIP_CLIENT_UNREACHABLE', { method, why });
    throw new SdkError(SdkErrorCode.NotConnected, error.message, { method });
  }

  /** The stream of this exchange, begun now if it was not. */
  protected begun(): MessageStream {
    this.#spokeAt = this.endpoint.sweeper.tick;
    if (this.#stream === undefined) {
      this.#stream = this.begin();
      // A cut stream is a cancellation, whether or not anybody has looked at the signal yet.
      void this.signal;
    }
    return this.#stream;
  }

  protected get hasBegun(): boolean {
    return this.#stream !== undefined;
  }

  protected begin(): MessageStream {
    return new ConnectionStream(this.responder.stream());
  }

  /** Ends the exchange with the responses to its requests. */
  finish(status: number, responses: readonly string[]): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stream !== undefined) this.#stream.end(responses);
    else if (this.#alwaysStream && status === 200) this.responder.sendStream(responses.map(eventOf).join(''));
    else this.responder.sendJson(status, this.#isBatch ? `[${responses.join(',')}]` : (responses[0] ?? ''));
  }

  /** Ends the exchange with one response: the usual case. */
  finishOne(status: number, response: string): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stream !== undefined) this.#stream.end([response]);
    else if (this.#alwaysStream && status === 200) this.responder.sendStream(eventOf(response));
    else this.responder.sendJson(status, response);
  }

  /** Ends the exchange with a result whose bytes exist already: they are sent behind the id, not encoded again. */
  finishPrepared(id: RequestId, { bytes, text }: PreparedResult): void {
    const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":`;
    if (this.#ended || this.#stream !== undefined || this.#alwaysStream) return this.finishOne(200, `${head}${text}}`);
    this.#ended = true;
    this.responder.sendPrepared(head, bytes);
  }

  sweep(tick: number): void {
    const { sweeper, limits } = this.endpoint;
    const { responseMode } = this.endpoint.settings;
    if (this.asking > 0) this.#startedAt++;
    // First, whether or not the client is still there: a handler that never ends must not keep its place for ever.
    if (tick - this.#startedAt > sweeper.ticks(limits.requestTimeoutMs)) return this.#timeOut(limits.requestTimeoutMs);
    if (this.#ended || this.unheard) return;
    if (this.#stream !== undefined) {
      if (limits.keepAliveMs > 0 && tick - this.#spokeAt >= sweeper.ticks(limits.keepAliveMs)) this.begun().comment();
    } else if (
      this.mayStream &&
      responseMode !== 'json' &&
      tick - this.#startedAt >= sweeper.ticks(limits.streamAfterMs)
    ) {
      this.begun().comment();
    }
  }

  #timeOut(ms: number): void {
    const details = { ms };
    const responses = this.ids.map(id => codedBody('SLIP_REQUEST_TIMEOUT', details, true, id));
    this.giveUp(new SlipwayError('SLIP_REQUEST_TIMEOUT', details), 200, responses);
    this.endpoint.release(this);
  }

  /** Ends what is still running when the server stops. */
  cutOff(): void {
    const responses = this.ids.map(id => codedBody('SLIP_STOPPING', {}, true, id));
    this.giveUp(new SlipwayError('SLIP_STOPPING'), 503, responses);
  }

  /** Ends the exchange without its handler. That hears of it first: a question that it withdraws comes before the end. */
  protected giveUp(reason: SlipwayError, status: number, responses: readonly string[]): void {
    this.#controller?.abort(reason);
    this.finish(status, responses);
  }
}
