/**
 * Row 38: a request whose header names one revision and whose envelope names another.
 *
 * A server of 2026-07-28 has to refuse it with 400 and -32020 (basic/transports/streamable-http, Protocol Version Header),
 * so that such a refusal is no fault of the server; and yet it ends every call of the releases of Claude Code and Claude
 * Desktop that send requests so through a connector. That is told to whoever asks for the sake of Claude Code alone. A fault
 * for everybody is what makes all requests look so, and a refusal that does not say what it is.
 */
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { access } from '../../observations/access.ts';
import { LEGACY_REVISION } from '../../observations/claude.ts';
import { discover, MODERN_META, MODERN_REVISION, speaksModern } from '../../observations/discover.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import { rpcAnswer } from '../../observations/rpc-answer.ts';
import type { Asked } from '../../observations/session.ts';
import type { Probe, Sighting } from '../../probe.ts';

const HEADER_MISMATCH = -32020;
const ID = 938;

async function list(examination: Examination, header: string): Promise<Asked> {
  const { voice } = await access(examination);
  const exchange = await mcpPost(examination, {
    message: { jsonrpc: '2.0', id: ID, method: 'tools/list', params: { _meta: MODERN_META } },
    voice: { ...voice, revision: header },
    headers: [['Mcp-Method', 'tools/list']],
  });
  return { exchange, answer: rpcAnswer(exchange, ID) };
}

/** What agrees when it is sent, and does not when it arrives. */
async function rewritten(examination: Examination): Promise<Sighting | undefined> {
  const { exchange, answer } = await discover(examination);
  if (answer.error?.code !== HEADER_MISMATCH) return undefined;
  const note = `The doctor sent ${MODERN_REVISION} in both, and the server says: ${answer.error.message.slice(0, 200)}`;
  return { row: 38, evidence: [exchanged(exchange)], note, effect: 'fails', explains: [33, 35] };
}

function isRefusedAsSpecified({ exchange, answer }: Asked): boolean {
  return exchange.response?.status === 400 && answer.error?.code === HEADER_MISMATCH;
}

/** Refused by something else, or for something else. */
function isAboutOthers({ response, failure }: Exchange): boolean {
  if (response === undefined) return failure?.phase !== 'answer';
  return [401, 403, 421, 429].includes(response.status) || (response.status >= 300 && response.status < 400);
}

async function mismatched(examination: Examination): Promise<Sighting | undefined> {
  const asked = await list(examination, LEGACY_REVISION);
  if (asked.answer.result !== undefined || isAboutOthers(asked.exchange)) return undefined;
  const isLegal = isRefusedAsSpecified(asked);
  const { clients = [] } = examination.options;
  if (isLegal && !(clients.includes('claude-code') && !clients.includes('claude'))) return undefined;
  const control = await list(examination, MODERN_REVISION);
  const again = await list(examination, LEGACY_REVISION);
  if (control.answer.result === undefined || again.answer.result !== undefined) return undefined;
  const evidence = [exchanged(asked.exchange), exchanged(control.exchange)];
  if (isLegal) {
    const note =
      'The specification demands this refusal; releases of Claude Code that send such requests fail all the same.';
    return { row: 38, evidence, note, effect: 'note' };
  }
  const note = 'The specification has 400 and -32020 for this, by which a client sees what to mend.';
  return { row: 38, evidence, note, effect: 'risk' };
}

export const headerMismatch: Probe = {
  name: 'header and envelope',
  stage: 'mcp',
  rows: [38],
  needs: ['mcp'],
  async run(examination) {
    const sighting =
      (await rewritten(examination)) ?? ((await speaksModern(examination)) ? await mismatched(examination) : undefined);
    return sighting === undefined ? [] : [sighting];
  },
};
