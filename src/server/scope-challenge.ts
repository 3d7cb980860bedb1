/**
 * A tool, prompt or resource that needs more OAuth scopes than the caller's token has (MCP 2026-07-28,
 * basic/authorization, Scope Challenge Handling).
 */
import type { AuthInfo } from '../protocol/auth-info.ts';
import type { JSONRPCRequest } from '../protocol/json-rpc.ts';

/** What a client has to obtain before the request can succeed. */
export interface ScopeChallenge {
  /** All scopes that the token must have, those it has already included. */
  scopes: readonly [string, ...string[]];
  /** For a person to read: printable ASCII without quotes and backslashes. */
  errorDescription?: string;
}

/** Decides whether a request needs more scopes; undefined lets it through. */
export type ScopeChallengeHandler = (context: {
  request: JSONRPCRequest;
  authInfo?: AuthInfo;
}) => ScopeChallenge | undefined | Promise<ScopeChallenge | undefined>;

/** RFC 6749, 3.3, scope-token. */
const SCOPE = /^[!#-[\]-~]+$/;
/** RFC 6750, 3, error_description. */
const DESCRIPTION = /^[ !#-[\]-~]+$/;

function checkScopes(scopes: readonly unknown[], where: string): void {
  if (scopes.length === 0) throw new TypeError(`${where} must name at least one scope`);
  for (const scope of scopes) {
    if (typeof scope === 'string' && SCOPE.test(scope)) continue;
    throw new TypeError(`${where} has ${JSON.stringify(scope)}, which is not an OAuth scope`);
  }
}

/**
 * A handler that asks for every one of these scopes. A caller without a token passes: turning that one away is the
 * business of whatever guards the server as a whole.
 *
 * @throws TypeError without a scope, or for one with characters that OAuth does not allow
 */
export function requireScopes(...scopes: readonly [string, ...string[]]): ScopeChallengeHandler {
  checkScopes(scopes, 'requireScopes()');
  return ({ authInfo }) => {
    if (authInfo === undefined) return undefined;
    const granted = new Set(authInfo.scopes);
    return scopes.every(scope => granted.has(scope)) ? undefined : { scopes };
  };
}

/**
 * Makes sure that what a handler returned can stand in a header.
 *
 * @throws TypeError when it can not
 */
export function checkScopeChallenge(challenge: ScopeChallenge): ScopeChallenge {
  if (!Array.isArray(challenge?.scopes)) throw new TypeError('A scope challenge must have an array of scopes');
  checkScopes(challenge.scopes, 'A scope challenge');
  const description: unknown = challenge.errorDescription;
  if (description !== undefined && (typeof description !== 'string' || !DESCRIPTION.test(description))) {
    throw new TypeError('The errorDescription of a scope challenge must be printable ASCII without " and \\');
  }
  return challenge;
}
