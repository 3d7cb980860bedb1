/** How far a POST of `initialize` got: to a server that speaks MCP, or to something in front of it. */
import type { Exchange } from '../exchange/exchange.ts';
import { challengesIn } from './challenge.ts';
import { jsonObject, rpcAnswer } from './rpc-answer.ts';
import { signInPageOf } from './sign-in-page.ts';

/**
 * `mcp`: answered in JSON-RPC. `sign-in`: asked to sign in as MCP clients do. `stopped`: answered by something else.
 * `silent`: not answered.
 */
export type Passage = 'mcp' | 'sign-in' | 'stopped' | 'silent';

/** Guards in front of a server refuse in JSON-RPC as well: by Host, by Origin, by rate. */
const GUARD_STATUSES = new Set([403, 421, 429]);
/** Schemes that an MCP client can follow. */
const TOKEN_SCHEMES = new Set(['bearer', 'dpop']);

function speaksJsonRpc({ response }: Exchange): boolean {
  if (response === undefined) return false;
  return response.events.length > 0 || jsonObject(response.text)?.['jsonrpc'] === '2.0';
}

/** @param id of the request */
export function passageOf(exchange: Exchange, id: string | number): Passage {
  const { response } = exchange;
  if (response === undefined) return 'silent';
  const { result, error } = rpcAnswer(exchange, id);
  if (result !== undefined) return 'mcp';
  if (response.status === 401) {
    const challenges = challengesIn(response.headers.all('www-authenticate'));
    const isForeign = challenges.length > 0 && !challenges.some(({ scheme }) => TOKEN_SCHEMES.has(scheme));
    return isForeign || signInPageOf(exchange) !== undefined ? 'stopped' : 'sign-in';
  }
  if (error !== undefined && speaksJsonRpc(exchange) && !GUARD_STATUSES.has(response.status)) return 'mcp';
  return 'stopped';
}

/** Whether it reached the server. */
export function isThrough(exchange: Exchange, id: string | number): boolean {
  const passage = passageOf(exchange, id);
  return passage === 'mcp' || passage === 'sign-in';
}
