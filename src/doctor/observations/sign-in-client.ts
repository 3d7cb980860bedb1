/** Clients as the doctor plays them at an authorization server: ids, redirects, and the voice of a user's browser. */

/** Hosted Claude's. */
export const CLAUDE_CALLBACK = 'https://claude.ai/api/mcp/auth_callback';
export const CLAUDE_DOCUMENT = 'https://claude.ai/oauth/mcp-oauth-client-metadata';

/** Its document lists these redirects without a port; it comes with a port that happens to be free. */
export const CLAUDE_CODE_DOCUMENT = 'https://claude.ai/oauth/claude-code-client-metadata';
export const CLAUDE_CODE_CALLBACK = 'http://localhost/callback';

export const VSCODE_DOCUMENT = 'https://vscode.dev/oauth/client-metadata.json';
export const VSCODE_CALLBACKS = [
  'https://insiders.vscode.dev/redirect',
  'https://vscode.dev/redirect',
  'http://127.0.0.1/',
  'http://127.0.0.1:33418/',
] as const;

/** No server knows it. */
export const NO_CLIENT = 'slipway-doctor-no-such-client';

/** The name under which the doctor registers. */
export const PROBE_CLIENT_NAME = 'slipway doctor probe';

/** The challenge of a verifier that is never needed, because no code is ever had. */
export const CODE_CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
export const CODE_VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';

/** A user's browser, which says who it is. */
export const BROWSER_HEADERS = [
  ['Accept', 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8'],
  ['Accept-Language', 'en'],
  ['User-Agent', 'Mozilla/5.0 (compatible; slipway-doctor)'],
] as const;
