/** Where `ctx.elicit`, `ctx.sample` and `ctx.step` lead: to the object of the request's era, or nowhere. */
import { SlipwayError } from '../protocol/coded-error.ts';
import type { RequestContext } from './context.ts';
import { DirectHandler } from './direct-handler.ts';
import { handled, type LinearCalls, type LinearHandler } from './linear-handler.ts';
import { ReplayedHandler } from './replayed-handler.ts';

/** Not at once: a loop around a catch block would keep the process from everything else. */
const refuse = (call: string) =>
  handled(
    new Promise<never>((_, reject) => setImmediate(reject, new SlipwayError('SLIP_ASK_OUTSIDE_HANDLER', { call }))),
  );

/** In middleware, in handlers of other methods, and where no handler runs any more. */
const OUTSIDE: LinearCalls = {
  elicit: () => refuse('elicit'),
  sample: () => refuse('sample'),
  step: () => refuse('step'),
};

function create(context: RequestContext): LinearHandler {
  const { params, envelope } = context.call;
  const handler = envelope === undefined ? new DirectHandler(context) : new ReplayedHandler(context, undefined);
  // A journal would have made the object already: what came back is the author's own.
  const goesOn = envelope === undefined ? context.answered : params['requestState'] !== undefined;
  if (goesOn) handler.breaks('SLIP_REPLAY_MIXED');
  return handler;
}

export function linearCallsOf(context: RequestContext): LinearCalls {
  if (context.linear !== undefined) return context.linear;
  return context.asking ? (context.linear = create(context)) : OUTSIDE;
}
