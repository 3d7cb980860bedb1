/**
 * The MCP endpoint over HTTP, whoever received the request: admission, classification, dispatch, answer. Both eras on
 * one URL. MCP 2026-07-28, basic/transports/streamable-http; MCP 2025-11-25, basic/transports.
 */

import { type Classified, classify, readableId, type StandardHeaders } from '../../protocol/classification.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Envelope } from '../../protocol/envelope.ts';
import { INVALID_REQUEST, type JSONRPCRequest, type RequestId } from '../../protocol/json-rpc.ts';
import { checkParamHeaders } from '../../protocol/param-header.ts';
import { HEADER_MISMATCH, MissingRequiredClientCapabilityError, ProtocolError } from '../../protocol/protocol-error.ts';
import { standardHeaderFault } from '../../protocol/standard-headers.ts';
import type { SubscriptionFilter } from '../../protocol/subscription.ts';
import { type Call, NO_PARAMS } from '../../server/call.ts';
import { dispatch, UnknownMethodError } from '../../server/dispatch.ts';
import { resultText } from '../../server/encoding.ts';
import { logInternal, toWireError } from '../../server/fault.ts';
import { type Logger, stderrLogger } from '../../server/logger.ts';
import type { McpServer } from '../../server/mcp-server.ts';
import { isThenable, type Outcome } from '../../server/outcome.ts';
import { paramsFault } from '../../server/params.ts';
import { checkScopeChallenge } from '../../server/scope-challenge.ts';
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
import { answerBatch, legacyRefusal, legacyRevisionOf } from './legacy.ts';
import { type HttpLimits, resolveLimits } from './limits.ts';
import { ListenStream } from './listen-stream.ts';
import { OriginGuard } from './origin-guard.ts';
import type { Responder } from './responder.ts';
import { scopeChallengeAnswer } from './scope-challenge-answer.ts';
import { type McpServerFactory, type Served, ServerSource } from './served.ts';
import { Sweeper } from './sweeper.ts';

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

  /** Whether the body of this request is to be read; otherwise it is answered already. */
  admit(request: HttpRequest, responder: Responder): boolean {
    return this.#admission.admit(request, responder);
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
    if (classified.kind === 'refused') return this.#refuse(responder, classified.id, classified.error);
    const { authInfo } = request;
    const context = Object.defineProperty({ era, ...(authInfo && { authInfo }) } as const, 'requestInfo', {
      get: () => request.web,
      enumerable: true,
    });
    this.#source.acquire(context).then(
      served => this.#route(served, request, responder, classified, headers),
      error => {
        this.#report(error);
        logInternal(this.logger, error, { during: 'factory' });
        responder.sendJson(500, errorBody(readableId(body), { code: -32603, message: 'Internal server error' }));
      },
    );
  }

  #report(error: unknown): void {
    try {
      this.#options.onerror?.(error instanceof Error ? error : new Error(String(error)));
    } catch {
      // Reporting never alters an answer.
    }
  }

  #refuse(responder: Responder, id: RequestId | null, { code, message, data }: ProtocolError, status = 400): void {
    this.#report(new Error(`Rejected inbound request: ${message}`));
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
      return this.#modern(served, request, responder, classified.message, classified.envelope, headers);
    }
    if (classified.kind === 'refused') return this.#refuse(responder, classified.id, classified.error);
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
    if (refusal !== undefined) return this.#refuse(responder, refusal.id, refusal.error);
    switch (classified.kind) {
      case 'legacy':
        return this.#legacy(served, request, responder, classified.message, classified.version);
      case 'legacy-notification':
        if (this.#options.legacy !== 'reject') served.server.receive(classified.message);
        return responder.sendOther(202, {});
      case 'response':
        return responder.sendOther(202, {});
      case 'batch':
        return answerBatch(this, served, request, responder, classified.messages);
    }
  }

  // The modern era ----------------------------------------------------------------------------------------------------

  #modern(
    served: Served,
    request: HttpRequest,
    responder: Responder,
    message: JSONRPCRequest,
    envelope: Envelope,
    headers: StandardHeaders,
  ): void {
    const { id, method } = message;
    const params = message.params ?? NO_PARAMS;
    const fault = standardHeaderFault(message, headers);
    if (fault !== undefined) {
      const error = new ProtocolError(HEADER_MISMATCH, `Header mismatch: ${fault.body}`, { mismatch: fault });
      return this.#refuse(responder, id, error);
    }
    if (method === 'tools/call' && served.registered !== undefined) {
      const rules = served.registered.paramHeadersOf(params['name']);
      if (rules.length > 0) {
        const mismatch = checkParamHeaders(rules, params['arguments'], name => request.header(name));
        if (mismatch !== undefined) return this.#refuse(responder, id, new ProtocolError(HEADER_MISMATCH, mismatch));
      }
    }
    const call: Call = { id, method, params, revision: envelope.revision, envelope };
    if (method === 'subscriptions/listen') return this.#listen(served.server, request, responder, call);
    this.#challenged(served, request, responder, message, () => this.#answer(served.server, request, responder, call));
  }

  /** Goes on unless the request needs scopes that its token lacks. */
  #challenged(
    served: Served,
    request: HttpRequest,
    responder: Responder,
    message: JSONRPCRequest,
    go: () => void,
  ): void {
    const { authInfo } = request;
    const asked = served.registered?.resolveScopeChallenge({ request: message, ...(authInfo && { authInfo }) });
    if (asked === undefined) return go();
    Promise.resolve(asked)
      .then(challenge => {
        if (challenge === undefined) return go();
        const { status, headers, body } = scopeChallengeAnswer(checkScopeChallenge(challenge), authInfo);
        responder.sendOther(status, headers, body);
      })
      .catch(error => this.#fail(served.server, responder, message.id, error));
  }

  #fail(server: Server, responder: Responder, id: RequestId, error: unknown): void {
    this.#report(error);
    responder.sendJson(
      500,
      errorBody(id, toWireError(error, '2026-07-28', server.logger, { during: 'scope challenge' })),
    );
  }

  #listen(server: Server, request: HttpRequest, responder: Responder, call: Call): void {
    try {
      const fault = paramsFault(call.method, call.params);
      if (fault !== undefined) throw new ProtocolError(-32602, `Invalid params: ${fault}`);
      this.subscriptions.assertRoom();
    } catch (error) {
      const wire = toWireError(error, call.revision, server.logger, { method: call.method });
      return responder.sendJson(200, errorBody(call.id, wire));
    }
    if (!acceptsEventStream(request.header('accept'))) {
      const message = 'Not Acceptable: subscriptions/listen is answered with text/event-stream';
      return responder.sendJson(406, errorBody(call.id, { code: INVALID_REQUEST, message }));
    }
    const wanted = (call.params['notifications'] ?? {}) as SubscriptionFilter;
    new ListenStream(this, responder).open(call.id, wanted, server);
  }

  // Answers -----------------------------------------------------------------------------------------------------------

  #legacy(
    served: Served,
    request: HttpRequest,
    responder: Responder,
    message: JSONRPCRequest,
    version: string | undefined,
  ): void {
    const { id, method } = message;
    const params = message.params ?? NO_PARAMS;
    const revision = legacyRevisionOf(served.server, method, params, version);
    const call: Call = { id, method, params, revision, envelope: undefined };
    this.#challenged(served, request, responder, message, () => this.#answer(served.server, request, responder, call));
  }

  #answer(server: Server, request: HttpRequest, responder: Responder, call: Call): void {
    const exchange = this.exchange(request, responder, [call.id]);
    let outcome: Outcome | Promise<Outcome>;
    try {
      outcome = dispatch(server, call, exchange);
    } catch (error) {
      return this.#complete(exchange, this.errorOf(server, call, error));
    }
    if (!isThenable(outcome)) return this.#complete(exchange, this.#textOf(server, call, outcome));
    this.inFlight++;
    this.sweeper.add(exchange);
    outcome.then(
      value => {
        this.release(exchange);
        this.#complete(exchange, this.#textOf(server, call, value));
      },
      error => {
        this.release(exchange);
        this.#complete(exchange, this.errorOf(server, call, error));
      },
    );
  }

  exchange(request: HttpRequest, responder: Responder, ids: readonly (RequestId | null)[]): HttpExchange {
    const mayStream = this.responseMode !== 'json' && acceptsEventStream(request.header('accept'));
    return new HttpExchange(this, request, responder, mayStream, ids);
  }

  /** A request is no longer in flight; called again it does nothing. */
  release(exchange: HttpExchange): void {
    if (!this.sweeper.delete(exchange)) return;
    this.inFlight--;
    if (this.inFlight === 0) this.#idle?.();
  }

  #complete(exchange: HttpExchange, { status, text }: { status: number; text: string }): void {
    exchange.finishOne(status, text);
  }

  #textOf(server: Server, call: Call, outcome: Outcome): { status: number; text: string } {
    try {
      const result = resultText(server.stamp, call, outcome);
      return { status: 200, text: `{"jsonrpc":"2.0","id":${JSON.stringify(call.id)},"result":${result}}` };
    } catch (error) {
      return this.errorOf(server, call, error);
    }
  }

  /** The whole response to one request of a batch. */
  async respond(server: Server, call: Call, exchange: HttpExchange): Promise<string> {
    try {
      return this.#textOf(server, call, await dispatch(server, call, exchange)).text;
    } catch (error) {
      return this.errorOf(server, call, error).text;
    }
  }

  errorOf(server: Server, call: Call, error: unknown): { status: number; text: string } {
    const wire = toWireError(error, call.revision, server.logger, { method: call.method, name: call.params['name'] });
    if (!(error instanceof ProtocolError)) this.#report(error);
    let status = 200;
    if (call.envelope !== undefined) {
      if (error instanceof UnknownMethodError) status = 404;
      else if (error instanceof MissingRequiredClientCapabilityError) status = 400;
    }
    return { status, text: errorBody(call.id, wire) };
  }

  // Stopping ----------------------------------------------------------------------------------------------------------

  /**
   * Stops: listeners get their completion, calls may finish, what is left after `graceMs` is ended with an error.
   *
   * @returns once nothing is in flight
   */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const info = this.#source.shared?.server.info ?? { name: 'slipway', version: '0' };
    this.subscriptions.closeAll(info);
    if (this.inFlight > 0) {
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
