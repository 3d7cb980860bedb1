/** Where a classified message goes: its era, and in the 2025 era its session. */
import type { Classified, StandardHeaders } from '../../protocol/classification.ts';
import type { HttpEndpoint } from './endpoint.ts';
import type { HttpRequest } from './http-request.ts';
import { answerBatch, type LegacyClassified, legacyRefusal, serveLegacy } from './legacy.ts';
import { serveModern } from './modern.ts';
import { limited } from './rate-limit-gate.ts';
import type { Responder } from './responder.ts';
import type { Served } from './served.ts';
import { acceptForSession, type SessionClient } from './session-client.ts';
import { refuseMissingSession, SESSION_HEADER, withSession } from './session-routes.ts';

function trimmed(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const first = value.charCodeAt(0);
  const last = value.charCodeAt(value.length - 1);
  return first <= 0x20 || last <= 0x20 ? value.trim() : value;
}

export function standardHeadersOf(request: HttpRequest): StandardHeaders {
  return {
    protocolVersion: trimmed(request.header('mcp-protocol-version')),
    mcpMethod: trimmed(request.header('mcp-method')),
    mcpName: trimmed(request.header('mcp-name')),
  };
}

export function route(
  endpoint: HttpEndpoint,
  served: Served,
  request: HttpRequest,
  responder: Responder,
  classified: Classified,
  headers: StandardHeaders,
): void {
  if (classified.kind === 'modern') {
    return serveModern(endpoint, served, request, responder, classified.message, classified.envelope, headers);
  }
  if (classified.kind === 'refused') return endpoint.refuseRead(request, responder, classified.id, classified.error);
  if (classified.kind === 'modern-notification') {
    return limited(endpoint, undefined, request, responder, [classified.message], () => {
      served.server.receive(classified.message);
      responder.sendOther(202, {});
    });
  }
  const { modernOnly, sessionMode } = endpoint.settings;
  const refusal = legacyRefusal(classified, headers.protocolVersion, served.server, modernOnly);
  if (refusal !== undefined) return endpoint.refuseRead(request, responder, refusal.id, refusal.error);
  const floor = endpoint.floorOf(served);
  // One that is left blank is one that is left out.
  const sessionId = floor === undefined ? undefined : trimmed(request.header(SESSION_HEADER)) || undefined;
  const id = classified.kind === 'legacy' ? classified.message.id : null;
  const isHandshake = classified.kind === 'legacy' && classified.message.method === 'initialize';
  if (floor === undefined || isHandshake || sessionId === undefined) {
    if (sessionMode === 'required' && !isHandshake) {
      endpoint.edge.limits.charge(request);
      return refuseMissingSession(responder, id);
    }
    return serve(endpoint, served, request, responder, classified, undefined);
  }
  withSession(endpoint, floor, request, responder, sessionId, id, session =>
    serve(endpoint, served, request, responder, classified, { floor, session }),
  );
}

/** Serves a message of the 2025 era. */
function serve(
  endpoint: HttpEndpoint,
  served: Served,
  request: HttpRequest,
  responder: Responder,
  classified: LegacyClassified,
  client: SessionClient | undefined,
): void {
  switch (classified.kind) {
    case 'legacy':
      return serveLegacy(endpoint, served, request, responder, classified.message, classified.version, client);
    case 'legacy-notification':
    case 'response':
      return limited(endpoint, undefined, request, responder, [classified.message], () => {
        if (classified.kind === 'legacy-notification' && !endpoint.settings.modernOnly) {
          served.server.receive(classified.message);
        }
        acceptForSession(endpoint, client, responder, [classified.message]);
      });
    case 'batch':
      return answerBatch(endpoint, served, request, responder, classified.messages, client);
  }
}
