/**
 * Row 42: Claude does not send `Mcp-Session-Id` back. A server may insist on it (MCP 2025-11-25, basic/transports, Session
 * Management: 400), and then has no client in Claude.
 */
import { exchanged } from '../../evidence.ts';
import { differenceOf, usualRequest } from '../../observations/changed-request.ts';
import { discoverRefusal } from '../../observations/discover-refusal.ts';
import { legacyEffect } from '../../observations/legacy-effect.ts';
import type { Probe } from '../../probe.ts';

export const missingSessionId: Probe = {
  name: 'no session id',
  stage: 'mcp',
  rows: [42],
  needs: ['mcp'],
  async run(examination) {
    const usual = await usualRequest(examination);
    if (usual?.session.id === undefined) return [];
    const difference = await differenceOf(examination, usual, { sessionId: null });
    if (difference === undefined) return [];
    const isWhy = (await discoverRefusal(examination))?.wanted === 'session';
    return [
      {
        row: 42,
        evidence: [exchanged(difference.refused.exchange), exchanged(difference.served.exchange)],
        explains: isWhy ? [33, 34, 36] : [],
        ...(await legacyEffect(examination)),
      },
    ];
  },
};
