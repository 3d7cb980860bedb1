/**
 * Which era a POSTed body belongs to. The body decides, headers are cross-checks (MCP 2026-07-28, basic/versioning
 * "Backward Compatibility" and basic/transports/streamable-http "Server Validation").
 */
import { claimsEnvelope, type Envelope, envelopeFault, metaOf, readEnvelope } from './envelope.ts';
import {
  INVALID_PARAMS,
  INVALID_REQUEST,
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  isPlainObject,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type RequestId,
} from './json-rpc.ts';
import { HEADER_MISMATCH, ProtocolError, UnsupportedProtocolVersionError } from './protocol-error.ts';
import { CLIENT_CAPABILITIES_META_KEY, PROTOCOL_VERSION_META_KEY } from './request-meta.ts';
import { isModernRevision, MODERN_REVISIONS } from './revision.ts';

/** The header values that classification cross-checks, trimmed; undefined when absent. */
export interface StandardHeaders {
  readonly protocolVersion: string | undefined;
  readonly mcpMethod: string | undefined;
  readonly mcpName: string | undefined;
}

export type Classified =
  | { readonly kind: 'modern'; readonly message: JSONRPCRequest; readonly envelope: Envelope }
  | { readonly kind: 'modern-notification'; readonly message: JSONRPCNotification }
  /** A 2025-era request; `version` is the header's, undefined when it named none. */
  | { readonly kind: 'legacy'; readonly message: JSONRPCRequest; readonly version: string | undefined }
  | { readonly kind: 'legacy-notification'; readonly message: JSONRPCNotification }
  | { readonly kind: 'response'; readonly message: JSONRPCResponse }
  | { readonly kind: 'batch'; readonly messages: readonly LegacyMessage[] }
  /** The message is refused before dispatch: the HTTP status is 400 unless the error says otherwise. */
  | { readonly kind: 'refused'; readonly id: RequestId | null; readonly error: ProtocolError };

export type LegacyMessage = JSONRPCRequest | JSONRPCNotification | JSONRPCResponse;

function refused(id: RequestId | null, error: ProtocolError): Classified {
  return { kind: 'refused', id, error };
}

function mismatch(id: RequestId | null, header: string, body: string): Classified {
  return refused(id, new ProtocolError(HEADER_MISMATCH, `Header mismatch: ${body}`, { mismatch: { header, body } }));
}

function malformedEnvelope(id: RequestId | null, fault: { key: string; problem: string }): Classified {
  const text = `Invalid _meta envelope: ${fault.key}: ${fault.problem}`;
  return refused(id, new ProtocolError(INVALID_PARAMS, text, { envelope: fault }));
}

/** The id that an error about this body can carry: its own when it is readable, else null. */
export function readableId(body: unknown): RequestId | null {
  if (!isPlainObject(body) || typeof body['method'] !== 'string') return null;
  const id = body['id'];
  return typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id)) ? id : null;
}

/**
 * Classifies one parsed body.
 *
 * @param body the parsed JSON
 * @param headers the standard headers of the request
 * @returns where the message goes, or the error that refuses it; never throws
 */
export function classify(body: unknown, headers: StandardHeaders): Classified {
  if (Array.isArray(body)) return classifyBatch(body);
  if (isJSONRPCRequest(body)) return classifyRequest(body, headers);
  if (isJSONRPCNotification(body)) return classifyNotification(body, headers);
  if (isJSONRPCResponse(body)) return { kind: 'response', message: body };
  return refused(
    readableId(body),
    new ProtocolError(INVALID_REQUEST, 'Invalid Request: the body is not a JSON-RPC 2.0 message'),
  );
}

