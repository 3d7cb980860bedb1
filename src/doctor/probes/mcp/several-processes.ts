/** Row 45: a session that is known over some connections and not over others. */
import { exchanged, fact } from '../../evidence.ts';
import { sessionUse } from '../../observations/session-use.ts';
import type { Probe } from '../../probe.ts';

export const severalProcesses: Probe = {
  name: 'one session over many connections',
  stage: 'mcp',
  rows: [45],
  needs: ['mcp'],
  async run(examination) {
    const use = await sessionUse(examination);
    if (use?.state !== 'scattered') return [];
    const { known, unknown } = use;
    const all = known.length + unknown.length;
    const text = `Of ${all} requests with one session id, each over a connection of its own, ${unknown.length} were refused`;
    return [{ row: 45, evidence: [fact(text), exchanged(unknown[0]!.exchange), exchanged(known[0]!.exchange)] }];
  },
};
