/** What a session id in the headers leads to: a call with a session, a stream (GET), its end (DELETE). */
import { SlipwayError } from '../../protocol/coded-error.ts';
import { INTERNAL_ERROR, INVALID_REQUEST, type RequestId } from '../../protocol/json-rpc.ts';
import { ProtocolError, UnsupportedProtocolVersionError } from '../../protocol/protocol-error.ts';
import { MODERN_REVISIONS } from '../../protocol/revision.ts';
import { logInternal } from '../../server/fault.ts';
import { principalOf } from '../../server/peer.ts';
import { type EventPlace, openEventId } from '../../session/event-id.ts';
import type { Session } from '../../session/session.ts';
import type { SessionFloor } from '../../session/session-floor.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody, errorBody } from './error-body.ts';
import { EventReader, knowsPriming } from './event-reader.ts';
import { GetStream } from './get-stream.ts';
import type { HttpRequest } from './http-request.ts';
import type { Responder } from './responder.ts';
import type { Served } from './served.ts';

export const SESSION_HEADER = 'mcp-session-id';

/** The number that the official SDKs give to a session that is not found; the specification only names the status. */
const SESSION_NOT_FOUND = -32001;

/** The answer to an id that opens no session: MCP 2025-11-25, basic/transports, "Session Management": 404. */
function refuseSession(endpoint: HttpEndpoint, responder: Responder, id: RequestId | null, error: unknown): void {
  if (error instanceof SlipwayError && error.code === 'SLIP_SESSION_UNKNOWN') {
    endpoint.report(error);
    const wire = { code: SESSION_NOT_FOUND, message: `Session not found: ${error.what}`, data: { code: error.code } };
    return responder.sendJson(404, errorBody(id, wire));
  }
  if (error instanceof ProtocolError || error instanceof SlipwayError) {
    const code = error instanceof SlipwayError ? error.code : undefined;
    const { message, data } = error instanceof ProtocolError ? error : { message: error.what, data: { code } };
    endpoint.report(error);
    return responder.sendJson(503, errorBody(id, { code: INTERNAL_ERROR, message, data }), { 'retry-after': '1' });
  }
  const reference = logInternal(endpoint.logger, error, { during: 'session' });
  const message = `Internal error (reference ${reference})`;
  responder.sendJson(500, errorBody(id, { code: INTERNAL_ERROR, message, data: { reference } }));
}

/**
 * Goes on with the session that the request names; answers itself where there is none.
 *
 * @param id of the JSON-RPC request, for the error
 */
export function withSession(
  endpoint: HttpEndpoint,
  floor: SessionFloor,
  request: HttpRequest,
  responder: Responder,
  sessionId: string,
  id: RequestId | null,
  go: (session: Session) => void,
): void {
  const refuse = (error: unknown): void => {
    endpoint.edge.limits.charge(request);
    refuseSession(endpoint, responder, id, error);
  };
  try {
    const session = floor.sessions.open(sessionId, principalOf(request.authInfo));
    if (!(session instanceof Promise)) return go(session);
    endpoint.enter();
    session
      .then(go, refuse)
      .catch(refuse)
      .finally(() => endpoint.leave());
  } catch (error) {
    refuse(error);
  }
}

/** The revision that a GET or DELETE names; MCP 2025-11-25, basic/transports, "Protocol Version Header". */
function versionFault(served: Served, request: HttpRequest): ProtocolError | undefined {
  const requested = request.header('mcp-protocol-version')?.trim();
  const { legacyRevisions } = served.server;
  if (requested === undefined || legacyRevisions.includes(requested)) return undefined;
  return new UnsupportedProtocolVersionError({ supported: [...MODERN_REVISIONS, ...legacyRevisions], requested });
}

/** DELETE: ends the session. */
export async function endSession(
  endpoint: HttpEndpoint,
  floor: SessionFloor,
  served: Served,
  request: HttpRequest,
  responder: Responder,
): Promise<void> {
  const fault = versionFault(served, request);
  if (fault !== undefined) return endpoint.refuse(responder, null, fault);
  endpoint.enter();
  try {
    const sessionId = request.header(SESSION_HEADER)?.trim() ?? '';
    const session = await floor.sessions.open(sessionId, principalOf(request.authInfo));
    await floor.sessions.terminate(session);
    responder.sendOther(204, {});
  } catch (error) {
    refuseSession(endpoint, responder, null, error);
  } finally {
    endpoint.leave();
  }
}

