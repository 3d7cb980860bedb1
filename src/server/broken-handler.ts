/** What a client learns when a handler broke a rule of `ctx.elicit`, `ctx.sample` and `ctx.step`. */
import type { SlipwayError, SlipwayErrorCode } from '../protocol/coded-error.ts';
import { INTERNAL_ERROR } from '../protocol/json-rpc.ts';
import { ProtocolError } from '../protocol/protocol-error.ts';
import type { RequestContext } from './context.ts';
import { logInternal } from './fault.ts';
import type { Outcome } from './outcome.ts';
import { errorResult } from './tool-result.ts';

/** Another attempt may well succeed: the server itself is in order, or only this run went astray. */
const WORTH_REPEATING: ReadonlySet<SlipwayErrorCode> = new Set(['SLIP_REPLAY_DIVERGED', 'SLIP_REPLAY_HANDLER_CHANGED']);

/**
 * Logs the error and gives the answer to the client: what to do, the code, and the reference of the log's entry.
 *
 * @returns an error result of a tool
 * @throws ProtocolError with `data.code` for prompts and resources, which have no error result
 */
export function brokenHandler(context: RequestContext, error: SlipwayError): Outcome {
  const { method, params } = context.call;
  const { code } = error;
  const reference = logInternal(context.logger, error, { method, name: params['name'] ?? params['uri'], code });
  const text = WORTH_REPEATING.has(code)
    ? `This request can not be continued after its question: start over, with a new request and without the answers given so far (${code}, reference ${reference})`
    : `Internal error (${code}, reference ${reference})`;
  if (method === 'tools/call') return errorResult(text);
  throw new ProtocolError(INTERNAL_ERROR, text, { code, reference });
}
