/**
 * The MCP endpoint over HTTP, whoever received the request: admission, classification, dispatch, answer. Both eras on
 * one URL. MCP 2026-07-28, basic/transports/streamable-http; MCP 2025-11-25, basic/transports.
 */

import { type Classified, classify, readableId, type StandardHeaders } from '../../protocol/classification.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { INTERNAL_ERROR, type RequestId } from '../../protocol/json-rpc.ts';
import type { ProtocolError } from '../../protocol/protocol-error.ts';
import { logInternal } from '../../server/fault.ts';
import { type Logger, stderrLogger } from '../../server/logger.ts';
import type { McpServer } from '../../server/mcp-server.ts';
import type { Server } from '../../server/server.ts';
import { Subscriptions } from '../../server/subscriptions.ts';
import type { ServerEventBus } from '../../state/event-bus.ts';
import { acceptsEventStream } from './accept.ts';
import { Admission, parseErrorBody } from './admission.ts';
import type { EndpointOptions, ResponseMode } from './endpoint-options.ts';
import { codedBody, errorBody } from './error-body.ts';
import { HostGuard } from './host-guard.ts';
import { HttpExchange } from './http-exchange.ts';
import type { HttpRequest } from './http-request.ts';
import { parseJson } from './json-text.ts';
import { answerBatch, legacyRefusal, serveLegacy } from './legacy.ts';
import { type HttpLimits, resolveLimits } from './limits.ts';
import { serveModern } from './modern.ts';
import { OriginGuard } from './origin-guard.ts';
import type { Responder } from './responder.ts';
import { type McpServerFactory, type Served, ServerSource } from './served.ts';
import { Sweeper } from './sweeper.ts';

/** Waits for a promise, but not for ever. */
function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SlipwayError('SLIP_REQUEST_TIMEOUT', { ms })), ms);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

const trimmed = (value: string | undefined): string | undefined => {
  if (value === undefined) return undefined;
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  return first <= 0x20 || last <= 0x20 ? value.trim() : value;
};

export class HttpEndpoint {
  readonly limits: HttpLimits;
  readonly responseMode: ResponseMode;
  readonly subscriptions: Subscriptions;
  readonly sweeper: Sweeper;
  readonly bus: ServerEventBus;
  /** Requests being answered; listeners are not among them. */
  inFlight = 0;
  /** Requests whose bodies have not arrived in whole. */
  reading = 0;
  stopping = false;
  readonly #options: EndpointOptions;
  readonly #source: ServerSource;
  readonly #admission: Admission;
  readonly #offBus: () => void;
  #idle: (() => void) | undefined;
  #stopped: Promise<void> | undefined;

