/**
 * The paths that never answer as MCP. A client that probes a discovery or OAuth path and gets anything but 404 believes
 * that the server wants a sign-in, so these stay free until something lives there.
 */

const RESERVED: ReadonlySet<string> = new Set([
  'authorize',
  'token',
  'register',
  'healthz',
  'readyz',
  'metrics',
  'sse',
  'messages',
  'favicon.ico',
  'robots.txt',
]);

const WELL_KNOWN = '.well-known';
const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i;

function decodeSegment(segment: string): string {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** A segment without its matrix parameters, and without blanks and control characters around it. */
function bare(segment: string): string {
  const semicolon = segment.indexOf(';');
  const name = semicolon < 0 ? segment : segment.slice(0, semicolon);
  return name.replace(/^[\0- ]+|[\0- ]+$/g, '');
}

/**
 * The path's segments after what a proxy or a URL parser may do to it: absolute form, query, empty segments,
 * backslashes, percent-encoding, "." and "..".
 */
function segmentsOf(url: string): string[] {
  const target = url.replace(ABSOLUTE_FORM, '');
  const end = target.search(/[?#]/);
  const segments: string[] = [];
  for (const raw of (end < 0 ? target : target.slice(0, end)).split(/[/\\]/)) {
    const decoded = decodeSegment(raw);
    // An encoded slash may have hidden more segments.
    for (const part of decoded === raw ? [raw] : decoded.split(/[/\\]/)) {
      const segment = bare(part);
      if (segment === '' || segment === '.') continue;
      if (segment === '..') segments.pop();
      else segments.push(segment);
    }
  }
  return segments;
}

/**
 * Whether a request target is one of the reserved paths, or below one: `/.well-known/*` (at any depth, as clients also
 * probe `/mcp/.well-known/openid-configuration`), `/authorize`, `/token`, `/register`, `/healthz`, `/readyz`,
 * `/metrics`, `/sse`, `/messages`, `/favicon.ico`, `/robots.txt`. The case counts; the query does not.
 *
 * @param url - the request target as received: a path with or without a query, or an absolute URL
 */
export function isReservedPath(url: string): boolean {
  if (url === '/' || url === '/mcp' || url === '/mcp/') return false;
  const segments = segmentsOf(url);
  return RESERVED.has(segments[0] ?? '') || segments.includes(WELL_KNOWN);
}
