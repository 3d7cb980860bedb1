/** Row 20: a guard that wants an Origin, which only browsers send. */
import { exchanged } from '../../evidence.ts';
import { NEUTRAL, neutralProbe, RUNTIME_INITIALIZE } from '../../observations/claude.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import { isThrough } from '../../observations/passage.ts';
import type { Probe } from '../../probe.ts';

/** Statuses that guards answer with. */
const STATUSES = new Set([400, 401, 403]);
/** A page that such guards often know. */
const CLAUDE_ORIGIN = 'https://claude.ai';

export const originGuard: Probe = {
  name: 'Origin guard',
  stage: 'edge',
  rows: [20],
  async run(examination) {
    const refused = await neutralProbe(examination);
    if (!STATUSES.has(refused.response?.status ?? 0) || isThrough(refused, RUNTIME_INITIALIZE.id)) return [];
    for (const origin of [examination.url.origin, CLAUDE_ORIGIN]) {
      // The same request with nothing but an Origin.
      const headers = [['Origin', origin]] as const;
      const control = await mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: NEUTRAL, headers });
      if (!isThrough(control, RUNTIME_INITIALIZE.id)) continue;
      return [{ row: 20, evidence: [exchanged(refused), exchanged(control)], note: `Origin: ${origin} gets through.` }];
    }
    return [];
  },
};
