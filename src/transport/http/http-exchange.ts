/**
 * One POST on its way: collects the answers to its messages, becomes an event stream when there is something to tell
 * before them, and ends once. It is the Peer of the requests that it carries.
 */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { JSONRPCNotification, Notification, RequestId } from '../../protocol/json-rpc.ts';
import { SdkError, SdkErrorCode } from '../../protocol/sdk-error.ts';
import type { PreparedResult } from '../../server/outcome.ts';
import type { HttpFacts, Peer } from '../../server/peer.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { COMMENT, type EventStream, eventOf, type Responder } from './responder.ts';
import type { Swept } from './sweeper.ts';

export class HttpExchange implements Peer, Swept, HttpFacts {
  readonly incoming: HttpRequest;
  readonly responder: Responder;
  /** Whether the answer may be an event stream: the client reads them, and the mode allows it. */
  readonly mayStream: boolean;
  readonly #endpoint: HttpEndpoint;
  readonly #alwaysStream: boolean;
  readonly #cancelsOnDisconnect: boolean;
  readonly #ids: readonly (RequestId | null)[];
  readonly #isBatch: boolean;
  #stream: EventStream | undefined;
  #controller: AbortController | undefined;
  #ended = false;
  #startedAt: number;
  #spokeAt: number;

  // A stateless 2025-era request knows nothing of its client and has no session.
  readonly sessionId = undefined;
  readonly clientCapabilities = undefined;
  readonly clientInfo = undefined;
  readonly logLevel = undefined;

  constructor(
    endpoint: HttpEndpoint,
    request: HttpRequest,
    responder: Responder,
    mayStream: boolean,
    ids: readonly (RequestId | null)[],
    modern: boolean,
    isBatch: boolean,
  ) {
    this.#endpoint = endpoint;
    this.incoming = request;
    this.responder = responder;
    this.mayStream = mayStream;
    this.#alwaysStream = mayStream && endpoint.responseMode === 'sse';
    this.#ids = ids;
    this.#isBatch = isBatch;
    this.#cancelsOnDisconnect = modern;
    this.#startedAt = this.#spokeAt = endpoint.sweeper.tick;
  }

  /** How many requests it counts for. */
  get weight(): number {
    return this.#ids.length;
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

  notify(notification: Notification): void | Promise<void> {
    if (this.#ended || !this.mayStream || this.responder.gone) return;
    const message: JSONRPCNotification = { jsonrpc: '2.0', ...notification };
    return this.#open().write(eventOf(JSON.stringify(message)));
  }

  /** There is no way to a stateless client but the answer to its own request. */
  async request(method: string): Promise<never> {
    const why = 'the client has no session, so it can not be asked while it waits';
    const error = new SlipwayError('SLIP_CLIENT_UNREACHABLE', { method, why });
    throw new SdkError(SdkErrorCode.NotConnected, error.message, { method });
  }

  #open(): EventStream {
    this.#spokeAt = this.#endpoint.sweeper.tick;
    if (this.#stream === undefined) {
      this.#stream = this.responder.stream();
      // A cut stream is a cancellation, whether or not anybody has looked at the signal yet.
      void this.signal;
    }
    return this.#stream;
  }

  /** Ends the exchange with the responses to its requests. */
  finish(status: number, responses: readonly string[]): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stream !== undefined) this.#stream.end(responses.map(eventOf).join(''));
    else if (this.#alwaysStream && status === 200) this.responder.sendStream(responses.map(eventOf).join(''));
    else this.responder.sendJson(status, this.#isBatch ? `[${responses.join(',')}]` : (responses[0] ?? ''));
  }

  /** Ends the exchange with one response: the usual case. */
  finishOne(status: number, response: string): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#stream !== undefined) this.#stream.end(eventOf(response));
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
    const { sweeper, limits, responseMode } = this.#endpoint;
    // First, whether or not the client is still there: a handler that never ends must not keep its place for ever.
    if (tick - this.#startedAt > sweeper.ticks(limits.requestTimeoutMs)) return this.#timeOut(limits.requestTimeoutMs);
    if (this.#ended || this.responder.gone) return;
    if (this.#stream !== undefined) {
      if (limits.keepAliveMs > 0 && tick - this.#spokeAt >= sweeper.ticks(limits.keepAliveMs))
        void this.#open().write(COMMENT);
    } else if (
      this.mayStream &&
      responseMode !== 'json' &&
      tick - this.#startedAt >= sweeper.ticks(limits.streamAfterMs)
    ) {
      void this.#open().write(COMMENT);
    }
  }

  #timeOut(ms: number): void {
    const details = { ms };
    const responses = this.#ids.map(id => codedBody('SLIP_REQUEST_TIMEOUT', details, true, id));
    this.finish(200, responses);
    this.#controller?.abort(new SlipwayError('SLIP_REQUEST_TIMEOUT', details));
    this.#endpoint.release(this);
  }

  /** Ends what is still running when the server stops. */
  cutOff(): void {
    const responses = this.#ids.map(id => codedBody('SLIP_STOPPING', {}, true, id));
    this.finish(503, responses);
    this.#controller?.abort(new SlipwayError('SLIP_STOPPING'));
  }
}
