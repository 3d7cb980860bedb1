/**
 * The MCP endpoint over HTTP, whoever received the request: admission, classification, dispatch, answer. Both eras on
 * one URL. MCP 2026-07-28, basic/transports/streamable-http; MCP 2025-11-25, basic/transports.
 */

import { classify, readableId } from '../../protocol/classification.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { INTERNAL_ERROR, type RequestId } from '../../protocol/json-rpc.ts';
import { parseJson } from '../../protocol/json-text.ts';
import type { LoggingMessageNotificationParams } from '../../protocol/logging.ts';
import type { ProtocolError } from '../../protocol/protocol-error.ts';
import type { ProtocolEra } from '../../protocol/revision.ts';
import { Keyring } from '../../sealing/keyring.ts';
import { logInternal } from '../../server/fault.ts';
import { type Logger, stderrLogger } from '../../server/logger.ts';
import type { McpServer } from '../../server/mcp-server.ts';
import type { Server } from '../../server/server.ts';
import { Subscriptions } from '../../server/subscriptions.ts';
import { SessionFloor } from '../../session/session-floor.ts';
import type { ServerEventBus } from '../../state/event-bus.ts';
import type { State } from '../../state/state.ts';
import { acceptsEventStream } from './accept.ts';
import { Admission, parseErrorBody } from './admission.ts';
import { Arrivals } from './arrivals.ts';
import { Edge } from './edge.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import { type EndpointParts, type EndpointSettings, resolveSettings } from './endpoint-settings.ts';
import { codedBody, errorBody } from './error-body.ts';
import type { GetStream } from './get-stream.ts';
import type { ReadinessReport } from './health.ts';
import { HttpExchange } from './http-exchange.ts';
import type { EndpointGauges } from './http-observer.ts';
import type { HttpRequest } from './http-request.ts';
import { HttpWatch } from './http-watch.ts';
import { InFlight } from './in-flight.ts';
import { type HttpLimits, resolveLimits } from './limits.ts';
import type { Responder } from './responder.ts';
import { route, standardHeadersOf } from './routing.ts';
import { type McpServerFactory, type Served, ServerSource } from './served.ts';
import type { SessionClient } from './session-client.ts';
import { SessionExchange } from './session-exchange.ts';
import { endSession, openStream } from './session-routes.ts';
import { SseChannels } from './sse-channels.ts';
import { openSse, postSse } from './sse-routes.ts';
import { sseTarget } from './sse-target.ts';
import { Sweeper } from './sweeper.ts';

