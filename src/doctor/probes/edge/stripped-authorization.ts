/** Row 24: the server says that there is no token where there is one. */
import { exchanged } from '../../evidence.ts';
import { anonymousProbe, CLAUDE_RUNTIME, RUNTIME_INITIALIZE } from '../../observations/claude.ts';
import { mcpPost } from '../../observations/mcp-post.ts';
import { passageOf } from '../../observations/passage.ts';
import type { Probe } from '../../probe.ts';

const WRONG_TOKEN = 'Bearer slipway-doctor-wrong-token';
/**
 * `Missing Authorization header`, `No access token was provided`, `Authorization header required`. Not what fits both
 * cases: `Missing or invalid token`, `Authentication required`.
 */
const SAYS_MISSING =
  /(missing|no)\s+(an?\s+)?(bearer\s+|access\s+)?(authorization|token|credentials)(?!\s+or\b)|(authorization|token|credentials)(\s+header)?\s+(is|was|are|were)?\s*(missing|absent|not\s+(provided|present|sent))(?!\s+or\b)|authorization\s+header\s+(is\s+)?required/i;
const BOTH = /\b(invalid|expired|wrong|bad|incorrect)\b/i;
const MAX_BODY_CHARS = 2_000;

/** Whether an answer to a wrong token says that there was none, rather than that it is wrong. */
export function saysMissing(text: string): boolean {
  // `invalid_token` is a code, not a statement.
  const statement = text.slice(0, MAX_BODY_CHARS).replace(/invalid_(token|request)/g, '');
  return SAYS_MISSING.test(statement) && !BOTH.test(statement);
}

export const strippedAuthorization: Probe = {
  name: 'Authorization on the way',
  stage: 'edge',
  rows: [24],
  async run(examination) {
    const without = await anonymousProbe(examination);
    if (passageOf(without, RUNTIME_INITIALIZE.id) !== 'sign-in') return [];
    const wrong = await mcpPost(examination, {
      message: RUNTIME_INITIALIZE,
      voice: CLAUDE_RUNTIME,
      credentials: false,
      headers: [['Authorization', WRONG_TOKEN]],
    });
    const one = without.response!;
    const other = wrong.response;
    if (other === undefined || other.status !== one.status || other.text !== one.text) return [];
    const told = [other.text, ...other.headers.all('www-authenticate')];
    if (!told.some(saysMissing)) return [];
    return [{ row: 24, evidence: [exchanged(wrong), exchanged(without)] }];
  },
};