/** GET: the session's own stream, or the rest of any stream of it that was cut. */
export async function openStream(
  endpoint: HttpEndpoint,
  floor: SessionFloor,
  served: Served,
  request: HttpRequest,
  responder: Responder,
): Promise<void> {
  const fault = versionFault(served, request);
  if (fault !== undefined) return endpoint.refuse(responder, null, fault);
  const stream = new GetStream(endpoint, responder);
  let reader: EventReader | undefined;
  endpoint.enter();
  try {
    const sessionId = request.header(SESSION_HEADER)?.trim() ?? '';
    const session = await floor.sessions.open(sessionId, principalOf(request.authInfo));
    if (stream.closed) return stream.forget();
    reader = new EventReader(responder, session.facts.revision, () => endpoint.retryMs);
    const lastEventId = request.header('last-event-id');
    const place = lastEventId ? openEventId(floor.keyring, lastEventId, session.key) : undefined;
    if (lastEventId && (place === undefined || (place.stream !== '' && !CALL_POSITION.test(place.position)))) {
      stream.forget();
      return responder.sendJson(400, codedBody('SLIP_EVENT_UNKNOWN', {}));
    }
    if (place === undefined || place.stream === '') {
      await standalone(floor, served, session, place?.position, reader, stream);
    } else if (!(await resumed(floor, session, place, reader, stream))) {
      stream.forget();
      // Nothing is left: to an event source, 204 means that it need not come back.
      return responder.sendOther(204, {});
    }
    if (!stream.closed) endpoint.watch.opened('get', request);
  } catch (error) {
    stream.forget();
    if (reader?.begun !== true) return refuseSession(endpoint, responder, null, error);
    endpoint.report(error);
    reader.end(true);
  } finally {
    endpoint.leave();
  }
}

const CALL_POSITION = /^(\d{1,15}|end)$/;

/** @returns false when nothing is left of the stream */
async function resumed(
  floor: SessionFloor,
  { key, facts }: Session,
  place: EventPlace,
  reader: EventReader,
  stream: GetStream,
): Promise<boolean> {
  const resumable = await floor.streams.resumable(place);
  if (resumable === undefined) return false;
  const keepAlive = () => reader.comment();
  stream.use('resumed', { session: key, reader, expiresAt: facts.expiresAt, keepAlive });
  if (stream.closed) {
    stream.forget();
    return true;
  }
  reader.open();
  // The head alone would wait for the first event.
  reader.comment();
  stream.onEnd(floor.streams.resume(resumable, reader));
  return true;
}

async function standalone(
  floor: SessionFloor,
  served: Served,
  session: Session,
  after: string | undefined,
  reader: EventReader,
  stream: GetStream,
): Promise<void> {
  const { standalone: streams } = floor;
  const { key, facts } = session;
  const keepAlive = () => {
    if (!knowsPriming(facts.revision) || !streams.refresh(key, reader)) reader.comment();
  };
  const kind = streams.holds(key) ? 'takeover' : 'standalone';
  stream.use(kind, { session: key, reader, expiresAt: facts.expiresAt, keepAlive });
  stream.onEnd(() => streams.close(key, reader));
  const opened = await streams.open(session, after, reader);
  // The head alone would wait for the first event.
  reader.comment();
  if (opened === 'trimmed' && served.server.capabilities.logging !== undefined) {
    const { what, fix, code } = new SlipwayError('SLIP_EVENTS_TRIMMED');
    const params = { level: 'warning', logger: 'slipway', data: { code, message: `${what}. ${fix}` } };
    void reader.event(undefined, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params }));
  }
}

/** A request without a session id, where one is required. */
export function refuseMissingSession(responder: Responder, id: RequestId | null): void {
  const error = new SlipwayError('SLIP_SESSION_REQUIRED');
  const message = `Bad Request: ${error.what}. ${error.fix}`;
  responder.sendJson(400, errorBody(id, { code: INVALID_REQUEST, message, data: { code: error.code } }));
}
