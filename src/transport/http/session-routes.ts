/** What a session id in the headers leads to: a call with a session, a stream (GET), its end (DELETE). */
import { SlipwayError } from '../../protocol/coded-error.ts';
import { INTERNAL_ERROR, INVALID_REQUEST, type RequestId } from '../../protocol/json-rpc.ts';
import { ProtocolError } from '../../protocol/protocol-error.ts';
import { logInternal } from '../../server/fault.ts';
import { principalOf } from '../../server/peer.ts';
import { openEventId } from '../../session/event-id.ts';
import type { Session } from '../../session/session.ts';
import type { SessionFloor } from '../../session/session-floor.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody, errorBody } from './error-body.ts';
import { EventReader, knowsPriming } from './event-reader.ts';
import { GetStream } from './get-stream.ts';
import type { HttpRequest } from './http-request.ts';
import type { Responder } from './responder.ts';

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
  try {
    const session = floor.sessions.open(sessionId, principalOf(request.authInfo));
    if (!(session instanceof Promise)) return go(session);
    endpoint.enter();
    session
      .then(go, error => refuseSession(endpoint, responder, id, error))
      .catch(error => refuseSession(endpoint, responder, id, error))
      .finally(() => endpoint.leave());
  } catch (error) {
    refuseSession(endpoint, responder, id, error);
  }
}

/** DELETE: ends the session. */
export async function endSession(
  endpoint: HttpEndpoint,
  floor: SessionFloor,
  request: HttpRequest,
  responder: Responder,
): Promise<void> {
  try {
    const sessionId = request.header(SESSION_HEADER) ?? '';
    const session = await floor.sessions.open(sessionId, principalOf(request.authInfo));
    await floor.sessions.terminate(session);
    responder.sendOther(204, {});
  } catch (error) {
    refuseSession(endpoint, responder, null, error);
  }
}

/** GET: the session's own stream, or the rest of any stream of it that was cut. */
export async function openStream(
  endpoint: HttpEndpoint,
  floor: SessionFloor,
  request: HttpRequest,
  responder: Responder,
): Promise<void> {
  try {
    const sessionId = request.header(SESSION_HEADER) ?? '';
    const session = await floor.sessions.open(sessionId, principalOf(request.authInfo));
    const lastEventId = request.header('last-event-id');
    const reader = new EventReader(responder, session.facts.revision, endpoint.settings.retryMs);
    if (lastEventId === undefined || lastEventId === '') {
      return await standalone(endpoint, floor, session, undefined, reader, responder);
    }
    const place = openEventId(floor.keyring, lastEventId, session.key);
    if (place === undefined) return responder.sendJson(400, codedBody('SLIP_EVENT_UNKNOWN', {}));
    if (place.stream === '') {
      return await standalone(endpoint, floor, session, place.position, reader, responder);
    }
    const resumable = await floor.streams.resumable(place);
    // Nothing is left: to an event source, 204 means that it need not come back.
    if (resumable === undefined) return responder.sendOther(204, {});
    if (responder.gone) return;
    const stream = new GetStream(endpoint, responder, reader, () => reader.comment());
    reader.open();
    // The head alone would wait for the first event.
    reader.comment();
    stream.onEnd(floor.streams.resume(resumable, reader));
  } catch (error) {
    refuseSession(endpoint, responder, null, error);
  }
}

async function standalone(
  endpoint: HttpEndpoint,
  floor: SessionFloor,
  session: Session,
  after: string | undefined,
  reader: EventReader,
  responder: Responder,
): Promise<void> {
  const { standalone: streams } = floor;
  const { key } = session;
  const stream = new GetStream(endpoint, responder, reader, () => {
    if (!knowsPriming(session.facts.revision) || !streams.refresh(key, reader)) reader.comment();
  });
  stream.onEnd(() => streams.close(key, reader));
  try {
    const opened = await streams.open(session, after, reader);
    // The head alone would wait for the first event.
    if (opened) return reader.comment();
    stream.forget();
    responder.sendJson(410, codedBody('SLIP_EVENTS_TRIMMED', {}));
  } catch (error) {
    stream.forget();
    if (!reader.begun) throw error;
    endpoint.report(error);
    reader.end(true);
  }
}

/** A request without a session id, where one is required. */
export function refuseMissingSession(responder: Responder, id: RequestId | null): void {
  const error = new SlipwayError('SLIP_SESSION_REQUIRED');
  const message = `Bad Request: ${error.what}. ${error.fix}`;
  responder.sendJson(400, errorBody(id, { code: INVALID_REQUEST, message, data: { code: error.code } }));
}
