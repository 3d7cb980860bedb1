/** From an operation's outcome to the result on the wire, in the vocabulary of the request's revision. */
import type { Implementation } from '../protocol/implementation.ts';
import { projectResult } from '../protocol/projection.ts';
import { SERVER_INFO_META_KEY } from '../protocol/request-meta.ts';
import type { Result } from '../protocol/result.ts';
import type { Call } from './call.ts';
import { type Outcome, PreparedResult } from './outcome.ts';

/** What every modern result says beside its content; made once per server. */
export class ResultStamp {
  readonly #info: Implementation;
  /** The stamp as members of a JSON object, without braces. */
  readonly #members: string;

  constructor(info: Implementation) {
    this.#info = info;
    this.#members = `"resultType":"complete","_meta":${JSON.stringify({ [SERVER_INFO_META_KEY]: info })}`;
  }

  /** The modern result as an object: `resultType` and the server's identity added, where the author did not set them. */
  object(result: Result): Result {
    const own = result as Result & { resultType?: string };
    const meta = { [SERVER_INFO_META_KEY]: this.#info, ...own._meta };
    return { ...result, resultType: own.resultType ?? 'complete', _meta: meta };
  }

  /** The same as JSON text; the usual result is stringified once, without a copy. */
  text(result: Result): string {
    if ('_meta' in result || 'resultType' in result) return JSON.stringify(this.object(result));
    const json = JSON.stringify(result);
    return json === '{}' ? `{${this.#members}}` : `${json.slice(0, -1)},${this.#members}}`;
  }
}

/** The result's JSON text. */
export function resultText(stamp: ResultStamp, call: Call, outcome: Outcome): string {
  if (outcome instanceof PreparedResult) return outcome.text;
  if (call.envelope !== undefined) return stamp.text(outcome);
  return JSON.stringify(projectResult(call.method, outcome, call.revision));
}

/** The result as an object, for transports that pass messages. */
export function resultObject(stamp: ResultStamp, call: Call, outcome: Outcome): Result {
  if (outcome instanceof PreparedResult) return outcome.object;
  return call.envelope !== undefined ? stamp.object(outcome) : projectResult(call.method, outcome, call.revision);
}
