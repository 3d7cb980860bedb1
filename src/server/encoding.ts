/** From an operation's outcome to the result on the wire, in the vocabulary of the request's revision. */
import type { Implementation } from '../protocol/implementation.ts';
import { projectResult } from '../protocol/projection.ts';
import { SERVER_INFO_META_KEY } from '../protocol/request-meta.ts';
import type { Result } from '../protocol/result.ts';
import type { Call } from './call.ts';
import { type Outcome, PreparedResult } from './outcome.ts';
import type { ResultSize } from './result-size.ts';

/** What every modern result says beside its content; made once per server. */
export class ResultStamp {
  readonly #info: Implementation;
  /** The stamp as members of a JSON object, without braces. */
  readonly #members: string;
  /** Looks at results that are large. */
  readonly size: ResultSize;

  constructor(info: Implementation, size: ResultSize) {
    this.#info = info;
    this.size = size;
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

/** The result's JSON text; of one that is too large, what is sent instead. */
export function resultText(stamp: ResultStamp, call: Call, outcome: Outcome): string {
  if (outcome instanceof PreparedResult) return outcome.text;
  const text = textOf(stamp, call, outcome);
  if (text.length <= stamp.size.harmless) return text;
  const instead = stamp.size.instead(call, outcome, text.length);
  return instead === undefined ? text : textOf(stamp, call, instead);
}

function textOf(stamp: ResultStamp, call: Call, result: Result): string {
  if (call.envelope !== undefined) return stamp.text(result);
  return JSON.stringify(projectResult(call.method, result, call.revision));
}

/** The result as an object, for transports that pass messages. */
export function resultObject(stamp: ResultStamp, call: Call, outcome: Outcome): Result {
  if (outcome instanceof PreparedResult) return outcome.object;
  const object = objectOf(stamp, call, outcome);
  const instead = stamp.size.insteadOfObject(call, object);
  return instead === undefined ? object : objectOf(stamp, call, instead);
}

function objectOf(stamp: ResultStamp, call: Call, result: Result): Result {
  return call.envelope !== undefined ? stamp.object(result) : projectResult(call.method, result, call.revision);
}
