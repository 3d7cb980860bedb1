/** Row 19: a guard against DNS rebinding that does not know the public name. */
import { exchanged } from '../../evidence.ts';
import { NEUTRAL, neutralProbe, RUNTIME_INITIALIZE } from '../../observations/claude.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import { isThrough } from '../../observations/passage.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** Statuses that guards answer with. */
const STATUSES = new Set([400, 403, 421]);
/** In the words of the official SDKs, Starlette, Django, Rails, Vite, webpack and Slipway. */
const WORDS =
  /invalid host\b|invalid http_host|disallowedhost|blocked hosts?\b|host (header )?(\S+ )?is not (allowed|one that)|host[ _]not[ _]allowed|dns.?rebinding|\(['"“][^'"”]*['"”]\) is not allowed/i;
/** What such guards allow by themselves. */
const LOCAL_HOST = 'localhost';
const MAX_BODY_CHARS = 16 * 1024;

/** Whether a refusal is for the Host, by its words. */
export function blamesHost(text: string): boolean {
  return WORDS.test(text.slice(0, MAX_BODY_CHARS));
}

export const hostGuard: Probe = {
  name: 'Host guard',
  stage: 'edge',
  rows: [19],
  async run(examination): Promise<readonly Sighting[]> {
    // In nobody's name: a rule against Claude answers with 403 as well.
    const refused = await neutralProbe(examination);
    const status = refused.response?.status ?? 0;
    if (!STATUSES.has(status) || isThrough(refused, RUNTIME_INITIALIZE.id)) return [];
    if (status === 421 || blamesHost(refused.response?.text ?? ''))
      return [{ row: 19, evidence: [exchanged(refused)] }];
    // The same request with nothing but another Host.
    const headers = [['Host', LOCAL_HOST]] as const;
    const control = await mcpPost(examination, { message: RUNTIME_INITIALIZE, voice: NEUTRAL, headers });
    if (!isThrough(control, RUNTIME_INITIALIZE.id)) return [];
    return [{ row: 19, evidence: [exchanged(refused), exchanged(control)], note: `Host: ${LOCAL_HOST} gets through.` }];
  },
};
