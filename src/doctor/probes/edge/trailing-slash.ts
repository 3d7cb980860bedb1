/** Row 7: only the form with a slash is served, and Claude takes the slash off. */
import { exchanged } from '../../evidence.ts';
import { CLAUDE_RUNTIME, RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import type { Probe } from '../../probe.ts';

export const trailingSlash: Probe = {
  name: 'trailing slash',
  stage: 'edge',
  rows: [7],
  async run(examination) {
    const { url } = examination;
    // What Claude asks for, whatever was entered.
    const bare = new URL(url);
    bare.pathname = url.pathname.replace(/\/+$/, '') || '/';
    const exchange =
      bare.pathname === url.pathname
        ? await runtimeProbe(examination)
        : await mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: CLAUDE_RUNTIME, url: bare });
    const { status = 0, headers } = exchange.response ?? {};
    const location = status >= 300 && status < 400 ? headers?.get('location') : undefined;
    const target = location === undefined ? null : URL.parse(location, bare);
    if (target === null || target.hostname !== bare.hostname || target.pathname !== `${bare.pathname}/`) return [];
    const note = target.protocol !== bare.protocol ? `It even leads to ${target.protocol}//.` : undefined;
    return [{ row: 7, evidence: [exchanged(exchange)], ...(note !== undefined && { note }) }];
  },
};
