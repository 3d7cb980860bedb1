/** Shared by every copy of the package in a process, so that one recognises what another threw. */
const BRAND = Symbol.for('slipway.suspension');

/**
 * What `ctx.elicit()` and `ctx.sample()` throw in revision 2026-07-28 when the answer is not there yet: it ends the
 * handler, whose `finally` blocks run, and the client is asked. Not an `Error`: nothing went wrong, and no stack is
 * worth logging. Let it pass, or throw it on.
 */
export class Suspension {
  readonly [BRAND] = true;
  readonly name = 'Suspension';
  readonly message =
    'The handler waits for an answer of the client: await the question where it is asked, and throw this on (isSuspension)';

  static {
    // The one that Node trusts to say what was rejected without anybody waiting.
    Suspension.prototype.toString = Error.prototype.toString;
  }
}

/**
 * Whether something caught is the end of a round rather than an error.
 *
 * @example
 * try {
 *   await deploy(await ctx.elicit(question));
 * } catch (error) {
 *   if (isSuspension(error)) throw error;
 *   throw new ToolError('The deployment failed');
 * }
 */
export function isSuspension(error: unknown): error is Suspension {
  return typeof error === 'object' && error !== null && BRAND in error;
}
