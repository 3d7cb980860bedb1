/** From whatever was thrown to what a client may see. */
import { randomBytes } from 'node:crypto';
import { SlipwayError } from '../protocol/coded-error.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { ProtocolError, ResourceNotFoundError } from '../protocol/protocol-error.ts';
import { isModernRevision } from '../protocol/revision.ts';
import { currentRequest } from './current-request.ts';
import type { Logger } from './logger.ts';

/** The `error` member of a JSON-RPC error response. */
export interface WireError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The code of 2025-era revisions for a resource that does not exist; MCP 2025-11-25, server/resources. */
const LEGACY_RESOURCE_NOT_FOUND = -32002;

/** Codes that are refused requests rather than faults of ours; they keep their text. */
const REQUEST_FAULTS = new Set(['SLIP_SEAL_INVALID', 'SLIP_SEAL_EXPIRED']);

/**
 * Logs an unexpected error and returns the reference under which the log explains it. The message of such an error
 * never reaches a client: it may name hosts, paths, queries.
 */
export function logInternal(logger: Logger, error: unknown, about: object): string {
  const reference = randomBytes(6).toString('hex');
  const requestId = currentRequest()?.requestId;
  try {
    logger.error({ reference, ...(requestId !== undefined && { requestId }), ...about, error }, 'internal error');
  } catch {
    // A logger that fails must not keep the client from its answer.
  }
  return reference;
}

/** The code that {@link toWireError} gives an error, without logging it. */
export function wireCodeOf(error: unknown, revision: string): number {
  if (error instanceof ResourceNotFoundError) {
    return isModernRevision(revision) ? INVALID_PARAMS : LEGACY_RESOURCE_NOT_FOUND;
  }
  if (error instanceof ProtocolError) return error.code;
  return error instanceof SlipwayError && REQUEST_FAULTS.has(error.code) ? INVALID_PARAMS : INTERNAL_ERROR;
}

/** The JSON-RPC error for something thrown while a request was answered. */
export function toWireError(error: unknown, revision: string, logger: Logger, about: object): WireError {
  if (error instanceof ResourceNotFoundError) {
    const code = isModernRevision(revision) ? INVALID_PARAMS : LEGACY_RESOURCE_NOT_FOUND;
    return { code, message: error.message, data: error.data };
  }
  if (error instanceof ProtocolError) {
    const { code, message, data } = error;
    return data === undefined ? { code, message } : { code, message, data };
  }
  if (error instanceof SlipwayError && REQUEST_FAULTS.has(error.code)) {
    return { code: INVALID_PARAMS, message: error.what, data: { code: error.code } };
  }
  const reference = logInternal(logger, error, about);
  return { code: INTERNAL_ERROR, message: `Internal error (reference ${reference})`, data: { reference } };
}
