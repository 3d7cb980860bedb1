import type { Difference } from './difference.ts';
import type { Exchange } from './exchange.ts';
import type { Answer } from './replay.ts';

/** One way in which Slipway answers otherwise than the official SDK, and what allows or asks for it. */
export interface Exemption {
  readonly name: string;
  /** Whether the difference is this one: narrow enough that another fault in the same field is still found. */
  readonly covers: (difference: Difference, exchange: Exchange, answers: Answers) => boolean;
  readonly reason: string;
  /** Revision, page and section of the specification, or the RFC. */
  readonly spec: string;
}

/** Both answers to the exchange, for exemptions that look at the whole. */
export interface Answers {
  readonly sdk: Answer;
  readonly slipway: Answer;
}

/** The exemption that covers a difference, if one does. */
export function exemptionFor(
  exemptions: readonly Exemption[],
  difference: Difference,
  exchange: Exchange,
  answers: Answers,
): Exemption | undefined {
  return exemptions.find(exemption => exemption.covers(difference, exchange, answers));
}
