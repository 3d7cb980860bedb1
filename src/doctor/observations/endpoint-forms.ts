/** The URL without a slash at its end, which Claude asks for whatever was entered, and with one. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { CLAUDE_RUNTIME, RUNTIME_INITIALIZE, runtimeProbe } from './claude.ts';
import { mcpPost } from './mcp-post.ts';

/** `/mcp` for `/mcp` and `/mcp/`. */
export function bareUrl(url: URL): URL {
  const bare = new URL(url);
  bare.pathname = url.pathname.replace(/\/+$/, '') || '/';
  return bare;
}

/** `/mcp/` for both; undefined for the root, which has one form only. */
export function slashedUrl(url: URL): URL | undefined {
  const slashed = bareUrl(url);
  if (slashed.pathname === '/') return undefined;
  slashed.pathname += '/';
  return slashed;
}

function initialize(examination: Examination, url: URL): Promise<Exchange> {
  if (url.href === examination.url.href) return runtimeProbe(examination);
  return mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: CLAUDE_RUNTIME, url });
}

/** `initialize` as Claude sends it, to the URL as Claude writes it. */
export const bareForm = observation(examination => initialize(examination, bareUrl(examination.url)));

/** The same to the other form; undefined for the root. */
export const slashedForm = observation(async (examination): Promise<Exchange | undefined> => {
  const url = slashedUrl(examination.url);
  return url === undefined ? undefined : initialize(examination, url);
});
