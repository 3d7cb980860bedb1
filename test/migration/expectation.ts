/** What an answer must be, on each side. */

import type { WireMessage } from './exchange.ts';

export type Side = 'sdk' | 'slipway';

/** What a request must lead to on both sides: a complete result, a tool error, a request for input, or an error code. */
export type Outcome = 'result' | 'tool error' | 'input required' | number;

/** A decision by which Slipway answers differently from the SDK: what each side must say, and the reason. */
export interface Difference {
  readonly why: string;
  readonly sdk: Outcome;
  readonly slipway: Outcome;
  /** A text that the SDK's answer contains and that Slipway's must not. */
  readonly hidden?: string;
  /** Only the sentence differs; code, data and everything else are compared. */
  readonly words?: true;
  /**
   * The only places that differ, as paths into the entry of the transcript (`/messages/0/error/data`); each covers what
   * is below it, and each does differ.
   */
  readonly places?: readonly string[];
}

/** Slipway leaves out what the revision of the request does not know, wherever the SDK sends it nevertheless. */
export function projected(revision: string, ...places: string[]): Difference {
  return { why: `revision ${revision} does not know these members`, sdk: 'result', slipway: 'result', places };
}

/** A request that the HTTP layer refuses: an error code that the specification leaves free, and a code to look up. */
export function refusedByHttp(...places: string[]): Difference {
  const why = '2026-07-28, basic/index, Error Codes: new implementations use no code from -32000 to -32019';
  return { why, sdk: -32000, slipway: -32600, places: ['/messages/0/error', ...places] };
}

/** A handler threw an ordinary error: the SDK passes its message on, Slipway answers with a reference to its log. */
export function leaks(text: string, outcome: Outcome = 'tool error'): Difference {
  const why = 'the message of an internal error stays inside; the client gets a reference';
  return { why, sdk: outcome, slipway: outcome, hidden: text };
}

/** The library itself explains a mistake of the server's author or of the client, in a sentence nobody documented. */
export function ownWords(outcome: Outcome): Difference {
  return { why: 'a sentence of the library itself', sdk: outcome, slipway: outcome, words: true };
}

function outcomeOf(response: WireMessage | undefined): Outcome | 'nothing' {
  if (response?.error !== undefined) return response.error.code;
  if (response?.result === undefined) return 'nothing';
  if (response.result['resultType'] === 'input_required') return 'input required';
  return response.result['isError'] === true ? 'tool error' : 'result';
}

/** Says what is wrong if the response is not what the script says this side must answer; undefined if it is. */
export function complaint(
  side: Side,
  response: WireMessage | undefined,
  expected: Outcome | Difference = 'result',
): string | undefined {
  const seen = JSON.stringify(response) ?? 'nothing';
  const outcome = typeof expected === 'object' ? expected[side] : expected;
  if (outcomeOf(response) !== outcome) return `expected ${outcome}, got ${seen}`;
  if (typeof expected !== 'object' || expected.hidden === undefined) return undefined;
  if (seen.includes(expected.hidden) !== (side === 'sdk')) return `'${expected.hidden}' shown or hidden: ${seen}`;
  if (side === 'slipway' && !/reference [0-9a-f]{8,}/.test(seen)) return `no reference in ${seen}`;
  return undefined;
}
