/** What is particular to the 2025 era, with a session or without: which revision answers, what is refused, and batches. */
import type { ClientCapabilities } from '../../protocol/capability.ts';
import type { Classified, LegacyMessage } from '../../protocol/classification.ts';
import type { Implementation } from '../../protocol/implementation.ts';
import {
  INVALID_REQUEST,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCRequest,
  type RequestId,
} from '../../protocol/json-rpc.ts';
import { ProtocolError, UnsupportedProtocolVersionError } from '../../protocol/protocol-error.ts';
import { BATCH_REVISION, DEFAULT_NEGOTIATED_PROTOCOL_VERSION, MODERN_REVISIONS } from '../../protocol/revision.ts';
import { negotiate } from '../../server/built-in-operations.ts';
import { type Call, NO_PARAMS, type Params } from '../../server/call.ts';
import { legacyRefused } from '../../server/modern-only.ts';
import { principalOf } from '../../server/peer.ts';
import type { Server } from '../../server/server.ts';
import type { SessionFloor } from '../../session/session-floor.ts';
import { answerCall, responseTo } from './answer.ts';
import { challenged } from './challenge.ts';
import type { HttpEndpoint } from './endpoint.ts';
import type { HttpRequest } from './http-request.ts';
import { limited } from './rate-limit-gate.ts';
import type { Responder } from './responder.ts';
import { whenRoomToCall } from './room.ts';
import type { Served } from './served.ts';
import { acceptForSession, receiveForSession, type SessionClient } from './session-client.ts';
import { SESSION_HEADER } from './session-routes.ts';

/** The revision that answers: the negotiated one for `initialize`, else the header's, else the oldest of this transport. */
export function legacyRevisionOf(server: Server, method: string, params: Params, header: string | undefined): string {
  if (method === 'initialize') return negotiate(server, params['protocolVersion']);
  return header ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
}

/** The kinds of messages that only the 2025 era has. */
export type LegacyClassified = Exclude<Classified, { readonly kind: 'modern' | 'modern-notification' | 'refused' }>;

export interface Refusal {
  readonly id: RequestId | null;
  readonly error: ProtocolError;
}

function idOf(classified: Classified): RequestId | null {
  return classified.kind === 'legacy' ? classified.message.id : null;
}

/** Why a message of the 2025 era is not served, if so. */
export function legacyRefusal(
  classified: Classified,
  header: string | undefined,
  server: Server,
  modernOnly: boolean,
): Refusal | undefined {
  const id = idOf(classified);
  if (modernOnly) return strictRefusal(classified, header, id);
  const isHandshake = classified.kind === 'legacy' && classified.message.method === 'initialize';
  // Responses and batches are what a modern header can reach this far with: the revision is fine, the message is not.
  const isModern = header !== undefined && MODERN_REVISIONS.includes(header);
  if (isModern && classified.kind === 'response') {
    const text = `Invalid Request: in revision ${header} clients send no responses`;
    return { id, error: new ProtocolError(INVALID_REQUEST, text) };
  }
  // MCP 2025-11-25, basic/transports, "Protocol Version Header": an unsupported one is answered 400. The error is the
  // one that 2026-07-28 defines for it.
  if (header !== undefined && !isModern && !isHandshake && !server.legacyRevisions.includes(header)) {
    const supported = [...MODERN_REVISIONS, ...server.legacyRevisions];
    return { id, error: new UnsupportedProtocolVersionError({ supported, requested: header }) };
  }
  if (classified.kind === 'batch' && header !== undefined && header !== BATCH_REVISION) {
    const text = `Invalid Request: revision ${header} has no batches`;
    return { id, error: new ProtocolError(INVALID_REQUEST, text) };
  }
  return undefined;
}

