/**
 * Row 37: after a handshake of the 2025 era Claude names 2026-07-28 in its header. A server may refuse that (MCP
 * 2025-11-25, basic/transports, Protocol Version Header: an unsupported version gets 400), and is left without its tools.
 */
import { exchanged } from '../../evidence.ts';
import { differenceOf, usualRequest } from '../../observations/changed-request.ts';
import { discover, MODERN_REVISION } from '../../observations/discover.ts';
import { discoverRefusal } from '../../observations/discover-refusal.ts';
import type { Probe } from '../../probe.ts';

export const newerVersionHeader: Probe = {
  name: 'a newer version header',
  stage: 'mcp',
  rows: [37],
  needs: ['mcp'],
  async run(examination) {
    // To a server that speaks it, Claude sends it with an envelope.
    if ((await discover(examination)).answer.result !== undefined) return [];
    const usual = await usualRequest(examination);
    const difference = usual && (await differenceOf(examination, usual, { revision: MODERN_REVISION }));
    if (difference === undefined) return [];
    const isWhy = (await discoverRefusal(examination))?.wanted === 'older revision';
    const evidence = [exchanged(difference.refused.exchange), exchanged(difference.served.exchange)];
    return [{ row: 37, evidence, explains: isWhy ? [33, 34, 36] : [] }];
  },
};
