/** What the states of a request are bound to and limited by. */
import type { RequestContext } from './context.ts';
import { argumentsDigest, type RequestStateBinding } from './request-state.ts';

const STATE_TTL_MS = 1_800_000;
const STATE_MAX_BYTES = 16_384;

export function bindingOf(context: RequestContext, content?: RequestStateBinding['content']): RequestStateBinding {
  const { method, params } = context.call;
  return { principal: context.principal, method, argumentsDigest: argumentsDigest(params), content };
}

export function limitsOf(context: RequestContext): { ttlMs: number; now: number; maxBytes: number } {
  const options = context.server.requestState;
  return {
    ttlMs: options?.ttlMs ?? STATE_TTL_MS,
    now: Date.now(),
    maxBytes: options?.maxBytes ?? STATE_MAX_BYTES,
  };
}
