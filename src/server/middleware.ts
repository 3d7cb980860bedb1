import type { Result } from '../protocol/result.ts';
import type { Params } from './call.ts';
import type { RequestContext, ServerContext } from './context.ts';
import { isThenable, type Outcome, PreparedResult } from './outcome.ts';

/** Answers one method. */
export type Operation = (context: RequestContext, params: Params) => Outcome | Promise<Outcome>;

/**
 * Wraps every operation. `ctx.mcpReq.method` and `ctx.mcpReq.params` say what is asked; `next()` yields the result as an
 * object. Results of lists are shared and frozen: return a changed copy.
 *
 * @example
 * server.use(async (ctx, next) => {
 *   const start = performance.now();
 *   try {
 *     return await next();
 *   } finally {
 *     ctx.logger.info({ method: ctx.mcpReq.method, ms: performance.now() - start }, 'served');
 *   }
 * });
 */
export type Middleware = (ctx: ServerContext, next: () => Promise<Result>) => Result | Promise<Result>;

/** Runs an operation inside its middleware; the first added is the outermost. */
export async function runWithin(
  middleware: readonly Middleware[],
  operation: Operation,
  context: RequestContext,
): Promise<Outcome> {
  let prepared: PreparedResult | undefined;
  const step = async (index: number): Promise<Result> => {
    const layer = middleware[index];
    if (layer !== undefined) return layer(context, () => step(index + 1));
    const answer = operation(context, context.call.params);
    const outcome = isThenable(answer) ? await answer : answer;
    if (!(outcome instanceof PreparedResult)) return outcome;
    prepared = outcome;
    return outcome.object;
  };
  const result = await step(0);
  return prepared !== undefined && result === prepared.object ? prepared : result;
}
