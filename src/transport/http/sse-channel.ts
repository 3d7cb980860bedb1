import { type ErrorDetails, SlipwayError, type SlipwayErrorCode } from '../../protocol/coded-error.ts';
import type { JSONRPCMessage, RequestId } from '../../protocol/json-rpc.ts';
import { SdkError, SdkErrorCode } from '../../protocol/sdk-error.ts';
import type { MessageExtraInfo, Transport } from '../../server/transport.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { COMMENT, type EventStream, eventOf, type Responder } from './responder.ts';
import type { Served } from './served.ts';
import type { SseSession } from './sse-session.ts';
import { Swept } from './sweeper.ts';

interface RunningCall {
  readonly id: RequestId;
  readonly since: number;
  abort(reason: Error): void;
}

/**
 * One client of HTTP+SSE (MCP 2024-11-05, basic/transports, "HTTP with SSE"): what the server says goes out on its event
 * stream, what the client says is handed in by whoever received the POST.
 */
export class SseChannel extends Swept implements Transport {
  readonly session: SseSession;
  readonly served: Served;
  readonly #endpoint: HttpEndpoint;
  readonly #request: HttpRequest;
  readonly #responder: Responder;
  readonly #postUrl: string;
  readonly #calls = new Set<RunningCall>();
  #stream: EventStream | undefined;
  #spokeAt = 0;
  #draining = false;
  #closed = false;

  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: (<T extends JSONRPCMessage>(message: T, extra?: MessageExtraInfo) => void) | undefined;
  readonly #receptions: (() => void)[] = [];

  /**
   * @param request the one that opened it, whose caller its calls count for
   * @param postUrl where the client is told to post its messages
   */
  constructor(
    endpoint: HttpEndpoint,
    served: Served,
    request: HttpRequest,
    responder: Responder,
    session: SseSession,
    postUrl: string,
  ) {
    super();
    this.#endpoint = endpoint;
    this.#request = request;
    this.served = served;
    this.#responder = responder;
    this.session = session;
    this.#postUrl = postUrl;
    // It counts from now on: opening takes a moment.
    endpoint.sseChannels.add(this);
    endpoint.getStreams++;
  }

  get sessionId(): string {
    return this.session.key;
  }

  /** Whether nothing new is begun: the server stops. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Whether its caller has as many calls in flight as may be. */
  get busy(): boolean {
    return this.#endpoint.edge.callers?.isBusy(this.#request) === true;
  }

  /** Whether the stream has ended, or never begins. */
  get closed(): boolean {
    return this.#closed;
  }

  /** @param off ends the reception of something from elsewhere; called when the stream has ended */
  receivesUntilClosed(off: () => void): void {
    if (this.#closed) off();
    else this.#receptions.push(off);
  }

  async start(): Promise<void> {
    this.#responder.onGone(() => this.#settle());
    if (this.#responder.gone) return this.#settle();
    this.#stream = this.#responder.stream();
    this.#endpoint.sweeper.add(this);
    await this.#write(`event: endpoint\ndata: ${this.#postUrl}\n\n`);
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (this.#closed) throw new SdkError(SdkErrorCode.ConnectionClosed, 'The event stream of the client is closed');
    await this.sendText(JSON.stringify(message));
  }

  /** Takes a message of the client. */
  receive(message: JSONRPCMessage, extra: MessageExtraInfo): void {
    if (!this.#closed) this.onmessage?.(message, extra);
  }

  /** Answers a request in its handler's place. */
  refuse(id: RequestId, code: SlipwayErrorCode, details: ErrorDetails): void {
    void this.sendText(codedBody(code, details, true, id));
  }

  /** @param text one JSON-RPC message */
  sendText(text: string): void | Promise<void> {
    return this.#write(eventOf(text));
  }

  /** A request of the client has begun: it counts as one in flight until the returned function is called. */
  begin(id: RequestId, abort: (reason: Error) => void): () => void {
    const call: RunningCall = { id, since: this.#endpoint.sweeper.tick, abort };
    this.#calls.add(call);
    this.#endpoint.inFlight.enter();
    this.#endpoint.edge.callers?.enter(this.#request);
    return () => this.#release(call);
  }

  #release(call: RunningCall): void {
    if (!this.#calls.delete(call)) return;
    this.#endpoint.edge.callers?.leave(this.#request);
    this.#endpoint.inFlight.leave();
    if (this.#calls.size > 0) return;
    if (this.#closed) this.#endpoint.sweeper.delete(this);
    else if (this.#draining) void this.close();
  }

  #write(text: string): void | Promise<void> {
    if (this.#closed) return;
    this.#spokeAt = this.#endpoint.sweeper.tick;
    return this.#stream?.write(text);
  }

  sweep(tick: number): void {
    const { sweeper, limits } = this.#endpoint;
    const { requestTimeoutMs, keepAliveMs } = limits;
    for (const call of this.#calls) {
      if (tick - call.since > sweeper.ticks(requestTimeoutMs)) {
        this.#cut(call, 'SLIP_REQUEST_TIMEOUT', { ms: requestTimeoutMs });
      }
    }
    if (this.#closed) return;
    if (Date.now() >= this.session.expiresAt) return void this.close();
    if (keepAliveMs > 0 && tick - this.#spokeAt >= sweeper.ticks(keepAliveMs)) void this.#write(COMMENT);
  }

  /** Answers a call in its handler's place. */
  #cut(call: RunningCall, code: SlipwayErrorCode, details: ErrorDetails): void {
    this.refuse(call.id, code, details);
    call.abort(new SlipwayError(code, details));
    this.#release(call);
  }

  drain(): void {
    this.#draining = true;
    if (this.#calls.size === 0) void this.close();
  }

  cutOff(): void {
    this.#draining = true;
    for (const call of [...this.#calls]) this.#cut(call, 'SLIP_STOPPING', {});
    void this.close();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    if (this.#stream !== undefined) this.#stream.end();
    else this.#responder.sendJson(503, codedBody('SLIP_STOPPING', {}, true), { 'retry-after': '1' });
    this.#settle();
  }

  /** What has to happen once the stream is gone, whoever ended it. */
  #settle(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#endpoint.sseChannels.delete(this);
    this.#endpoint.getStreams--;
    for (const off of this.#receptions.splice(0)) off();
    this.onclose?.();
    // Handlers that ignore their signal keep their place, and are timed out as ever.
    if (this.#calls.size === 0) this.#endpoint.sweeper.delete(this);
  }
}
