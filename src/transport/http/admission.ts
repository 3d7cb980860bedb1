/**
 * What a request has to pass before its body is read or a stream is opened, in this order: preflight, Host, Origin,
 * path, method, allowance, media type, announced size, room. The cheap and the dangerous come first, and nothing is made
 * for a caller before.
 */

import { INVALID_REQUEST, PARSE_ERROR } from '../../protocol/json-rpc.ts';
import { acceptsEventStream } from './accept.ts';
import { corsHeaders, preflightHeaders } from './cors.ts';
import type { Edge } from './edge.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody, errorBody } from './error-body.ts';
import { answerLive, answerReady, probeOf } from './health.ts';
import type { HttpRequest } from './http-request.ts';
import { acceptsBody } from './media-type.ts';
import { hasPassedHost, hasPassedOrigin } from './passed-request.ts';
import { refuseRate } from './rate-limit-answer.ts';
import { limited } from './rate-limit-gate.ts';
import { isReservedPath } from './reserved-path.ts';
import type { Responder } from './responder.ts';
import { hasRoomToRead } from './room.ts';
import { RENDERED_HEADERS } from './security-headers.ts';
import { refuseMissingSession, SESSION_HEADER } from './session-routes.ts';
import { sseTarget } from './sse-target.ts';

const WITHOUT_SESSION = 'POST, OPTIONS';
const WITH_SESSION = 'GET, POST, DELETE, OPTIONS';

export class Admission {
  readonly #endpoint: HttpEndpoint;
  readonly #edge: Edge;

  constructor(endpoint: HttpEndpoint) {
    this.#endpoint = endpoint;
    this.#edge = endpoint.edge;
  }

  /** Whether the body is to be read; otherwise the request is answered. */
  admit(request: HttpRequest, responder: Responder, maxBodyBytes: number): boolean {
    const origin = request.header('origin');
    if (request.method === 'OPTIONS') {
      this.#preflight(request, responder, origin);
      return false;
    }
    const probe = probeOf(request);
    if (probe !== undefined) {
      // Before the guards: a probe comes by address, and learns nothing.
      if (probe === 'live') answerLive(responder);
      else answerReady(responder, this.#endpoint.readiness());
      return false;
    }
    const { localAddress } = request;
    const { hosts, origins } = this.#edge;
    const host = hostOf(request);
    if (hosts?.refusal(host, localAddress) && !hasPassedHost(request.source)) {
      responder.sendJson(403, codedBody('SLIP_HOST_REFUSED', { host: (host ?? '').slice(0, 200) }));
      return false;
    }
    if (origin !== undefined && origins !== undefined) {
      if (!origins.allows(origin, host, localAddress) && !hasPassedOrigin(request.source)) {
        responder.sendJson(403, codedBody('SLIP_ORIGIN_REFUSED', { origin: origin.slice(0, 200) }));
        return false;
      }
      responder.extraHeaders = corsHeaders(origin);
    }
    const sse = this.#endpoint.settings.httpSse ? sseTarget(request) : undefined;
    if (sse === undefined && isReservedPath(request.url)) {
      // Plain text: anything that looks like MCP on a discovery path leads clients into a sign-in.
      responder.sendOther(404, { 'content-type': 'text/plain; charset=utf-8', ...RENDERED_HEADERS }, 'Not found\n');
      return false;
    }
    const isPost = request.method === 'POST';
    if (!isPost && sse === undefined && !this.#isOfSessions(request, responder)) return false;
    const refusal = this.#edge.limits.blocked(request);
    if (refusal !== undefined) {
      refuseRate(responder, refusal);
      return false;
    }
    if (!isPost) {
      const open = () => {
        // To count it may have taken its time.
        if (!this.#mayOpen(request, responder)) return;
        if (sse === undefined) this.#endpoint.serveSession(request, responder);
        else this.#endpoint.serveSse(request, responder);
      };
      if (this.#mayOpen(request, responder)) limited(this.#endpoint, undefined, request, responder, [], open);
      return false;
    }
    if (!acceptsBody(request.header('content-type'))) {
      responder.sendJson(415, codedBody('SLIP_MEDIA_TYPE', {}));
      return false;
    }
    return this.#hasRoom(request, responder, maxBodyBytes);
  }

  get #allowed(): string {
    return this.#endpoint.settings.sessionMode === 'off' ? WITHOUT_SESSION : WITH_SESSION;
  }

  /** GET and DELETE belong to sessions; without one, there is no stream to offer and nothing to end: answered then. */
  #isOfSessions(request: HttpRequest, responder: Responder): boolean {
    const { method } = request;
    const { sessionMode } = this.#endpoint.settings;
    const isSessions = sessionMode !== 'off' && (method === 'GET' || method === 'DELETE');
    const named = Boolean(request.header(SESSION_HEADER)?.trim());
    if (!isSessions || (!named && sessionMode !== 'required')) {
      responder.sendJson(405, codedBody('SLIP_HTTP_METHOD', { method }), { allow: WITHOUT_SESSION });
      return false;
    }
    if (!named) refuseMissingSession(responder, null);
    return named;
  }

  /** Whether a stream may be opened, or a session ended, at this time; otherwise the request is answered. */
  #mayOpen(request: HttpRequest, responder: Responder): boolean {
    if (request.method === 'GET' && !acceptsEventStream(request.header('accept'))) {
      const message = 'Not Acceptable: a GET is answered with text/event-stream';
      responder.sendJson(406, errorBody(null, { code: INVALID_REQUEST, message }));
      return false;
    }
    if (this.#endpoint.phase === 'serving') return true;
    responder.sendJson(503, codedBody('SLIP_STOPPING', {}, true), { 'retry-after': '1', connection: 'close' });
    return false;
  }

  #hasRoom(request: HttpRequest, responder: Responder, maxBodyBytes: number): boolean {
    const announced = request.header('content-length');
    if (announced !== undefined && Number(announced) > maxBodyBytes) {
      responder.sendJson(413, codedBody('SLIP_BODY_TOO_LARGE', { limit: maxBodyBytes }));
      return false;
    }
    if (this.#endpoint.phase === 'stopping') {
      responder.sendJson(503, codedBody('SLIP_STOPPING', {}, true), { 'retry-after': '1', connection: 'close' });
      return false;
    }
    return hasRoomToRead(this.#endpoint, request, responder);
  }

  /** Answered before anything else may refuse: a preflight carries no credentials, and a browser shows no other reason. */
  #preflight(request: HttpRequest, responder: Responder, origin: string | undefined): void {
    const { origins } = this.#edge;
    const allowed =
      origin !== undefined && (origins === undefined || origins.allows(origin, hostOf(request), request.localAddress));
    const headers = allowed ? preflightHeaders(origin, request.header('access-control-request-headers')) : {};
    responder.sendOther(204, { allow: this.#allowed, ...headers });
  }
}

/** What the client asked for, as far as a trusted proxy says. */
function hostOf(request: HttpRequest): string | undefined {
  return request.host ?? request.header('host');
}

/** The answer to a body that is not JSON. */
export function parseErrorBody(): string {
  return errorBody(null, { code: PARSE_ERROR, message: 'Parse error: the body is not valid JSON' });
}
