/** A request of the session with one thing changed: whatever is answered otherwise is answered so because of that. */
import type { Examination } from '../examination.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { mcpPost } from './mcp-post.ts';
import { rpcAnswer } from './rpc-answer.ts';
import { type Asked, type Session, session } from './session.ts';
import { sessionUse } from './session-use.ts';
import { toolList } from './tool-list.ts';

/** What is absent stays as it is; what is null is not sent. */
export interface Change {
  /** `MCP-Protocol-Version`. */
  readonly revision?: string | null;
  readonly sessionId?: string | null;
  /** Of the request. */
  readonly id?: string;
}

function headersOf(within: Session, { revision, sessionId }: Change) {
  const spoken = revision === null ? undefined : (revision ?? within.voice.revision);
  return {
    voice: { ...within.voice, revision: spoken },
    sessionId: sessionId === null ? undefined : (sessionId ?? within.id),
  };
}

const ID = 900;

/** A request of the 2025 era. */
export async function askChanged(
  examination: Examination,
  within: Session,
  method: string,
  change: Change = {},
): Promise<Asked> {
  const { id = ID } = change;
  const message = { jsonrpc: '2.0', id, method, params: {} };
  const exchange = await mcpPost(examination, { message, ...headersOf(within, change) });
  return { exchange, answer: rpcAnswer(exchange, id) };
}

/** A notification of the 2025 era. */
export function notifyChanged(
  examination: Examination,
  within: Session,
  method: string,
  change: Change = {},
): Promise<Exchange> {
  return mcpPost(examination, { message: { jsonrpc: '2.0', method }, ...headersOf(within, change) });
}

export function isServed({ exchange, answer }: Asked): boolean {
  return exchange.response?.status === 200 && answer.result !== undefined;
}

/** Refused for who asks, or for how often: not for what was changed. */
const OF_THE_CALLER = new Set([401, 403, 407, 421, 429]);

/** Neither served nor refused for another reason; silence is a refusal where the server answers others. */
function isRefused(asked: Asked): boolean {
  const { response, failure } = asked.exchange;
  if (response === undefined) return failure?.phase === 'answer';
  if (OF_THE_CALLER.has(response.status) || (response.status >= 300 && response.status < 400)) return false;
  return !isServed(asked);
}

/** A change that makes the difference: without it the request is served, with it it is not. */
export interface Difference {
  readonly refused: Asked;
  readonly served: Asked;
}

/** Asked with the change, without, and with it again, so that nothing that happens at times only is taken for a rule. */
export async function differenceOf(
  examination: Examination,
  { session: within, method }: UsualRequest,
  change: Change,
  counts: (asked: Asked) => boolean = isRefused,
): Promise<Difference | undefined> {
  const refused = await askChanged(examination, within, method, change);
  if (!isRefused(refused) || !counts(refused)) return undefined;
  const served = await askChanged(examination, within, method);
  if (!isServed(served)) return undefined;
  const again = await askChanged(examination, within, method, change);
  return isRefused(again) && counts(again) ? { refused, served } : undefined;
}

export interface UsualRequest {
  readonly session: Session;
  /** Served whenever it is asked as it should be. */
  readonly method: 'tools/list' | 'ping';
}

/** Undefined where there is no conversation of the 2025 era, or where it is not answered reliably. */
export const usualRequest = observation(async (examination): Promise<UsualRequest | undefined> => {
  const within = await session(examination);
  if (within?.era !== 'legacy') return undefined;
  const use = await sessionUse(examination);
  if (use !== undefined && use.state !== 'kept') return undefined;
  const list = await toolList(examination);
  if (list !== undefined && list.problem === undefined) return { session: within, method: 'tools/list' };
  const served = isServed(await askChanged(examination, within, 'ping'));
  return served ? { session: within, method: 'ping' } : undefined;
});