/** An endpoint without the 2025 era names what it speaks: the only hint that an older client can show its user. */
function strictRefusal(classified: Classified, header: string | undefined, id: RequestId | null): Refusal | undefined {
  switch (classified.kind) {
    case 'legacy': {
      const params = classified.message.params ?? NO_PARAMS;
      const named = classified.message.method === 'initialize' ? params['protocolVersion'] : header;
      return { id, error: legacyRefused(named) };
    }
    case 'batch':
      return { id, error: new ProtocolError(INVALID_REQUEST, 'Invalid Request: batches are not served here') };
    case 'response':
      return { id, error: new ProtocolError(INVALID_REQUEST, 'Invalid Request: responses are not expected here') };
    default:
      return undefined;
  }
}

/** Answers a batch: each request on its own, one array (or one stream) for all. MCP 2025-03-26, basic/transports. */
export function answerBatch(
  endpoint: HttpEndpoint,
  served: Served,
  request: HttpRequest,
  responder: Responder,
  messages: readonly LegacyMessage[],
  client: SessionClient | undefined,
): void {
  const { server } = served;
  const agreed = client?.session.facts.revision;
  if (agreed !== undefined && agreed !== BATCH_REVISION) {
    const text = `Invalid Request: revision ${agreed}, which the session agreed on, has no batches`;
    return endpoint.refuseRead(request, responder, null, new ProtocolError(INVALID_REQUEST, text));
  }
  const limit = endpoint.limits.maxConcurrentRequests;
  if (messages.length > limit) {
    const text = `Invalid Request: the batch has more than ${limit} messages`;
    return endpoint.refuseRead(request, responder, null, new ProtocolError(INVALID_REQUEST, text));
  }
  const requests = messages.filter(message => isJSONRPCRequest(message));
  const go = () => {
    const others = messages.filter(message => !isJSONRPCRequest(message));
    for (const message of others) if (!isJSONRPCResponse(message)) server.receive(message);
    if (requests.length === 0) return acceptForSession(endpoint, client, responder, others);
    if (client !== undefined) for (const message of others) receiveForSession(endpoint, client, message);
    const calls = requests.map(({ id, method, params = NO_PARAMS }): Call => {
      return { id, method, params, revision: BATCH_REVISION, envelope: undefined };
    });
    whenRoomToCall(endpoint, request, responder, null, calls.length, () => {
      const ids = calls.map(({ id }) => id);
      const exchange = endpoint.exchange(request, responder, ids, false, true, client);
      endpoint.hold(exchange);
      Promise.all(calls.map(call => responseTo(endpoint, server, call, exchange))).then(responses => {
        endpoint.release(exchange);
        exchange.finish(200, responses);
      });
    });
  };
  limited(endpoint, served.registered, request, responder, messages, () =>
    challenged(endpoint, served, request, responder, requests, go),
  );
}

/** Answers one request of the 2025 era. */
export function serveLegacy(
  endpoint: HttpEndpoint,
  served: Served,
  request: HttpRequest,
  responder: Responder,
  message: JSONRPCRequest,
  version: string | undefined,
  client: SessionClient | undefined,
): void {
  const { id, method, params = NO_PARAMS } = message;
  const revision = client?.session.facts.revision ?? legacyRevisionOf(served.server, method, params, version);
  const call: Call = { id, method, params, revision, envelope: undefined };
  const floor = method === 'initialize' ? endpoint.floorOf(served) : undefined;
  const begins = floor === undefined ? undefined : () => beginSession(floor, call, request, responder);
  limited(endpoint, served.registered, request, responder, [message], () =>
    challenged(endpoint, served, request, responder, [message], () =>
      answerCall(endpoint, served.server, request, responder, call, client, begins),
    ),
  );
}

/** A handshake that succeeds begins a session. */
function beginSession(floor: SessionFloor, call: Call, request: HttpRequest, responder: Responder): void {
  const { capabilities, clientInfo } = call.params as {
    capabilities?: ClientCapabilities;
    clientInfo?: Implementation;
  };
  const id = floor.sessions.issue(
    {
      revision: call.revision,
      clientCapabilities: capabilities ?? {},
      clientInfo: clientInfo ?? { name: '', version: '' },
    },
    principalOf(request.authInfo),
  );
  responder.extraHeaders = { ...responder.extraHeaders, [SESSION_HEADER]: id };
}
