/** How long and by whom a result may be cached (MCP 2026-07-28, server/utilities/caching; SEP-2549). */
import { SlipwayError } from './coded-error.ts';

/** `public`: any cache, for every user; `private`: only the client that asked. */
export type CacheScope = 'public' | 'private';

/** What to put on a cacheable result whose handler does not say it itself. Defaults: 0 and `private`. */
export interface CacheHint {
  /** Milliseconds, a non-negative integer. */
  ttlMs?: number;
  cacheScope?: CacheScope;
}

/** The methods whose results carry `ttlMs` and `cacheScope`. No others do. */
export const CACHEABLE_RESULT_METHODS = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
] as const;

export type CacheableResultMethod = (typeof CACHEABLE_RESULT_METHODS)[number];

const CACHEABLE: ReadonlySet<string> = new Set(CACHEABLE_RESULT_METHODS);

/** Whether results of `method` carry cache fields. */
export function isCacheableResultMethod(method: string): method is CacheableResultMethod {
  return CACHEABLE.has(method);
}

/** Whether `value` may stand as `ttlMs`: a non-negative safe integer. */
export function isCacheTtlMs(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** Whether `value` may stand as `cacheScope`. */
export function isCacheScope(value: unknown): value is CacheScope {
  return value === 'public' || value === 'private';
}

/**
 * Refuses a hint that could not go on the wire.
 *
 * @param where the option that the hint stands in, for the error's text, for example `cacheHints['tools/list']`
 * @throws SlipwayError SLIP_INVALID_OPTION
 */
export function assertValidCacheHint(hint: CacheHint, where: string): void {
  if (hint.ttlMs !== undefined && !isCacheTtlMs(hint.ttlMs)) {
    throw new SlipwayError('SLIP_INVALID_OPTION', {
      option: `${where}.ttlMs`,
      why: `${String(hint.ttlMs)} is not a non-negative integer of milliseconds`,
    });
  }
  if (hint.cacheScope !== undefined && !isCacheScope(hint.cacheScope)) {
    throw new SlipwayError('SLIP_INVALID_OPTION', {
      option: `${where}.cacheScope`,
      why: `'${String(hint.cacheScope)}' is neither 'public' nor 'private'`,
    });
  }
}
