/** Rows 50 and 51: whoever has no token is told so in another way than by a 401. */
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { anonymousProbe, CLAUDE_RUNTIME, RUNTIME_INITIALIZE } from '../../observations/claude.ts';
import { HARMLESS_CALL_ID, harmlessCall } from '../../observations/harmless-call.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import { readOnlyCalls } from '../../observations/read-only-calls.ts';
import { rpcAnswer } from '../../observations/rpc-answer.ts';
import { asksToSignIn, objectionOf, saysSignIn } from '../../observations/sign-in-words.ts';
import type { Probe, Sighting } from '../../probe.ts';

const WRONG_TOKEN = 'Bearer slipway-doctor-wrong-token';
const PING = { jsonrpc: '2.0', id: 9, method: 'ping' };

async function post(examination: Examination, message: unknown, authorization?: string) {
  return mcpPost(examination, {
    message,
    voice: CLAUDE_RUNTIME,
    credentials: false,
    headers: authorization === undefined ? [] : [['Authorization', authorization]],
  });
}

/** 200, and words that ask for a sign-in. */
function isToldInWords(text: string | undefined): boolean {
  return text !== undefined && saysSignIn(text);
}

async function answeredInWords(examination: Examination): Promise<readonly Sighting[]> {
  const anonymous = await anonymousProbe(examination);
  if (anonymous.response?.status === 200 && isToldInWords(objectionOf(anonymous, RUNTIME_INITIALIZE.id))) {
    return [{ row: 50, evidence: [exchanged(anonymous)] }];
  }
  if (rpcAnswer(anonymous, RUNTIME_INITIALIZE.id).result === undefined || examination.hasCredentials) return [];
  const call = await harmlessCall(examination, 'test');
  if (call.response?.status === 200 && isToldInWords(objectionOf(call, HARMLESS_CALL_ID))) {
    return [{ row: 50, evidence: [exchanged(call)] }];
  }
  if (examination.options.write !== true) return [];
  const told = (await readOnlyCalls(examination)).find(({ exchange, answer, given }) => {
    if (given !== 'fitting' || exchange.response?.status !== 200) return false;
    const { error, result } = answer;
    const text = error?.message ?? (result?.['isError'] === true ? JSON.stringify(result['content']) : undefined);
    return text !== undefined && asksToSignIn(text);
  });
  return told === undefined ? [] : [{ row: 50, evidence: [exchanged(told.exchange)] }];
}

async function refusedBefore(examination: Examination): Promise<readonly Sighting[]> {
  const anonymous = await anonymousProbe(examination);
  const { status } = anonymous.response ?? {};
  if (status === 400) {
    const wrong = await post(examination, RUNTIME_INITIALIZE, WRONG_TOKEN);
    if (wrong.response?.status === 401) return [{ row: 51, evidence: [exchanged(anonymous), exchanged(wrong)] }];
    const objection = objectionOf(anonymous, RUNTIME_INITIALIZE.id);
    return isToldInWords(objection) ? [{ row: 51, evidence: [exchanged(anonymous)] }] : [];
  }
  if (status !== 401) return [];
  // Any request without a token is worth a 401, whatever else is wrong with it.
  for (const message of ['{}', PING]) {
    const bare = await post(examination, message);
    if (bare.response?.status !== 400) continue;
    const note = 'initialize is answered with 401; other requests without a token are not.';
    return [{ row: 51, evidence: [exchanged(bare), exchanged(anonymous)], effect: 'risk', note }];
  }
  return [];
}

export const signInDemand: Probe = {
  name: 'requests without a token',
  stage: 'oauth',
  rows: [50, 51],
  async run(examination) {
    return [...(await answeredInWords(examination)), ...(await refusedBefore(examination))];
  },
};
