/** What an access token says of itself, where it is a JWT (RFC 9068). It is read and not verified. */
import type { Examination } from '../examination.ts';
import { textsIn } from './authorization-server.ts';
import { type JsonMember, jsonObject } from './rpc-answer.ts';

export interface TokenClaims {
  /** Undefined where it has none. */
  readonly audiences?: readonly string[];
  readonly scopes: readonly string[];
  /** Seconds since 1970. */
  readonly expires?: number;
}

function claimsIn(token: string): JsonMember | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  return jsonObject(Buffer.from(parts[1]!, 'base64url').toString('utf8'));
}

function words(value: unknown): readonly string[] {
  return typeof value === 'string' ? value.split(/\s+/).filter(word => word !== '') : textsIn(value);
}

/** Undefined for an opaque token, and where none is given. */
export function tokenClaims({ options }: Examination): TokenClaims | undefined {
  const claims = claimsIn(options.bearer ?? '');
  if (claims === undefined) return undefined;
  const { aud, exp, scope, scp, scopes, permissions } = claims;
  return {
    ...(aud !== undefined && { audiences: typeof aud === 'string' ? [aud] : textsIn(aud) }),
    ...(typeof exp === 'number' && { expires: exp }),
    scopes: [scope, scp, scopes, permissions].flatMap(words),
  };
}

export function isExpired({ expires }: TokenClaims): boolean {
  return expires !== undefined && expires * 1_000 < Date.now();
}
