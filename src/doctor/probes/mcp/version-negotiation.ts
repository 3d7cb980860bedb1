/**
 * Row 40: `initialize` is a negotiation. A server that does not know the version that is offered answers with one that it
 * does (MCP 2025-11-25, basic/lifecycle, Version Negotiation); refusing it, it is lost with every client that is newer.
 */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { access } from '../../observations/access.ts';
import { CLAUDE_RUNTIME, LEGACY_REVISION, RUNTIME_INITIALIZE, runtimeProbe } from '../../observations/claude.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
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

/** The second probe of Claude with another version; a session that comes of it is ended with the examination. */
async function offer(examination: Examination, protocolVersion: string): Promise<Asked> {
  const message = { ...RUNTIME_INITIALIZE, params: { ...RUNTIME_INITIALIZE.params, protocolVersion } };
  const exchange = await mcpPost(examination, { message, voice: CLAUDE_RUNTIME });
  const id = exchange.response?.headers.get('mcp-session-id');
  if (id !== undefined) {
    const headers = [
      ['User-Agent', CLAUDE_RUNTIME.userAgent],
      ['Mcp-Session-Id', id],
    ] as const;
    examination.atEnd(() =>
      examination.exchange({ url: examination.url, method: 'DELETE', credentials: true, headers }),
    );
  }
  return { exchange, answer: rpcAnswer(exchange, RUNTIME_INITIALIZE.id) };
}

/** Claude's own offer is refused: another version may be all that is missing. */
async function refusesClaude(examination: Examination, isModern: boolean): Promise<Sighting | undefined> {
  const refused = await runtimeProbe(examination);
  const { error } = rpcAnswer(refused, RUNTIME_INITIALIZE.id);
  if (error === undefined || !ABOUT_THE_MESSAGE.has(refused.response?.status ?? 0)) return undefined;
  for (const version of OLDER) {
    const accepted = await offer(examination, version);
    if (accepted.answer.result === undefined) continue;
    const note = `It refuses ${LEGACY_REVISION}, which Claude offers, and takes ${version}.`;
    return { row: 40, evidence: [exchanged(refused), exchanged(accepted.exchange)], note };
  }
  if (!isModern) return undefined;
  const note = 'Only 2026-07-28 is spoken: initialize, with which Claude and others begin, is refused altogether.';
  return { row: 40, evidence: [exchanged(refused)], note };
}

async function refusesTheFuture(examination: Examination): Promise<Sighting | undefined> {
  const refused = await offer(examination, FUTURE);
  if (refused.answer.result !== undefined) return undefined;
  if (refused.exchange.response === undefined && refused.exchange.failure?.phase !== 'answer') return undefined;
  if ((refused.exchange.response?.status ?? 500) < 500 && refused.answer.error === undefined) return undefined;
  const control = await offer(examination, LEGACY_REVISION);
  if (control.answer.result === undefined) return undefined;
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
