/** The idempotency key of a call: what its client sends, and what it is kept under. docs/reference/idempotency.md */
import { hash } from 'node:crypto';
import { canonicalJson } from '../protocol/canonical-json.ts';
import { type ErrorDetails, SlipwayError, type SlipwayErrorCode } from '../protocol/coded-error.ts';
import { metaOf } from '../protocol/envelope.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { Params } from './call.ts';
import type { RequestContext } from './context.ts';

/** In the `_meta` of a `tools/call`: repetitions with the same key are not done again. */
export const IDEMPOTENCY_KEY = 'io.slipway/idempotency-key';
/** In the `_meta` of the result of such a call: whether it is that of an earlier one. */
export const IDEMPOTENT_REPLAY = 'io.slipway/idempotent-replay';

const KEY = /^[\x21-\x7e]{1,128}$/;
/** Anonymous callers share one space: their keys must not be guessed. UUIDs, ULIDs and 128 random bits are longer. */
const MIN_ANONYMOUS = 20;

/** The key of a call as it came; undefined when it has none. */
export function keyIn(params: Params): unknown {
  return metaOf(params)?.[IDEMPOTENCY_KEY];
}

/** What a key stands for. */
export interface IdempotentCall {
  /** What it is kept under: caller, tool, key and round, as a digest. */
  readonly storeKey: string;
  /** Tells a repetition from another call. */
  readonly fingerprint: string;
}

/** @throws ProtocolError -32602 with `SLIP_IDEMPOTENCY_KEY` for a key that is none */
export function idempotentCallOf(context: RequestContext, params: Params, key: unknown): IdempotentCall {
  if (typeof key !== 'string' || !KEY.test(key)) throw refusedKey('it takes 1 to 128 visible ASCII characters');
  const scope = scopeOf(context);
  if (scope[0] === 'anonymous' && key.length < MIN_ANONYMOUS) {
    throw refusedKey(`without authorization it takes ${MIN_ANONYMOUS} characters or more`);
  }
  const { name, arguments: args, requestState, inputResponses } = params;
  // Each round of a call with questions is done once: its state names it (MCP 2026-07-28, basic/patterns/mrtr).
  const round = requestState ?? (inputResponses === undefined ? null : true);
  const era = context.call.envelope === undefined ? 'legacy' : 'modern';
  return {
    storeKey: hash('sha256', canonicalJson([scope, name, key, round]), 'base64url'),
    fingerprint: hash('sha256', canonicalJson([era, args ?? {}, inputResponses ?? null]), 'base64url'),
  };
}

/** Whose keys these are. Sessions do not count: a client that lost its session repeats its call in another one. */
function scopeOf(context: RequestContext): readonly string[] {
  const { principal, peer } = context;
  if (principal !== undefined) return ['principal', principal];
  // Not over HTTP there is one client, the one that started the process.
  return peer.http === undefined ? ['local'] : ['anonymous'];
}

function refusedKey(why: string): ProtocolError {
  return refusal('SLIP_IDEMPOTENCY_KEY', INVALID_PARAMS, { why });
}

/** Another process may need this long; nobody knows. */
const RETRY_MS = 1_000;

/** Why a call is not made, for its client. */
export const refusals = {
  mismatch: () => refusal('SLIP_IDEMPOTENCY_MISMATCH', INVALID_PARAMS),
  running: () => refusal('SLIP_IDEMPOTENCY_RUNNING', INTERNAL_ERROR, {}, { retryAfterMs: RETRY_MS }),
  lost: () => refusal('SLIP_IDEMPOTENCY_LOST', INTERNAL_ERROR),
  /** The reason is the operator's. */
  unavailable: () => {
    const text = 'The server can not promise now to do this call only once; try again later, or without the key';
    return new ProtocolError(INTERNAL_ERROR, text, { code: 'SLIP_STORE_UNAVAILABLE', retryAfterMs: RETRY_MS });
  },
};

function refusal(code: SlipwayErrorCode, rpcCode: number, details: ErrorDetails = {}, data?: object): ProtocolError {
  const { what, fix } = new SlipwayError(code, details);
  return new ProtocolError(rpcCode, `${what}. ${fix}`, { code, ...data });
}
