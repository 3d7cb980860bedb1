/**
 * Which era and revision a server speaks: the modern era is tried first, with `server/discover`, because its answer is
 * there after one request and an older server refuses it at once (docs/decisions/0029-client.md).
 * MCP 2026-07-28, basic/versioning, "Backward Compatibility"; basic/transports, stdio and streamable-http, the same.
 */
import type { ClientCapabilities, ServerCapabilities } from '../protocol/capability.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { Implementation } from '../protocol/implementation.ts';
import { isPlainObject } from '../protocol/json-rpc.ts';
import { HEADER_MISMATCH, ProtocolError, ProtocolErrorCode } from '../protocol/protocol-error.ts';
import { SERVER_INFO_META_KEY } from '../protocol/request-meta.ts';
import type { Result } from '../protocol/result.ts';
import {
  isModernRevision,
  LATEST_PROTOCOL_VERSION,
  MODERN_REVISIONS,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '../protocol/revision.ts';

/** What client and server have agreed on, and what the server said of itself. */
export interface Agreement {
  readonly revision: string;
  readonly capabilities: ServerCapabilities;
  readonly serverInfo: Implementation | undefined;
  readonly instructions: string | undefined;
}

export interface Negotiating {
  /** Sends a request; with a modern revision in its envelope where one is given. */
  ask(method: string, params: Record<string, unknown>, modern?: string, timeout?: number): Promise<Result>;
  notify(method: string): Promise<void>;
  /** Told the revision of an older server before anything more is sent. */
  settle(revision: string): void;
  readonly clientInfo: Implementation;
  readonly capabilities: ClientCapabilities;
  /** Milliseconds of silence after which a server is taken for an older one; undefined: silence is a failure. */
  readonly probeTimeoutMs: number | undefined;
}

/** Errors that only a server of the modern era answers. */
const MODERN_ERRORS: ReadonlySet<number> = new Set([
  HEADER_MISMATCH,
  ProtocolErrorCode.MissingRequiredClientCapability,
  ProtocolErrorCode.UnsupportedProtocolVersion,
]);

/** What an older server, or what stands before it, makes of a request that it does not know. */
const OLDER_CODES: ReadonlySet<string> = new Set(['SLIP_SERVER_STATUS', 'SLIP_SERVER_ANSWER', 'SLIP_SERVER_SESSION']);

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isImplementation(value: unknown): value is Implementation {
  return isPlainObject(value) && typeof value['name'] === 'string' && typeof value['version'] === 'string';
}

function agreement(revision: string, result: Result): Agreement {
  const { capabilities, instructions, serverInfo, _meta } = result;
  const info = [_meta?.[SERVER_INFO_META_KEY], serverInfo].find(isImplementation);
  return {
    revision,
    capabilities: isPlainObject(capabilities) ? (capabilities as ServerCapabilities) : {},
    serverInfo: info,
    instructions: text(instructions),
  };
}

function noCommonRevision(theirs: readonly unknown[]): SlipwayError {
  const ours = [...MODERN_REVISIONS, ...SUPPORTED_PROTOCOL_VERSIONS].join(', ');
  return new SlipwayError('SLIP_SERVER_REVISION', { theirs: theirs.map(String).join(', ') || 'none', ours });
}

/** What `server/discover` answers, with the revisions that it names. */
async function discovered(
  negotiating: Negotiating,
  revision: string,
  timeout?: number,
): Promise<{ readonly result: Result; readonly theirs: readonly unknown[] }> {
  const result = await negotiating.ask('server/discover', {}, revision, timeout);
  const theirs = result['supportedVersions'];
  if (Array.isArray(theirs)) return { result, theirs };
  throw new SlipwayError('SLIP_SERVER_ANSWER', { why: 'server/discover names no revisions' });
}

/** One revision and no other. */
async function discover(negotiating: Negotiating, revision: string): Promise<Agreement> {
  const { result, theirs } = await discovered(negotiating, revision);
  if (!theirs.includes(revision)) throw noCommonRevision(theirs);
  return agreement(revision, result);
}

/**
 * The handshake of older revisions (MCP 2025-11-25, basic/lifecycle).
 *
 * @throws whatever the server answers; SlipwayError `SLIP_SERVER_REVISION` when it offers one that nobody here knows
 */
export async function initialize(negotiating: Negotiating, offered = LATEST_PROTOCOL_VERSION): Promise<Agreement> {
  const { clientInfo, capabilities } = negotiating;
  const result = await negotiating.ask('initialize', { protocolVersion: offered, capabilities, clientInfo });
  const revision = text(result['protocolVersion']);
  if (revision === undefined) throw new SlipwayError('SLIP_SERVER_ANSWER', { why: 'initialize names no revision' });
  if (!SUPPORTED_PROTOCOL_VERSIONS.includes(revision)) throw noCommonRevision([revision]);
  negotiating.settle(revision);
  await negotiating.notify('notifications/initialized');
  return agreement(revision, result);
}

/** Whether what a server made of the first modern request shows an older server. */
function isOlder(error: unknown): boolean {
  if (error instanceof ProtocolError) return !MODERN_ERRORS.has(error.code);
  return error instanceof SlipwayError && OLDER_CODES.has(error.code);
}

/** The revisions of an error that names them (-32022). */
function supportedOf(error: unknown): readonly unknown[] | undefined {
  if (!(error instanceof ProtocolError) || error.code !== ProtocolErrorCode.UnsupportedProtocolVersion)
    return undefined;
  const supported = isPlainObject(error.data) ? error.data['supported'] : undefined;
  return Array.isArray(supported) ? supported : undefined;
}

/** Turns to a revision that the server says it speaks. */
async function afterRefusal(negotiating: Negotiating, theirs: readonly unknown[]): Promise<Agreement> {
  const modern = MODERN_REVISIONS.find(revision => theirs.includes(revision));
  if (modern !== undefined) return discover(negotiating, modern);
  const older = SUPPORTED_PROTOCOL_VERSIONS.find(revision => theirs.includes(revision));
  if (older !== undefined) return initialize(negotiating, older);
  throw noCommonRevision(theirs);
}

/** A server that says nothing to `server/discover` may be slow, and of the modern era only: its refusal says so. */
async function afterSilence(negotiating: Negotiating): Promise<Agreement> {
  try {
    return await initialize(negotiating);
  } catch (error) {
    const theirs = supportedOf(error);
    if (theirs === undefined) throw error;
    return afterRefusal(negotiating, theirs);
  }
}

/**
 * Finds what both speak.
 *
 * @param version `auto`, or the one revision to use
 * @throws SlipwayError `SLIP_SERVER_*`; ProtocolError what the server answers to the handshake
 */
export async function negotiate(negotiating: Negotiating, version: string): Promise<Agreement> {
  if (version !== 'auto') {
    return isModernRevision(version) ? discover(negotiating, version) : initialize(negotiating, version);
  }
  try {
    const newest = MODERN_REVISIONS[0]!;
    const { result, theirs } = await discovered(negotiating, newest, negotiating.probeTimeoutMs);
    return theirs.includes(newest) ? agreement(newest, result) : await afterRefusal(negotiating, theirs);
  } catch (error) {
    const theirs = supportedOf(error);
    if (theirs !== undefined) return afterRefusal(negotiating, theirs);
    const silent = error instanceof SlipwayError && error.code === 'SLIP_SERVER_TIMEOUT';
    if (silent && negotiating.probeTimeoutMs !== undefined) return afterSilence(negotiating);
    if (!isOlder(error)) throw error;
    return initialize(negotiating);
  }
}
