/** Row 13: the edge wants to see a browser. */
import { exchanged } from '../../evidence.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { botChallengeOf } from '../../observations/bot-challenge.ts';
import { discoveryProbe, neutralProbe, RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { isThrough, passageOf } from '../../observations/passage.ts';
import { metadataAtRoot, metadataByPath } from '../../observations/resource-metadata.ts';
import type { Probe, Sighting } from '../../probe.ts';

function sightingOf(exchange: Exchange, note?: string): Sighting {
  const maker = `The challenge is ${botChallengeOf(exchange) === 'the front' ? 'of no maker that is known here' : `that of ${botChallengeOf(exchange)}`}.`;
  return { row: 13, evidence: [exchanged(exchange)], note: note === undefined ? maker : `${maker} ${note}` };
}

export const botChallenge: Probe = {
  name: 'bot challenges',
  stage: 'edge',
  rows: [13],
  async run(examination) {
    const claude = await Promise.all([runtimeProbe(examination), discoveryProbe(examination)]);
    const challenged = claude.find(exchange => botChallengeOf(exchange) !== undefined);
    if (challenged !== undefined) {
      const neutral = await neutralProbe(examination);
      const isClaudeOnly = isThrough(neutral, RUNTIME_INITIALIZE.id);
      return [sightingOf(challenged, isClaudeOnly ? "Only Claude's user agents get it." : undefined)];
    }
    // The path may be exempt and the places of sign-in not.
    if (passageOf(claude[0], RUNTIME_INITIALIZE.id) !== 'sign-in') return [];
    const places = await Promise.all([metadataByPath(examination), metadataAtRoot(examination)]);
    const hidden = places.find(({ exchange }) => botChallengeOf(exchange) !== undefined);
    if (hidden === undefined) return [];
    return [sightingOf(hidden.exchange, 'The MCP path is exempt; the well-known places are not.')];
  },
};
