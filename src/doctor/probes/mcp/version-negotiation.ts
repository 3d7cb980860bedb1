/**
 * Row 40: `initialize` is a negotiation. A server that does not know the version that is offered answers with one that it
 * does (MCP 2025-11-25, basic/lifecycle, Version Negotiation); refusing it, it is lost with every client that is newer.
 */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { access } from '../../observations/access.ts';
import { LEGACY_REVISION, RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { initialize } from '../../observations/initialize.ts';
import { rpcAnswer } from '../../observations/rpc-answer.ts';
import type { Asked } from '../../observations/session.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** No revision will be called so for a while. */
const FUTURE = '2099-01-01';
const OLDER = ['2025-06-18', '2025-03-26', '2024-11-05'] as const;
/** Revisions are dates. */
const REVISION = /^\d{4}-\d\d-\d\d$/;
/** With these a server says that it did not like the message, rather than who sent it. */
const ABOUT_THE_MESSAGE = new Set([200, 400, 404, 422]);

/** Claude's own offer is refused: another version may be all that is missing. */
async function refusesClaude(examination: Examination, isModern: boolean): Promise<Sighting | undefined> {
  const refused = await runtimeProbe(examination);
  const { error } = rpcAnswer(refused, RUNTIME_INITIALIZE.id);
  if (error === undefined || !ABOUT_THE_MESSAGE.has(refused.response?.status ?? 0)) return undefined;
  for (const version of OLDER) {
    const accepted = await initialize(examination, version);
    if (accepted.answer.result === undefined) continue;
    const note = `It refuses ${LEGACY_REVISION}, which Claude offers, and takes ${version}.`;
    return { row: 40, evidence: [exchanged(refused), exchanged(accepted.exchange)], note };
  }
  if (!isModern) return undefined;
  const note = 'Only 2026-07-28 is spoken: initialize, with which Claude and others begin, is refused altogether.';
  return { row: 40, evidence: [exchanged(refused)], note };
}

/** An error in JSON-RPC, a failure of the server, or no answer; not what somebody else says who is in front of it. */
function isRefusal({ exchange: { response, failure }, answer }: Asked): boolean {
  if (response === undefined) return failure?.phase === 'answer';
  if (answer.result !== undefined) return false;
  return response.status >= 500 || (answer.error !== undefined && ABOUT_THE_MESSAGE.has(response.status));
}

async function refusesTheFuture(examination: Examination): Promise<Sighting | undefined> {
  const refused = await initialize(examination, FUTURE);
  if (!isRefusal(refused)) return undefined;
  const control = await initialize(examination, LEGACY_REVISION);
  if (control.answer.result === undefined || !isRefusal(await initialize(examination, FUTURE))) return undefined;
  const note = `It takes ${LEGACY_REVISION}, which Claude offers today, and will refuse what Claude offers next.`;
  const evidence = [exchanged(refused.exchange), exchanged(control.exchange)];
  return { row: 40, evidence, note, effect: 'risk' };
}

export const versionNegotiation: Probe = {
  name: 'versions in initialize',
  stage: 'mcp',
  rows: [40],
  async run(examination): Promise<readonly Sighting[]> {
    const { state, initialized, exchange } = await access(examination);
    if (state === 'sign-in') return [];
    if (initialized === undefined) {
      const sighting = await refusesClaude(examination, state === 'open');
      return sighting === undefined ? [] : [sighting];
    }
    const agreed = initialized.result?.['protocolVersion'];
    if (typeof agreed !== 'string' || !REVISION.test(agreed)) {
      const told = fact(`It answers with the version ${JSON.stringify(agreed)}, which is no revision of MCP`);
      return [{ row: 40, evidence: [told, exchanged(exchange)] }];
    }
    const sighting = await refusesTheFuture(examination);
    return sighting === undefined ? [] : [sighting];
  },
};
