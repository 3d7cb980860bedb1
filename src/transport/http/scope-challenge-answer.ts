/**
 * The 403 that tells a client which scopes to obtain (MCP 2026-07-28, basic/authorization, Scope Challenge Handling;
 * RFC 6750, 3.1).
 */
import type { AuthInfo } from '../../protocol/auth-info.ts';
import type { ScopeChallenge } from '../../server/scope-challenge.ts';

export interface ScopeChallengeAnswer {
  readonly status: 403;
  readonly headers: { readonly 'Content-Type': string; readonly 'WWW-Authenticate': string };
  readonly body: string;
}

const ERROR = 'insufficient_scope';
const DESCRIPTION = 'Insufficient scope';

/** RFC 9110, 5.6.4; what a header can not carry becomes a blank. */
function quoted(value: string): string {
  return `"${value.replaceAll(/[\\"]/g, '\\$&').replaceAll(/[^ -~]/g, ' ')}"`;
}

/** Where the document is that names the authorization server (RFC 9728, 3.1); undefined when nobody knows. */
function resourceMetadataUrl(authInfo: AuthInfo | undefined): string | undefined {
  if (authInfo?.resourceMetadataUrl !== undefined) return authInfo.resourceMetadataUrl;
  const resource = authInfo?.resource;
  if (resource?.protocol !== 'https:' && resource?.protocol !== 'http:') return undefined;
  const path = resource.pathname.replace(/\/$/, '');
  return new URL(`/.well-known/oauth-protected-resource${path}`, resource).href;
}

/**
 * The answer to a request that needs more scopes.
 *
 * @param challenge - one that {@link checkScopeChallenge} let pass
 * @param authInfo - the caller's token, which tells where the metadata of the resource is
 */
export function scopeChallengeAnswer(challenge: ScopeChallenge, authInfo: AuthInfo | undefined): ScopeChallengeAnswer {
  const description = challenge.errorDescription ?? DESCRIPTION;
  const parameters = [
    `error=${quoted(ERROR)}`,
    `error_description=${quoted(description)}`,
    `scope=${quoted(challenge.scopes.join(' '))}`,
  ];
  const metadata = resourceMetadataUrl(authInfo);
  if (metadata !== undefined) parameters.push(`resource_metadata=${quoted(metadata)}`);
  return {
    status: 403,
    headers: { 'Content-Type': 'application/json', 'WWW-Authenticate': `Bearer ${parameters.join(', ')}` },
    body: JSON.stringify({ error: ERROR, error_description: description }),
  };
}
