/** Calls with an idempotency key, and what comes of them. */
import { randomUUID } from 'node:crypto';
import { askLegacy, type Changes, callTool, type JsonRpcAnswer, LEGACY } from '../support/mcp-post.ts';

export const KEY = 'io.slipway/idempotency-key';
export const REPLAY = 'io.slipway/idempotent-replay';

type Members = Readonly<Record<string, unknown>>;

export function keyed(key: unknown): Changes {
  return { meta: { [KEY]: key }, version: LEGACY };
}

/** A call of 2026-07-28. */
export function call(url: string, name: string, key: unknown, args: Members = {}, more: Changes = {}) {
  return callTool(url, name, args, { ...keyed(key), ...more });
}

/** A call of the 2025 era. */
export function legacyCall(url: string, name: string, key: unknown, args: Members = {}) {
  return askLegacy(url, 'tools/call', { name, arguments: args }, keyed(key));
}

export const ERAS = { modern: call, legacy: legacyCall };

export const freshKey = randomUUID;

/** The text of a result, and whether it is that of an earlier call; of an error its code and ours. */
export function told({ result, error }: JsonRpcAnswer): unknown[] {
  if (error !== undefined) return [error.code, error.data?.['code']];
  return [result.content[0]?.text, result._meta?.[REPLAY]];
}

export const MISMATCH = [-32602, 'SLIP_IDEMPOTENCY_MISMATCH'];
export const REFUSED = [-32602, 'SLIP_IDEMPOTENCY_KEY'];
export const LOST = [-32603, 'SLIP_IDEMPOTENCY_LOST'];
export const RUNNING = [-32603, 'SLIP_IDEMPOTENCY_RUNNING'];
export const UNAVAILABLE = [-32603, 'SLIP_STORE_UNAVAILABLE'];