/** Waits for a promise, but not for ever. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SlipwayError('SLIP_REQUEST_TIMEOUT', { ms })), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

export class HttpEndpoint {
  readonly limits: HttpLimits;
  readonly subscriptions: Subscriptions;
  readonly sweeper: Sweeper;
  readonly edge: Edge;
  readonly bus: ServerEventBus;
  readonly state: State;
  /** Seals what clients carry for the servers of this endpoint. */
  readonly keyring: Keyring;
  readonly settings: EndpointSettings;
  readonly sseChannels = new SseChannels();
  /** Streams opened by GET, of both transports. */
  getStreams = 0;
  /** Streams of calls that are read on by GET. */
  resumedStreams = 0;
  readonly sessionStreams = new Set<GetStream>();
  readonly inFlight = new InFlight();
  readonly arrivals = new Arrivals(this.inFlight);
  readonly watch: HttpWatch;
  /**
   * `draining`: about to stop. Calls are answered as ever, with the end of their connection; streams go elsewhere.
   * `stopping`: nothing new is taken.
   */
  phase: 'serving' | 'draining' | 'stopping' = 'serving';
  readonly #parts: EndpointParts;
  readonly #options: EndpointOptions;
  readonly #source: ServerSource;
  readonly #admission: Admission;
  readonly #offBus: () => void;
  #floor: SessionFloor | undefined;
  #stopped: Promise<void> | undefined;

  /** @throws SlipwayError SLIP_INVALID_OPTION */
  constructor(source: McpServer | Server | McpServerFactory, parts: EndpointParts, options: EndpointOptions = {}) {
    const { bus, state } = parts;
    this.#options = options;
    this.#parts = parts;
    this.watch = new HttpWatch(parts.http, error => this.report(error));
    this.state = state;
    this.settings = resolveSettings(parts, options);
    this.limits = resolveLimits(options);
    const { requestTimeoutMs, streamAfterMs, keepAliveMs, bodyTimeoutMs } = this.limits;
    this.sweeper = new Sweeper(Math.min(requestTimeoutMs, streamAfterMs, keepAliveMs || streamAfterMs, bodyTimeoutMs));
    this.subscriptions = new Subscriptions(this.limits.maxSubscriptions);
    this.edge = new Edge(options, parts.limiters, () => this.logger);
    this.#admission = new Admission(this);
    this.bus = bus;
    this.#offBus = bus.subscribe(event => {
      this.subscriptions.deliver(event);
      // The state's own bus has told the sessions itself.
      if (parts.ownBus) this.#floor?.standalone.change(event);
    });
    this.#source = new ServerSource(source, {
      onMade: ({ server }) => this.#equip(server),
      onShared: ({ server }) => {
        const offChange = server.onChange(event => bus.publish(event));
        const offBroadcast = server.onBroadcast((params, sessionId) => this.#broadcast(params, sessionId));
        return () => {
          offChange();
          offBroadcast();
        };
      },
    });
    this.keyring = parts.keyring ?? this.#source.shared?.server.keyring ?? Keyring.random();
    if (this.#source.shared !== undefined) this.#equip(this.#source.shared.server);
  }

  /** Gives a server what the deployment has for all of them. */
  #equip(server: Server): void {
    const { calls, idempotency, toolLimits } = this.#parts;
    server.useKeyring(this.keyring);
    if (this.#options.logger !== undefined) server.useLogger(this.#options.logger);
    if (toolLimits !== undefined) server.useToolLimits(toolLimits);
    if (calls !== undefined) server.observer = calls;
    if (idempotency !== undefined) server.useIdempotency(idempotency);
  }

  /** What sessions need, once a server is known; undefined where there are none. */
  floorOf({ server }: Served): SessionFloor | undefined {
    if (this.settings.sessionMode === 'off') return undefined;
    return (this.#floor ??= new SessionFloor({
      // Secrets that the server was made with are the author's choice.
      keyring: server.secretsAreShared ? server.keyring : this.keyring,
      state: this.state,
      ttlMs: this.settings.sessionTtlMs,
      logger: () => this.logger,
      cancelHere: (session, call, reason) => this.#cancelHere(session, call, reason),
      onTerminated: session => this.#letGoOf(session),
    }));
  }

  /** Cancels a call; of two with one id, which is the client's mistake, the later. */
  #cancelHere(session: string, request: string, reason: string | undefined): boolean {
    let found: SessionExchange | undefined;
    for (const one of this.sweeper) if (one instanceof SessionExchange && one.answers(session, request)) found = one;
    found?.cancel(reason);
    return found !== undefined;
  }

  /** A session has ended: its streams end, and its questions, which it can not answer any more. */
  #letGoOf(session: string): void {
    for (const stream of [...this.sessionStreams]) if (stream.session === session) stream.end(false);
    for (const one of this.sweeper) if (one instanceof SessionExchange) one.sessionEnded(session);
  }

  /** Logs to the sessions, or to one of them. */
  #broadcast(params: LoggingMessageNotificationParams, sessionId: string | undefined): void {
    const floor = this.shared && this.floorOf(this.shared);
    if (floor !== undefined) floor.standalone.log(params, sessionId).catch(error => this.report(error));
    else if (this.settings.httpSse && sessionId === undefined) {
      // There are no sessions, but clients of the older transport.
      Promise.resolve(this.state.bus.publish({ kind: 'log', params })).catch(error => this.report(error));
    }
  }

  /** The one server for all requests, if there is one. */
  get shared(): Served | undefined {
    return this.#source.shared;
  }

  get logger(): Logger {
    return (this.#options.logger ??= this.#source.shared?.server.logger ?? stderrLogger());
  }

  /** Has a factory called again by the next request: what it makes has changed. */
  renew(): void {
    this.#source.renew();
  }

  /** Whether the body of this request is to be read; otherwise it is answered already. */
  admit(request: HttpRequest, responder: Responder, maxBodyBytes: number = this.limits.maxBodyBytes): boolean {
    return this.#admission.admit(request, responder, maxBodyBytes);
  }

  /** Answers 500 where answering throws: what escapes from it would end the process. */
  guard(responder: Responder, answer: () => void): void {
    try {
      answer();
    } catch (error) {
      const reference = logInternal(this.logger, error, { during: 'http' });
      const message = `Internal error (reference ${reference})`;
      responder.sendJson(500, errorBody(null, { code: INTERNAL_ERROR, message, data: { reference } }));
    }
  }

  /** Answers a request whose body has arrived as text. */
  serveText(request: HttpRequest, responder: Responder, text: string): void {
    let body: unknown;
    try {
      body = parseJson(text, this.limits.maxJsonDepth);
    } catch (error) {
      const deep = error instanceof SlipwayError;
      const answer = deep ? codedBody(error.code, error.details) : parseErrorBody();
      this.edge.limits.charge(request);
      return responder.sendJson(400, answer);
    }
    this.serve(request, responder, body);
  }

  /** Answers a request whose body is parsed. Never throws. */
  serve(request: HttpRequest, responder: Responder, body: unknown): void {
    if (this.settings.httpSse && sseTarget(request) === 'message') return postSse(this, request, responder, body);
    const headers = standardHeadersOf(request);
    const classified = classify(body, headers);
    const { shared } = this.#source;
    if (shared !== undefined) return route(this, shared, request, responder, classified, headers);
    const era = classified.kind.startsWith('modern') ? 'modern' : 'legacy';
    if (classified.kind === 'refused') return this.refuseRead(request, responder, classified.id, classified.error);
    this.#withServed(request, responder, era, readableId(body), served =>
      route(this, served, request, responder, classified, headers),
    );
  }

  /** Opens the event stream of a client of HTTP+SSE. Never throws. */
  serveSse(request: HttpRequest, responder: Responder): void {
    const { shared } = this.#source;
    if (shared !== undefined) return openSse(this, shared, request, responder);
    this.#withServed(request, responder, 'legacy', null, served => openSse(this, served, request, responder));
  }

  /** Answers a GET or DELETE that names a session. Never throws. */
  serveSession(request: HttpRequest, responder: Responder): void {
    const go = (served: Served) => {
      const floor = this.floorOf(served)!;
      void (request.method === 'GET' ? openStream : endSession)(this, floor, served, request, responder);
    };
    const { shared } = this.#source;
    if (shared !== undefined) return go(shared);
    this.#withServed(request, responder, 'legacy', null, go);
  }

  /** Has the factory make the server of a request, and goes on with it. */
  #withServed(
    request: HttpRequest,
    responder: Responder,
    era: ProtocolEra,
    id: RequestId | null,
    go: (served: Served) => void,
  ): void {
    const { authInfo } = request;
    const context = Object.defineProperty({ era, ...(authInfo && { authInfo }) } as const, 'requestInfo', {
      get: () => request.web,
      enumerable: true,
      configurable: true,
    });
    this.enter();
    within(this.limits.requestTimeoutMs, this.#source.acquire(context))
      .then(go, error => {
        this.report(error);
        logInternal(this.logger, error, { during: 'factory' });
        responder.sendJson(500, errorBody(id, { code: INTERNAL_ERROR, message: 'Internal server error' }));
      })
      .catch(error => {
        const reference = logInternal(this.logger, error, { during: 'http' });
        responder.sendJson(
          500,
          errorBody(id, { code: INTERNAL_ERROR, message: `Internal error (reference ${reference})` }),
        );
      })
      .finally(() => this.leave());
  }

  /** Tells the host's `onerror`. */
  report(error: unknown): void {
    try {
      this.#options.onerror?.(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // Reporting never alters an answer.
    }
  }

  refuse(responder: Responder, id: RequestId | null, { code, message, data }: ProtocolError, status = 400): void {
    this.report(new Error(`Rejected inbound request: ${message}`));
    responder.sendJson(status, errorBody(id, data === undefined ? { code, message } : { code, message, data }));
  }

  /** Refuses what had to be read for that: it counts for its caller's limit as what is answered does. */
  refuseRead(
    request: HttpRequest,
    responder: Responder,
    id: RequestId | null,
    error: ProtocolError,
    status = 400,
  ): void {
    this.edge.limits.charge(request);
    this.refuse(responder, id, error, status);
  }

  // In flight -----------------------------------------------------------------------------------------------------------

  /** A POST on its way, for the requests with these ids. */
  exchange(
    request: HttpRequest,
    responder: Responder,
    ids: readonly (RequestId | null)[],
    modern: boolean,
    isBatch = false,
    client: SessionClient | undefined = undefined,
  ): HttpExchange {
    responder.accounted = true;
    const mayStream = this.settings.responseMode !== 'json' && acceptsEventStream(request.header('accept'));
    if (client !== undefined) {
      return new SessionExchange(this, client, request, responder, mayStream, ids as readonly RequestId[], isBatch);
    }
    return new HttpExchange(this, request, responder, mayStream, ids, modern, isBatch);
  }

  /** Counts an exchange as in flight, and watches over its time. */
  hold(exchange: HttpExchange): void {
    this.inFlight.enter(exchange.weight);
    this.edge.callers?.enter(exchange.incoming, exchange.weight);
    this.sweeper.add(exchange);
  }

  /** It is no longer in flight; called again it does nothing. */
  release(exchange: HttpExchange): void {
    if (!this.sweeper.delete(exchange)) return;
    this.edge.callers?.leave(exchange.incoming, exchange.weight);
    this.inFlight.leave(exchange.weight);
  }

  /** Counts work on a request that is not an exchange yet; {@link leave} ends it. */
  enter(): void {
    this.inFlight.beginStep();
  }

  leave(): void {
    this.inFlight.endStep();
  }

  /** Counts a body that is being read, for its caller too; {@link hasRead} ends it. */
  reads(request: HttpRequest): void {
    this.inFlight.reading++;
    this.edge.callers?.enter(request);
  }

  hasRead(request: HttpRequest): void {
    this.edge.callers?.leave(request);
    this.inFlight.bodySettled();
  }

  /** When a client whose stream has ended comes back, in ms. A server that stops ends thousands at once: they spread. */
  get retryMs(): number {
    const { retryMs } = this.settings;
    return this.phase === 'serving' ? retryMs : Math.round(retryMs * (1 + Math.random()));
  }

  get gauges(): EndpointGauges {
    return {
      inFlight: this.inFlight.requests,
      reading: this.inFlight.reading,
      listenStreams: this.subscriptions.size,
      getStreams: this.getStreams,
      resumedStreams: this.resumedStreams,
      sseChannels: this.sseChannels.size,
    };
  }

  /** Whether it is ready for requests, and what of it is not. */
  readiness(): Promise<ReadinessReport> {
    return this.#parts.readiness(this.phase !== 'serving');
  }

  // Stopping ----------------------------------------------------------------------------------------------------------

  /**
   * Begins to stop: not ready any more, and every answer ends its connection, so that clients take the next one elsewhere.
   *
   * @param takenOver whether others serve what comes now: then streams are ended at once, for their clients to go there
   */
  drain(takenOver: boolean): void {
    if (this.phase !== 'serving') return;
    this.phase = 'draining';
    if (takenOver) this.#endStreams();
  }

  /**
   * Stops: listeners get their completion, calls may finish, what is left after `graceMs` is ended with an error.
   *
   * @returns once nothing is in flight; a second call waits for the first
   */
  stop(graceMs: number): Promise<void> {
    return (this.#stopped ??= this.#stop(graceMs));
  }

  /** Nobody can post an answer any more, to this process or another: the calls that wait for one need not. */
  #withdrawQuestions(): void {
    for (const one of [...this.sweeper]) if (one instanceof SessionExchange && one.isAsking) one.cutOff();
  }

  /** Streams that tell what happens: their clients open them again, elsewhere. */
  #endStreams(): void {
    const info = this.#source.shared?.server.info ?? { name: 'slipway', version: '0' };
    this.subscriptions.closeAll(info);
    this.#floor?.standalone.closeAll();
    this.sseChannels.drain();
  }

  async #stop(graceMs: number): Promise<void> {
    this.phase = 'stopping';
    this.#endStreams();
    if (!this.state.durable) this.#withdrawQuestions();
    if (!(await this.inFlight.ended(graceMs))) {
      for (const one of this.sweeper) if (one instanceof HttpExchange) one.cutOff();
      this.sseChannels.cutOff();
    }
    // What a call that ended just now has left to say is on its way to who follows its stream.
    if (this.sessionStreams.size > 0) await new Promise(resolve => setImmediate(resolve));
    for (const stream of [...this.sessionStreams]) stream.end(true);
    this.#offBus();
    this.#floor?.close();
  }
}
