/** Row 46: the first request after a while finds the server asleep. Claude gives `initialize` 10 s. */
import { exchanged, fact } from '../../evidence.ts';
import { firstContact, runtimeProbe } from '../../observations/claude.ts';
import type { Probe } from '../../probe.ts';

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

export const coldStart: Probe = {
  name: 'the first request',
  stage: 'mcp',
  rows: [46],
  async run(examination) {
    const [cold, warm] = [await firstContact(examination), await runtimeProbe(examination)];
    if (cold.response !== undefined || warm.response === undefined) return [];
    const waited = seconds(cold.timings.endMs);
    const text = `The first initialize was not answered within ${waited}, the next one was, after ${seconds(warm.timings.endMs)}`;
    return [{ row: 46, evidence: [fact(text), exchanged(cold)] }];
  },
};
