/**
 * The per-request envelope of the modern era: the reserved keys under `params._meta` that carry what an older revision
 * negotiated once. MCP 2026-07-28, basic/index, "_meta".
 */
import type { ClientCapabilities } from './capability.ts';
import type { Implementation } from './implementation.ts';
import { isPlainObject } from './json-rpc.ts';
import { LOGGING_LEVELS, type LoggingLevel } from './logging.ts';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from './request-meta.ts';

/** What a modern request says about itself; read once per request. */
export interface Envelope {
  readonly revision: string;
  readonly clientCapabilities: ClientCapabilities;
  readonly clientInfo: Implementation | undefined;
  readonly logLevel: LoggingLevel | undefined;
}

/** Why an envelope is malformed: the key and what is wrong with it. */
export interface EnvelopeFault {
  readonly key: string;
  readonly problem: string;
}

/** The `_meta` object of a message's params, where there is one. */
export function metaOf(params: unknown): Record<string, unknown> | undefined {
  if (!isPlainObject(params)) return undefined;
  const meta = params['_meta'];
  return isPlainObject(meta) ? meta : undefined;
}

/** Whether the message claims the modern era: the version key is present, well-formed or not. */
export function claimsEnvelope(meta: Record<string, unknown> | undefined): meta is Record<string, unknown> {
  return meta !== undefined && PROTOCOL_VERSION_META_KEY in meta;
}

/** The first thing wrong with an envelope, required keys first; undefined when it is well-formed. */
export function envelopeFault(meta: Record<string, unknown>): EnvelopeFault | undefined {
  const revision = meta[PROTOCOL_VERSION_META_KEY];
  const capabilities = meta[CLIENT_CAPABILITIES_META_KEY];
  if (revision === undefined) return { key: PROTOCOL_VERSION_META_KEY, problem: 'missing' };
  if (capabilities === undefined) return { key: CLIENT_CAPABILITIES_META_KEY, problem: 'missing' };
  if (typeof revision !== 'string') {
    return { key: PROTOCOL_VERSION_META_KEY, problem: 'expected a protocol version string' };
  }
  if (!isPlainObject(capabilities)) return { key: CLIENT_CAPABILITIES_META_KEY, problem: 'expected an object' };
  for (const name in capabilities) {
    const capability = capabilities[name];
    if (typeof capability !== 'object' || capability === null) {
      return { key: `${CLIENT_CAPABILITIES_META_KEY}.${name}`, problem: 'expected an object' };
    }
  }
  const info = meta[CLIENT_INFO_META_KEY];
  if (info !== undefined) {
    if (!isPlainObject(info)) return { key: CLIENT_INFO_META_KEY, problem: 'expected an object' };
    if (typeof info['name'] !== 'string' || typeof info['version'] !== 'string') {
      return { key: CLIENT_INFO_META_KEY, problem: 'expected the strings name and version' };
    }
  }
  const level = meta[LOG_LEVEL_META_KEY];
  if (level !== undefined && !LOGGING_LEVELS.includes(level as LoggingLevel)) {
    return { key: LOG_LEVEL_META_KEY, problem: `expected one of ${LOGGING_LEVELS.join(', ')}` };
  }
  const token = meta['progressToken'];
  if (token !== undefined && typeof token !== 'string' && !Number.isInteger(token)) {
    return { key: 'progressToken', problem: 'expected a string or an integer' };
  }
  return undefined;
}

/** Reads an envelope that {@link envelopeFault} found well-formed. */
export function readEnvelope(meta: Record<string, unknown>): Envelope {
  return {
    revision: meta[PROTOCOL_VERSION_META_KEY] as string,
    clientCapabilities: meta[CLIENT_CAPABILITIES_META_KEY] as ClientCapabilities,
    clientInfo: meta[CLIENT_INFO_META_KEY] as Implementation | undefined,
    logLevel: meta[LOG_LEVEL_META_KEY] as LoggingLevel | undefined,
  };
}
