/** `tools/list`, all of its pages. */
import type { Exchange } from '../exchange/exchange.ts';
import { observation } from '../observation.ts';
import { isMember, type JsonMember } from './rpc-answer.ts';
import { ask, session } from './session.ts';

/** A server that always has a next page is not followed for ever. */
const MAX_PAGES = 50;

export interface ToolList {
  /** As they came: nothing about them is certain, not even that there is a name. */
  readonly tools: readonly JsonMember[];
  /** One per page. */
  readonly exchanges: readonly Exchange[];
  /** Why it ends before its end. */
  readonly problem?: string;
}

/** Undefined where the endpoint does not answer MCP requests. */
export const toolList = observation(async (examination): Promise<ToolList | undefined> => {
  const within = await session(examination);
  if (within === undefined) return undefined;
  const tools: JsonMember[] = [];
  const exchanges: Exchange[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const { exchange, answer } = await ask(examination, within, 'tools/list', cursor === undefined ? {} : { cursor });
    exchanges.push(exchange);
    const listed = answer.result?.['tools'];
    if (!Array.isArray(listed))
      return { tools, exchanges, problem: answer.error?.message ?? answer.problem ?? 'no tools' };
    tools.push(...listed.filter(isMember));
    const next = answer.result?.['nextCursor'];
    if (typeof next !== 'string' || next === cursor) return { tools, exchanges };
    cursor = next;
  }
  return { tools, exchanges, problem: `more than ${MAX_PAGES} pages` };
});
