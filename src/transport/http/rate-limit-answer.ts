/** The 429 of callers that use more than their share. */
import type { RequestId } from '../../protocol/json-rpc.ts';
import { codedBody } from './error-body.ts';
import type { RateRefusal } from './rate-limit-window.ts';
import type { Responder } from './responder.ts';

/** Seconds, as `Retry-After` has them (RFC 9110, 10.2.3); never 0, which would mean at once. */
function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1000)));
}

/**
 * Answers a request beyond a rate limit.
 *
 * @param id null where the request is not read yet, or is a batch
 */
export function refuseRate(responder: Responder, refusal: RateRefusal, id: RequestId | null = null): void {
  const { limit, scope, retryAfterMs } = refusal;
  const body = codedBody('SLIP_RATE_LIMITED', { limit, scope }, false, id, { retryAfterMs, limit, scope });
  responder.sendJson(429, body, { 'retry-after': seconds(retryAfterMs) });
}

/** Nobody knows when a call ends; a second later one may have. */
const BUSY_RETRY_MS = 1_000;

/** Answers a call of a caller that has `limit` of them in flight. */
export function refuseBusy(responder: Responder, limit: number, id: RequestId | null = null): void {
  const body = codedBody('SLIP_CALLER_BUSY', { limit }, false, id, { retryAfterMs: BUSY_RETRY_MS, limit });
  responder.sendJson(429, body, { 'retry-after': seconds(BUSY_RETRY_MS) });
}
