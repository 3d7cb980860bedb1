/**
 * The type of `ctx.mcpReq.requestState`: the state that an earlier round returned, undefined in the first. `T` is what
 * the author says it is; only the codec that made it can prove it.
 */
export type RequestStateAccessor = <T = unknown>() => T | undefined;