function classifyRequest(message: JSONRPCRequest, headers: StandardHeaders): Classified {
  const { id, method } = message;
  const meta = metaOf(message.params);
  const header = headers.protocolVersion;
  if (!claimsEnvelope(meta)) return classifyUnclaimed(message, meta, header);

  const fault = envelopeFault(meta);
  // `initialize` is the legacy handshake unless a well-formed envelope names a modern revision.
  if (method === 'initialize') {
    const claimed = meta[PROTOCOL_VERSION_META_KEY];
    if (fault !== undefined || typeof claimed !== 'string' || !isModernRevision(claimed)) {
      return classifyUnclaimed(message, meta, header);
    }
  }
  if (fault !== undefined) return malformedEnvelope(id, fault);
  const envelope = readEnvelope(meta);
  if (header !== undefined && header !== envelope.revision) {
    return mismatch(id, header, `the body names protocol version ${envelope.revision}, MCP-Protocol-Version ${header}`);
  }
  if (!MODERN_REVISIONS.includes(envelope.revision)) {
    const data = { supported: [...MODERN_REVISIONS], requested: envelope.revision };
    return refused(id, new UnsupportedProtocolVersionError(data));
  }
  const headerMethod = headers.mcpMethod;
  if (headerMethod !== undefined && headerMethod !== method) {
    return mismatch(id, headerMethod, `the body names method ${method}, Mcp-Method ${headerMethod}`);
  }
  return { kind: 'modern', message, envelope };
}

/** A request without the version key: legacy, unless its header names a modern revision. */
function classifyUnclaimed(
  message: JSONRPCRequest,
  meta: Record<string, unknown> | undefined,
  header: string | undefined,
): Classified {
  if (header === undefined || !isModernRevision(header)) return { kind: 'legacy', message, version: header };
  if (message.method === 'initialize') {
    return mismatch(message.id, header, `initialize is the legacy handshake, MCP-Protocol-Version names ${header}`);
  }
  const missing =
    meta === undefined
      ? ['_meta']
      : [PROTOCOL_VERSION_META_KEY, CLIENT_CAPABILITIES_META_KEY].filter(key => !(key in meta));
  return refused(
    message.id,
    new ProtocolError(
      INVALID_PARAMS,
      `Invalid params: MCP-Protocol-Version names ${header}, but the request lacks ${missing.join(', ')}`,
      { envelope: { missing } },
    ),
  );
}

/** The revision defines no header rules for notifications: the envelope decides if present, else the header. */
function classifyNotification(message: JSONRPCNotification, headers: StandardHeaders): Classified {
  const meta = metaOf(message.params);
  const header = headers.protocolVersion;
  let revision = header;
  if (claimsEnvelope(meta)) {
    const claimed = meta[PROTOCOL_VERSION_META_KEY];
    if (typeof claimed !== 'string') {
      return malformedEnvelope(null, {
        key: PROTOCOL_VERSION_META_KEY,
        problem: 'expected a protocol version string',
      });
    }
    if (header !== undefined && header !== claimed) {
      return mismatch(null, header, `the body names protocol version ${claimed}, MCP-Protocol-Version ${header}`);
    }
    revision = claimed;
  }
  // A header alone may name an older revision: that notification is the legacy era's.
  if (revision === undefined || (!claimsEnvelope(meta) && !isModernRevision(revision))) {
    return { kind: 'legacy-notification', message };
  }
  if (!MODERN_REVISIONS.includes(revision)) {
    const data = { supported: [...MODERN_REVISIONS], requested: revision };
    return refused(null, new UnsupportedProtocolVersionError(data));
  }
  const headerMethod = headers.mcpMethod;
  if (headerMethod !== undefined && headerMethod !== message.method) {
    return mismatch(null, headerMethod, `the body names method ${message.method}, Mcp-Method ${headerMethod}`);
  }
  return { kind: 'modern-notification', message };
}

function classifyBatch(elements: readonly unknown[]): Classified {
  const refuse = (why: string) => refused(null, new ProtocolError(INVALID_REQUEST, `Invalid Request: ${why}`));
  if (elements.length === 0) return refuse('the batch is empty');
  const messages: LegacyMessage[] = [];
  for (const element of elements) {
    if (isJSONRPCRequest(element) || isJSONRPCNotification(element)) {
      if (claimsEnvelope(metaOf(element.params))) {
        return refuse('revision 2026-07-28 has no batches');
      }
      // MCP 2025-03-26, basic/lifecycle: initialize must not be part of a batch.
      if (element.method === 'initialize') return refuse('initialize can not be part of a batch');
      messages.push(element);
    } else if (isJSONRPCResponse(element)) messages.push(element);
    else return refuse('the batch contains something that is not a JSON-RPC 2.0 message');
  }
  return { kind: 'batch', messages };
}
