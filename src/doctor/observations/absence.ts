/** Whether a place has nothing, for certain: not refused, not late, not elsewhere. */
import type { Exchange } from '../exchange/exchange.ts';
import { jsonObject } from './rpc-answer.ts';

/** What a server says of a path that it does not have. */
const NOTHING_THERE = new Set([400, 404, 405, 406, 410]);

/** A status that says so, or an answer that is no document. */
export function hasNothing({ response }: Exchange): boolean {
  if (response === undefined) return false;
  if (NOTHING_THERE.has(response.status)) return true;
  return response.status === 200 && response.end === 'complete' && jsonObject(response.text) === undefined;
}

/** Nothing came within the time, or not all of it. */
export function isLate({ response, failure }: Exchange): boolean {
  return failure?.code === 'TIMEOUT' || response?.end === 'timeout';
}
