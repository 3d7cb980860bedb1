/**
 * HTTP+SSE (MCP 2024-11-05, basic/transports), the transport before Streamable HTTP: the client opens an event stream,
 * hears on it where to post, and gets every answer on it. Off unless asked for.
 */
import { classify, readableId } from '../../protocol/classification.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { INVALID_REQUEST, isJSONRPCRequest } from '../../protocol/json-rpc.ts';
import { ProtocolError } from '../../protocol/protocol-error.ts';
import { Connection } from '../../server/connection.ts';
import { principalOf } from '../../server/peer.ts';
import { principalDigest } from '../../session/session-facts.ts';
import { newSessionKey } from '../../session/session-id.ts';
import type { ServerEvent } from '../../state/event-bus.ts';
import { challenged } from './challenge.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import { limited } from './rate-limit-gate.ts';
import type { Responder } from './responder.ts';
import { whenRoomToCall } from './room.ts';
import type { Served } from './served.ts';
import { SseChannel } from './sse-channel.ts';
import { receiveLetter } from './sse-inbox.ts';
import { type Letter, sealLetter } from './sse-letter.ts';
import { openSseSession, type SseSession, sealSseSession } from './sse-session.ts';
import { messagesUrl, sseSessionOf } from './sse-target.ts';

const NO_HEADERS = { protocolVersion: undefined, mcpMethod: undefined, mcpName: undefined };
/** What the official SDK answers for a session it does not know. */
const SESSION_NOT_FOUND = -32001;
const RETRY = { 'retry-after': '1' };

/** Answers GET /sse: a stream with a client of its own. */
export function openSse(endpoint: HttpEndpoint, served: Served, request: HttpRequest, responder: Responder): void {
  const { limits, keyring } = endpoint;
  // To count and to make a server may have taken its time.
  if (endpoint.phase !== 'serving') {
    return responder.sendJson(503, codedBody('SLIP_STOPPING', {}, true), { ...RETRY, connection: 'close' });
  }
  const limit = limits.maxSubscriptions;
  if (endpoint.getStreams >= limit) {
    return responder.sendJson(503, codedBody('SLIP_STREAM_LIMIT', { limit }, true), RETRY);
  }
  const issuedAt = Date.now();
  const session: SseSession = {
    key: newSessionKey(),
    principal: principalDigest(principalOf(request.authInfo)),
    issuedAt,
    expiresAt: issuedAt + endpoint.settings.sessionTtlMs,
  };
  const channel = new SseChannel(
    endpoint,
    served,
    request,
    responder,
    session,
    messagesUrl(request, sealSseSession(keyring, session)),
  );
  const connection = new Connection(served.server, channel, () => {}, {
    changes: listener => hearChanges(endpoint, served, listener),
    onRequest: (id, abort) => channel.begin(id, abort),
  });
  const offLogs = endpoint.state.bus.subscribe(({ event }) => {
    if (event.kind !== 'log' || event.session !== undefined) return;
    connection.log(event.params).catch(error => endpoint.report(error));
  });
  channel.receivesUntilClosed(offLogs);
  // Only who can already be reached may be told where to post.
  openMailbox(endpoint, channel)
    .then(() => {
      if (channel.closed) return undefined;
      endpoint.watch.opened('sse', request);
      return connection.start();
    })
    .catch(error => {
      endpoint.report(error);
      void channel.close();
    });
}

/** Changes of all processes; beside them those of a server that was made for this client alone. */
function hearChanges(endpoint: HttpEndpoint, served: Served, listener: (event: ServerEvent) => void): () => void {
  const offBus = endpoint.bus.subscribe(listener);
  const offOwn = served === endpoint.shared ? undefined : served.server.onChange(listener);
  return () => {
    offBus();
    offOwn?.();
  };
}

/** A lost store costs what other processes could hand over; what is posted to this one needs none. */
async function openMailbox(endpoint: HttpEndpoint, channel: SseChannel): Promise<void> {
  const receive = (letter: string) => receiveLetter(endpoint, channel, letter);
  try {
    channel.receivesUntilClosed(await endpoint.state.mailbox.open(channel.session.key, receive));
  } catch (error) {
    endpoint.logger.warn({ error }, 'an event stream of HTTP+SSE can not be reached from other processes');
  }
}

/** Answers POST /messages: 202, and whatever there is to say comes on the stream. */
export function postSse(endpoint: HttpEndpoint, request: HttpRequest, responder: Responder, body: unknown): void {
  const session = openSseSession(endpoint.keyring, sseSessionOf(request) ?? '');
  const unknown = session === undefined || session.principal !== principalDigest(principalOf(request.authInfo));
  if (unknown || Date.now() >= session.expiresAt) {
    endpoint.edge.limits.charge(request);
    return refuseSession(endpoint, responder, body, unknown ? 'it was not issued here' : 'it has expired');
  }
  const classified = classify(body, NO_HEADERS);
  if (classified.kind === 'refused') return endpoint.refuseRead(request, responder, classified.id, classified.error);
  if (classified.kind === 'batch') {
    const error = new ProtocolError(INVALID_REQUEST, 'Invalid Request: this transport has no batches');
    return endpoint.refuseRead(request, responder, null, error);
  }
  const { message } = classified;
  const { authInfo } = request;
  const letter: Letter = { message, extra: { request: request.web, ...(authInfo && { authInfo }) } };
  const channel = endpoint.sseChannels.get(session.key);
  const requests = isJSONRPCRequest(message) ? [message] : [];
  const deliver = () => {
    if (channel === undefined) return deliverElsewhere(endpoint, responder, session, letter);
    const receive = () => {
      accept(responder);
      channel.receive(message, letter.extra);
    };
    const [call] = requests;
    if (call === undefined) receive();
    else whenRoomToCall(endpoint, request, responder, call.id, 1, receive);
  };
  const served = channel?.served ?? endpoint.shared;
  limited(endpoint, served?.registered, request, responder, [message], () => {
    if (served === undefined) deliver();
    else challenged(endpoint, served, request, responder, requests, deliver);
  });
}

/** Hands the message to the process that holds the stream, if one does. */
function deliverElsewhere(endpoint: HttpEndpoint, responder: Responder, session: SseSession, letter: Letter): void {
  const deliver = async () =>
    endpoint.state.mailbox.deliver(session.key, sealLetter(endpoint.keyring, session.key, letter));
  endpoint.enter();
  deliver()
    .then(
      delivered => {
        if (delivered) accept(responder);
        else refuseSession(endpoint, responder, letter.message, 'its event stream is closed');
      },
      error => {
        endpoint.report(error);
        const { details } = error instanceof SlipwayError ? error : { details: { why: 'see the log' } };
        const text = codedBody('SLIP_STORE_UNAVAILABLE', details, true, readableId(letter.message));
        responder.sendJson(503, text, RETRY);
      },
    )
    .finally(() => endpoint.leave());
}

function accept(responder: Responder): void {
  responder.sendOther(202, { 'content-type': 'text/plain; charset=utf-8' }, 'Accepted');
}

function refuseSession(endpoint: HttpEndpoint, responder: Responder, body: unknown, why: string): void {
  const { what, fix, code } = new SlipwayError('SLIP_SESSION_UNKNOWN', { why });
  const error = new ProtocolError(SESSION_NOT_FOUND, `${what}. ${fix}`, { code });
  endpoint.refuse(responder, readableId(body), error, 404);
}
