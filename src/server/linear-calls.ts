/** Where `ctx.elicit`, `ctx.sample` and `ctx.step` lead: to the object of the request's era, or nowhere. */
import { SlipwayError } from '../protocol/coded-error.ts';
import type { RequestContext } from './context.ts';
import { DirectHandler } from './direct-handler.ts';
import { type LinearCalls, type LinearHandler, rejected } from './linear-handler.ts';
import { ReplayedHandler } from './replayed-handler.ts';

const refuse = (call: string) => rejected(new SlipwayError('SLIP_ASK_OUTSIDE_HANDLER', { call }));

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
  const rounds = envelope === undefined ? params['inputResponses'] : params['requestState'];
  if (rounds !== undefined) handler.breaks('SLIP_REPLAY_MIXED');
  return handler;
}

export function linearCallsOf(context: RequestContext): LinearCalls {
  if (context.linear !== undefined) return context.linear;
  return context.asking ? (context.linear = create(context)) : OUTSIDE;
}
