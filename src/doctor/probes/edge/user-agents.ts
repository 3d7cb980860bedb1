/** Row 12: a rule against bots that names Claude's user agents. */
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { botChallengeOf } from '../../observations/bot-challenge.ts';
import {
  CLAUDE_DISCOVERY,
  CLAUDE_RUNTIME,
  DISCOVERY_INITIALIZE,
  discoveryProbe,
  NEUTRAL,
  neutralProbe,
  RUNTIME_INITIALIZE,
  runtimeProbe,
} from '../../observations/claude.ts';
import { mcpPost, type Voice } from '../../observations/mcp-post.ts';
import { isThrough } from '../../observations/passage.ts';
import type { Probe, Sighting } from '../../probe.ts';

interface Pair {
  readonly message: { readonly id: number };
  readonly voice: Voice;
  /** What Claude was answered before. */
  readonly claude: Exchange;
  /** The same with another user agent, if it was asked before. */
  readonly control?: Exchange;
}

/** The same request twice, with nothing but another user agent: refused, and let through. */
async function refusedByName(examination: Examination, pair: Pair): Promise<Sighting | undefined> {
  const { message, voice, claude } = pair;
  if (isThrough(claude, message.id) || botChallengeOf(claude) !== undefined) return undefined;
  const neutral: Voice = { ...voice, userAgent: NEUTRAL.userAgent };
  const control = pair.control ?? (await mcpPost(examination, { message, voice: neutral }));
  if (!isThrough(control, message.id)) return undefined;
  // Once more, so that nothing that happens at times only is taken for a rule.
  const again = await mcpPost(examination, { message, voice });
  const controlAgain = await mcpPost(examination, { message, voice: neutral });
  if (isThrough(again, message.id) || !isThrough(controlAgain, message.id)) return undefined;
  return { row: 12, evidence: [exchanged(claude), exchanged(control)] };
}

export const userAgents: Probe = {
  name: 'user agents of Claude',
  stage: 'edge',
  rows: [12],
  async run(examination) {
    const runtime = await runtimeProbe(examination);
    if (!isThrough(runtime, RUNTIME_INITIALIZE.id)) {
      const control = await neutralProbe(examination);
      const pair = { message: RUNTIME_INITIALIZE, voice: CLAUDE_RUNTIME, claude: runtime, control };
      const sighting = await refusedByName(examination, pair);
      if (sighting !== undefined) return [sighting];
    }
    const claude = await discoveryProbe(examination);
    const sighting = await refusedByName(examination, {
      message: DISCOVERY_INITIALIZE,
      voice: CLAUDE_DISCOVERY,
      claude,
    });
    if (sighting === undefined) return [];
    return [{ ...sighting, note: 'It is python-httpx that is refused, in whose name Claude discovers and registers.' }];
  },
};
