/** How a question of any handler becomes a request to a client of the 2025 era. */
import { randomUUID } from 'node:crypto';
import type { InputRequest } from '../protocol/input-required.ts';
import type { RequestContext } from './context.ts';
import { clampDelay } from './pending-requests.ts';

const ROUND_TIMEOUT_MS = 600_000;

/** How long to wait for an answer: people need longer than programs. */
export function answerTimeoutOf(context: RequestContext): number {
  return clampDelay(context.server.options.inputRequired?.roundTimeoutMs ?? ROUND_TIMEOUT_MS);
}

/** A question to visit a page has an id in 2025-11-25 (client/elicitation, URL mode), which 2026-07-28 has not. */
export function legacyParams<P extends InputRequest['params']>(params: P): P {
  const isVisit = params !== undefined && 'mode' in params && params.mode === 'url';
  return isVisit && params.elicitationId === undefined ? { ...params, elicitationId: randomUUID() } : params;
}
