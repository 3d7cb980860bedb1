/** Where MCP is spoken, if not at the URL: the usual paths of its host are asked. */
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { NEUTRAL, RUNTIME_INITIALIZE } from './claude.ts';
import { look } from './endpoint-page.ts';
import { mcpPost } from './mcp-post.ts';
import { passageOf } from './passage.ts';

export interface Elsewhere {
  readonly url: URL;
  readonly transport: 'Streamable HTTP' | 'HTTP+SSE';
  readonly exchange: Exchange;
}

/** Paths that servers are found at, the usual one first. */
function candidates(url: URL): readonly URL[] {
  const bare = url.pathname.replace(/\/+$/, '');
  const paths = new Set(['/mcp', bare || '/', `${bare}/mcp`, '/', '/api/mcp']);
  paths.delete(url.pathname);
  return [...paths].map(path => new URL(path, url.origin));
}

/** Undefined where none of them answers. */
export const elsewhere = observation(async (examination): Promise<Elsewhere | undefined> => {
  const sse = new URL('/sse', examination.url.origin);
  const deprecated = look(examination, sse);
  const asked = await Promise.all(
    candidates(examination.url).map(async url => {
      const exchange = await mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: NEUTRAL, url });
      return { url, exchange, passage: passageOf(exchange, RUNTIME_INITIALIZE.id) };
    }),
  );
  // A 401 may be everywhere on a host; an answer is where it is.
  const found = asked.find(({ passage }) => passage === 'mcp') ?? asked.find(({ passage }) => passage === 'sign-in');
  if (found !== undefined) return { ...found, transport: 'Streamable HTTP' };
  const { kind, exchange } = await deprecated;
  return kind === 'http+sse' ? { url: sse, exchange, transport: 'HTTP+SSE' } : undefined;
});
