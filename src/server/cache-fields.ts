import { type CacheHint, isCacheScope, isCacheTtlMs } from '../protocol/cache-hint.ts';
import type { Result } from '../protocol/result.ts';

/** Nothing configured: always stale, never shared. */
const DEFAULT_HINT = { ttlMs: 0, cacheScope: 'private' } as const;

/**
 * Adds `ttlMs` and `cacheScope` to a complete result: the result's own win, then the given hints in their order.
 * MCP 2026-07-28, server/utilities/caching.
 */
export function withCacheFields(result: Result, ...hints: readonly (CacheHint | undefined)[]): Result {
  const own = result as Result & { ttlMs?: unknown; cacheScope?: unknown };
  let { ttlMs, cacheScope } = own;
  for (const hint of hints) {
    if (!isCacheTtlMs(ttlMs)) ttlMs = hint?.ttlMs;
    if (!isCacheScope(cacheScope)) cacheScope = hint?.cacheScope;
  }
  return {
    ...result,
    ttlMs: isCacheTtlMs(ttlMs) ? ttlMs : DEFAULT_HINT.ttlMs,
    cacheScope: isCacheScope(cacheScope) ? cacheScope : DEFAULT_HINT.cacheScope,
  };
}
