/** Row 32: a server that insists on both media types refuses Claude's first probe. */
import { exchanged } from '../../evidence.ts';
import { CLAUDE_DISCOVERY, DISCOVERY_INITIALIZE, discoveryProbe } from '../../observations/claude.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import type { Probe } from '../../probe.ts';

export const strictAccept: Probe = {
  name: 'Accept: */*',
  stage: 'mcp',
  rows: [32],
  async run(examination) {
    const refused = await discoveryProbe(examination);
    if (refused.response?.status !== 406 && refused.response?.status !== 400) return [];
    // The same request with nothing but another Accept.
    const voice = { ...CLAUDE_DISCOVERY, accept: 'application/json, text/event-stream' };
    const control = await mcpPost(examination, { message: DISCOVERY_INITIALIZE, voice });
    // 401: sign-in comes first there, and the first probe is what begins it.
    if (control.response?.status !== 200 && control.response?.status !== 401) return [];
    return [{ row: 32, evidence: [exchanged(refused), exchanged(control)] }];
  },
};
