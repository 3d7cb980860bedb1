/**
 * The headers that let a browser page of an allowed origin talk to this server (Fetch standard, HTTP-CORS protocol).
 *
 * No `Access-Control-Allow-Credentials`: cookies mean nothing here. No `Access-Control-Allow-Private-Network`: browsers
 * gave that header up for a permission that the user grants (Local Network Access), and a server has no say in it.
 */

const METHODS = 'GET, POST, DELETE, OPTIONS';

/** What clients of both protocol eras send. */
const REQUEST_HEADERS =
  'Content-Type, Accept, Authorization, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID';

const EXPOSED_HEADERS = 'WWW-Authenticate, Mcp-Session-Id, MCP-Protocol-Version, Retry-After';

const MAX_AGE_SECONDS = '86400';

/** Mirrored arguments (`Mcp-Param-{Name}`) that one preflight may ask for. */
const MAX_PARAM_HEADERS = 64;
const PARAM_HEADER = /^mcp-param-[!#$%&'*+\-.^_`|~0-9a-z]{1,128}$/i;

/** The requested `Mcp-Param-*` headers: the names of tool arguments, so no fixed list can have them. */
function paramHeadersOf(requestHeaders: string): string[] {
  const names = new Set<string>();
  for (const part of requestHeaders.split(',')) {
    const name = part.trim();
    if (PARAM_HEADER.test(name)) names.add(name);
    if (names.size === MAX_PARAM_HEADERS) break;
  }
  return [...names];
}

/**
 * The headers of the answer to a preflight.
 *
 * @param origin - an Origin header that the guard allowed
 * @param requestHeaders - the `Access-Control-Request-Headers`
 */
export function preflightHeaders(origin: string, requestHeaders: string | undefined): Record<string, string> {
  const params = requestHeaders === undefined ? [] : paramHeadersOf(requestHeaders);
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': METHODS,
    'Access-Control-Allow-Headers': [REQUEST_HEADERS, ...params].join(', '),
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
    'Access-Control-Max-Age': MAX_AGE_SECONDS,
    Vary: 'Origin, Access-Control-Request-Headers',
  };
}

/**
 * The headers that any other answer carries for a page, errors included: a page can not read one without.
 *
 * @param origin - an Origin header that the guard allowed
 */
export function corsHeaders(origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': EXPOSED_HEADERS,
    Vary: 'Origin',
  };
}
