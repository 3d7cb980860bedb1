/** The two URLs of HTTP+SSE (MCP 2024-11-05, basic/transports): where the stream is opened, and where messages go. */
import type { HttpRequest } from './http-request.ts';

/** The name of the query member that carries the sealed session. */
export const SSE_SESSION_PARAMETER = 'sessionId';

const ABSOLUTE_FORM = /^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i;
const LAST_SEGMENT = /[/\\]+([^/\\]*)[/\\]*$/;

function split(url: string): { path: string; query: string } {
  const target = url.replace(ABSOLUTE_FORM, '');
  const [head = ''] = target.split('#', 1);
  const mark = head.indexOf('?');
  return mark < 0 ? { path: head, query: '' } : { path: head.slice(0, mark), query: head.slice(mark + 1) };
}

/**
 * Which part of HTTP+SSE a request is for: `stream` for a GET of `.../sse`, `message` for a POST to `.../messages` with
 * a session in its query. A GET with a session header is one of Streamable HTTP, whatever its path is called.
 */
export function sseTarget(request: HttpRequest): 'stream' | 'message' | undefined {
  const { method } = request;
  if (method !== 'GET' && method !== 'POST') return undefined;
  const { path } = split(request.url);
  const last = LAST_SEGMENT.exec(path)?.[1];
  if (method === 'GET') return last === 'sse' && request.header('mcp-session-id') === undefined ? 'stream' : undefined;
  return last === 'messages' && sseSessionOf(request) !== undefined ? 'message' : undefined;
}

/** The sealed session in the query of a request. */
export function sseSessionOf(request: HttpRequest): string | undefined {
  return new URLSearchParams(split(request.url).query).get(SSE_SESSION_PARAMETER) ?? undefined;
}

/**
 * Where the client of a stream posts to: beside the stream, from the root. Express and Connect cut the path of a mount
 * off the URL and keep the whole as `originalUrl`.
 */
export function messagesUrl(request: HttpRequest, sealed: string): string {
  const { originalUrl } = request.source as { originalUrl?: unknown };
  const { path } = split(typeof originalUrl === 'string' ? originalUrl : request.url);
  // Two slashes in front would name another host.
  const folder = path.replace(LAST_SEGMENT, '').replace(/^[/\\]+/, '');
  return `${folder === '' ? '' : `/${folder}`}/messages?${SSE_SESSION_PARAMETER}=${sealed}`;
}
