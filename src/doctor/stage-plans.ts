/** All stages in order, with what has to be there before each. */
import type { Examination } from './examination.ts';
import { access } from './observations/access.ts';
import { runtimeProbe } from './observations/claude.ts';
import { reach } from './observations/reach.ts';
import { ADDRESS_PROBES } from './probes/address/address-probes.ts';
import { EDGE_PROBES } from './probes/edge/edge-probes.ts';
import { MCP_PROBES } from './probes/mcp/mcp-probes.ts';
import { OAUTH_PROBES } from './probes/oauth/oauth-probes.ts';
import { TLS_PROBES } from './probes/tls/tls-probes.ts';
import { TOOLS_PROBES } from './probes/tools/tools-probes.ts';
import type { StagePlan } from './stage-plan.ts';

/** Of what is answered instead of MCP. */
const MAX_SAID_CHARS = 120;
const MAX_READ_CHARS = 1_000;

async function noConnection(examination: Examination): Promise<string | undefined> {
  const { failure } = await reach(examination);
  return failure === undefined || failure.phase === 'tls' ? undefined : failure.message;
}

async function noHandshake(examination: Examination): Promise<string | undefined> {
  return (await reach(examination)).failure?.message;
}

async function noAnswer(examination: Examination): Promise<string | undefined> {
  const { response, failure } = await runtimeProbe(examination);
  return response === undefined ? `a POST gets no answer: ${failure?.message ?? 'unknown'}` : undefined;
}

/** Whatever was looked for until here: a server that says nothing in MCP is not a healthy one. */
async function noMcp(examination: Examination): Promise<string | undefined> {
  const { state, exchange } = await access(examination);
  if (state !== 'closed') return undefined;
  const { response, failure } = exchange;
  if (response === undefined) return `initialize is not answered in MCP: ${failure?.message ?? 'nothing comes'}`;
  const said = response.text.slice(0, MAX_READ_CHARS).trim().replace(/\s+/g, ' ');
  const start = said.length > MAX_SAID_CHARS ? `${said.slice(0, MAX_SAID_CHARS)}…` : said;
  const answer = `${response.status} ${response.reason}`.trim();
  return `initialize is not answered in MCP, but with ${answer}${start === '' ? ' and no body' : `: ${start}`}`;
}

export const STAGE_PLANS: readonly StagePlan[] = [
  { stage: 'address', probes: ADDRESS_PROBES },
  { stage: 'tls', probes: TLS_PROBES, blocked: noConnection },
  // The first request is made by itself, so that a server that is asleep is not seen as one that fails in many ways.
  { stage: 'edge', probes: EDGE_PROBES, blocked: noHandshake, opening: runtimeProbe },
  { stage: 'mcp', probes: MCP_PROBES, blocked: noAnswer },
  { stage: 'oauth', probes: OAUTH_PROBES },
  { stage: 'tools', probes: TOOLS_PROBES, blocked: noMcp },
];
