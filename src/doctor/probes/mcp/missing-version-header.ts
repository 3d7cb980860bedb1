/** Row 39: Claude leaves MCP-Protocol-Version out at times, and the server refuses, or offers other tools. */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import {
  askChanged,
  isRefused,
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

/** Tools that are there with the header, and not without it. */
async function vanished(examination: Examination, usual: UsualRequest, without: Asked): Promise<readonly string[]> {
  if (usual.method !== 'tools/list') return [];
  const listed = new Set(namesIn(without));
  // Asked before and after: a list that changes by itself has not lost them for want of a header.
  const before = namesIn(await askChanged(examination, usual.session, usual.method));
  const still = new Set(namesIn(await askChanged(examination, usual.session, usual.method, { revision: null })));
  const after = new Set(namesIn(await askChanged(examination, usual.session, usual.method)));
  return before.filter(name => !listed.has(name) && !still.has(name) && after.has(name));
}

export const missingVersionHeader: Probe = {
  name: 'no version header',
  stage: 'mcp',
  rows: [39],
  needs: ['mcp'],
  async run(examination): Promise<readonly Sighting[]> {
    const usual = await usualRequest(examination);
    if (usual === undefined) return [];
    const { session, method } = usual;
    const without = await askChanged(examination, session, method, { revision: null });
    const evidence = [exchanged(without.exchange)];
    if (isServed(without)) {
      const gone = await vanished(examination, usual, without);
      if (gone.length === 0) return [];
      const text = `Without the header ${gone.length} tools are missing, ${gone[0]} among them`;
      return [{ row: 39, evidence: [...evidence, fact(text)], ...(await legacyEffect(examination)) }];
    }
    if (!isRefused(without)) return [];
    const control = await askChanged(examination, session, method);
    if (!isServed(control)) return [];
    return [{ row: 39, evidence: [...evidence, exchanged(control.exchange)], ...(await legacyEffect(examination)) }];
  },
};
