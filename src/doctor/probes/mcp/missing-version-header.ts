/** Row 39: Claude leaves MCP-Protocol-Version out at times, and the server refuses, or offers other tools. */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import {
  askChanged,
  type Change,
  differenceOf,
  isServed,
  type UsualRequest,
  usualRequest,
} from '../../observations/changed-request.ts';
import { legacyEffect } from '../../observations/legacy-effect.ts';
import { isMember } from '../../observations/rpc-answer.ts';
import type { Asked } from '../../observations/session.ts';
import type { Probe, Sighting } from '../../probe.ts';

function namesIn({ answer }: Asked): readonly string[] {
  const tools = answer.result?.['tools'];
  return Array.isArray(tools) ? tools.filter(isMember).map(tool => String(tool['name'])) : [];
}

interface Vanished {
  /** Tools that are there with the header, and not without it. */
  readonly gone: readonly string[];
  readonly without: Asked;
}

async function vanished(examination: Examination, { session, method }: UsualRequest): Promise<Vanished> {
  const list = (change: Change) => askChanged(examination, session, method, change);
  const without = await list({ revision: null });
  if (!isServed(without)) return { gone: [], without };
  // Asked before and after: a list that changes by itself has not lost them for want of a header.
  const before = namesIn(await list({}));
  const missing = before.filter(name => !namesIn(without).includes(name));
  if (missing.length === 0) return { gone: [], without };
  const again = await list({ revision: null });
  const after = namesIn(await list({}));
  const gone = missing.filter(name => isServed(again) && !namesIn(again).includes(name) && after.includes(name));
  return { gone, without };
}

export const missingVersionHeader: Probe = {
  name: 'no version header',
  stage: 'mcp',
  rows: [39],
  needs: ['mcp'],
  async run(examination): Promise<readonly Sighting[]> {
    const usual = await usualRequest(examination);
    if (usual === undefined) return [];
    const difference = await differenceOf(examination, usual, { revision: null });
    if (difference !== undefined) {
      const evidence = [exchanged(difference.refused.exchange), exchanged(difference.served.exchange)];
      return [{ row: 39, evidence, ...(await legacyEffect(examination)) }];
    }
    const { gone, without } = await vanished(examination, usual);
    if (gone.length === 0) return [];
    const told = fact(`Without the header ${gone.length} tools are missing, ${gone[0]} among them`);
    return [{ row: 39, evidence: [told, exchanged(without.exchange)], ...(await legacyEffect(examination)) }];
  },
};
