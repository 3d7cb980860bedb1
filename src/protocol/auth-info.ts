/** Who is asking, once an access token has been validated (MCP 2026-07-28, basic/authorization). */

/** A validated access token. */
export interface AuthInfo {
  token: string;
  clientId: string;
  scopes: string[];
  /** Seconds since 1970. */
  expiresAt?: number;
  /** The resource (RFC 8707) that the token is for. */
  resource?: URL;
  /** Where the metadata of that resource is (RFC 9728), for challenges; by default derived from `resource`. */
  resourceMetadataUrl?: string;
  /** Anything more that the verifier wants to hand to the handlers. */
  extra?: Record<string, unknown>;
}
