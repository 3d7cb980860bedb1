/** What is particular to the 2025 era without sessions: which revision answers, what is refused, and batches. */
import type { Classified, LegacyMessage } from '../../protocol/classification.ts';
import {
  INVALID_REQUEST,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCRequest,
  type RequestId,
} from '../../protocol/json-rpc.ts';
import { ProtocolError, ProtocolErrorCode, UnsupportedProtocolVersionError } from '../../protocol/protocol-error.ts';
import { DEFAULT_NEGOTIATED_PROTOCOL_VERSION, MODERN_REVISIONS } from '../../protocol/revision.ts';
import { negotiate } from '../../server/built-in-operations.ts';
import { type Call, NO_PARAMS, type Params } from '../../server/call.ts';
import type { Server } from '../../server/server.ts';
import { answerCall, responseTo } from './answer.ts';
import { challenged } from './challenge.ts';
import type { HttpEndpoint } from './endpoint.ts';
import { codedBody } from './error-body.ts';
import type { HttpRequest } from './http-request.ts';
import type { Responder } from './responder.ts';
import type { Served } from './served.ts';

/** The last revision with batches; a request without a version header counts as it. */
const BATCH_REVISION = '2025-03-26';

/** The revision that answers: the negotiated one for `initialize`, else the header's, else the oldest of this transport. */
export function legacyRevisionOf(server: Server, method: string, params: Params, header: string | undefined): string {
  if (method === 'initialize') return negotiate(server, params['protocolVersion']);
  return header ?? DEFAULT_NEGOTIATED_PROTOCOL_VERSION;
}

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
      const supported = [...MODERN_REVISIONS];
      if (typeof named === 'string')
        return { id, error: new UnsupportedProtocolVersionError({ supported, requested: named }) };
      const text = 'Unsupported protocol version: the request did not name a protocol version';
      const code = ProtocolErrorCode.UnsupportedProtocolVersion;
      return { id, error: new ProtocolError(code, text, { supported }) };
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
): void {
  const { server } = served;
  const limit = endpoint.limits.maxConcurrentRequests;
  if (messages.length > limit) {
    const text = `Invalid Request: the batch has more than ${limit} messages`;
    return endpoint.refuse(responder, null, new ProtocolError(INVALID_REQUEST, text));
  }
  const requests = messages.filter(message => isJSONRPCRequest(message));
  challenged(endpoint, served, request, responder, requests, () => {
    for (const message of messages) {
      if (!isJSONRPCRequest(message) && !isJSONRPCResponse(message)) server.receive(message);
    }
    if (requests.length === 0) return responder.sendOther(202, {});
    const calls = requests.map(({ id, method, params = NO_PARAMS }): Call => {
      return { id, method, params, revision: BATCH_REVISION, envelope: undefined };
    });
    if (endpoint.inFlight + calls.length > limit) {
      return responder.sendJson(503, codedBody('SLIP_OVERLOADED', { limit }, true), { 'retry-after': '1' });
    }
    const ids = calls.map(({ id }) => id);
    const exchange = endpoint.exchange(request, responder, ids, false, true);
    endpoint.hold(exchange);
    Promise.all(calls.map(call => responseTo(endpoint, server, call, exchange))).then(responses => {
      endpoint.release(exchange);
      exchange.finish(200, responses);
    });
  });
}

/** Answers one request of the 2025 era. */
export function serveLegacy(
  endpoint: HttpEndpoint,
  served: Served,
  request: HttpRequest,
  responder: Responder,
  message: JSONRPCRequest,
  version: string | undefined,
): void {
  const { id, method, params = NO_PARAMS } = message;
  const revision = legacyRevisionOf(served.server, method, params, version);
  const call: Call = { id, method, params, revision, envelope: undefined };
  challenged(endpoint, served, request, responder, [message], () =>
    answerCall(endpoint, served.server, request, responder, call),
  );
}