  /** @throws SlipwayError SLIP_INVALID_OPTION */
  constructor(source: McpServer | Server | McpServerFactory, bus: ServerEventBus, options: EndpointOptions = {}) {
    this.#options = options;
    this.limits = resolveLimits(options);
    this.responseMode = options.responseMode ?? 'auto';
    const { requestTimeoutMs, streamAfterMs, keepAliveMs, bodyTimeoutMs } = this.limits;
    this.sweeper = new Sweeper(Math.min(requestTimeoutMs, streamAfterMs, keepAliveMs || streamAfterMs, bodyTimeoutMs));
    this.subscriptions = new Subscriptions(this.limits.maxSubscriptions);
    const guarded = options.guard !== false;
    const hosts = guarded ? new HostGuard(options.allowedHosts) : undefined;
    const origins = guarded ? new OriginGuard(options.allowedOrigins, hosts) : undefined;
    this.#admission = new Admission(this, hosts, origins);
    this.bus = bus;
    this.#offBus = bus.subscribe(event => this.subscriptions.deliver(event));
    this.#source = new ServerSource(source, ({ server }) => server.onChange(event => bus.publish(event)));
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

  /** Answers a request whose body has arrived as text. */
  serveText(request: HttpRequest, responder: Responder, text: string): void {
    let body: unknown;
    try {
      body = parseJson(text, this.limits.maxJsonDepth);
    } catch (error) {
      const deep = error instanceof SlipwayError;
      const answer = deep ? codedBody(error.code, error.details) : parseErrorBody();
      return responder.sendJson(400, answer);
    }
    this.serve(request, responder, body);
  }

  /** Answers a request whose body is parsed. Never throws. */
  serve(request: HttpRequest, responder: Responder, body: unknown): void {
    const headers: StandardHeaders = {
      protocolVersion: trimmed(request.header('mcp-protocol-version')),
      mcpMethod: trimmed(request.header('mcp-method')),
      mcpName: trimmed(request.header('mcp-name')),
    };
    const classified = classify(body, headers);
    const { shared } = this.#source;
    if (shared !== undefined) return this.#route(shared, request, responder, classified, headers);
    const era = classified.kind.startsWith('modern') ? 'modern' : 'legacy';
    if (classified.kind === 'refused') return this.refuse(responder, classified.id, classified.error);
    const { authInfo } = request;
    const context = Object.defineProperty({ era, ...(authInfo && { authInfo }) } as const, 'requestInfo', {
      get: () => request.web,
      enumerable: true,
      configurable: true,
    });
    this.enter();
    within(this.limits.requestTimeoutMs, this.#source.acquire(context))
      .then(
        served => this.#route(served, request, responder, classified, headers),
        error => {
          this.report(error);
          logInternal(this.logger, error, { during: 'factory' });
          responder.sendJson(
            500,
            errorBody(readableId(body), { code: INTERNAL_ERROR, message: 'Internal server error' }),
          );
        },
      )
      .catch(error => {
        const reference = logInternal(this.logger, error, { during: 'http' });
        responder.sendJson(
          500,
          errorBody(readableId(body), { code: INTERNAL_ERROR, message: `Internal error (reference ${reference})` }),
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

  #route(
    served: Served,
    request: HttpRequest,
    responder: Responder,
    classified: Classified,
    headers: StandardHeaders,
  ): void {
    if (classified.kind === 'modern') {
      return serveModern(this, served, request, responder, classified.message, classified.envelope, headers);
    }
    if (classified.kind === 'refused') return this.refuse(responder, classified.id, classified.error);
    if (classified.kind === 'modern-notification') {
      served.server.receive(classified.message);
      return responder.sendOther(202, {});
    }
    const refusal = legacyRefusal(
      classified,
      headers.protocolVersion,
      served.server,
      this.#options.legacy === 'reject',
    );
    if (refusal !== undefined) return this.refuse(responder, refusal.id, refusal.error);
    switch (classified.kind) {
      case 'legacy':
        return serveLegacy(this, served, request, responder, classified.message, classified.version);
      case 'legacy-notification':
        if (this.#options.legacy !== 'reject') served.server.receive(classified.message);
        return responder.sendOther(202, {});
      case 'response':
        return responder.sendOther(202, {});
      case 'batch':
        return answerBatch(this, served, request, responder, classified.messages);
    }
  }

  // In flight -----------------------------------------------------------------------------------------------------------

  /** A POST on its way, for the requests with these ids. */
  exchange(
    request: HttpRequest,
    responder: Responder,
    ids: readonly (RequestId | null)[],
    modern: boolean,
    isBatch = false,
  ): HttpExchange {
    const mayStream = this.responseMode !== 'json' && acceptsEventStream(request.header('accept'));
    return new HttpExchange(this, request, responder, mayStream, ids, modern, isBatch);
  }

  /** Counts an exchange as in flight, and watches over its time. */
  hold(exchange: HttpExchange): void {
    this.inFlight += exchange.weight;
    this.sweeper.add(exchange);
  }

  /** It is no longer in flight; called again it does nothing. */
  release(exchange: HttpExchange): void {
    if (this.sweeper.delete(exchange)) this.leave(exchange.weight);
  }

  /** Counts work on a request that is not an exchange yet; {@link leave} ends it. */
  enter(): void {
    this.inFlight++;
  }

  leave(weight = 1): void {
    this.inFlight -= weight;
    this.#settle();
  }

  /** A body is no longer awaited. */
  bodySettled(): void {
    this.reading--;
    this.#settle();
  }

  /** Tells the stop that waits, once what just ended has had the chance to begin something else. */
  #settle(): void {
    if (this.#idle === undefined) return;
    queueMicrotask(() => {
      if (this.inFlight + this.reading === 0) this.#idle?.();
    });
  }

  // Stopping ----------------------------------------------------------------------------------------------------------

  /**
   * Stops: listeners get their completion, calls may finish, what is left after `graceMs` is ended with an error.
   *
   * @returns once nothing is in flight; a second call waits for the first
   */
  stop(graceMs: number): Promise<void> {
    return (this.#stopped ??= this.#stop(graceMs));
  }

  async #stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const info = this.#source.shared?.server.info ?? { name: 'slipway', version: '0' };
    this.subscriptions.closeAll(info);
    if (this.inFlight + this.reading > 0) {
      await new Promise<void>(resolve => {
        const timer = setTimeout(() => {
          for (const one of this.sweeper) if (one instanceof HttpExchange) one.cutOff();
          resolve();
        }, graceMs);
        this.#idle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#offBus();
  }
}
