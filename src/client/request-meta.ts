import type { ClientCapabilities } from '../protocol/capability.ts';
import type { Implementation } from '../protocol/implementation.ts';
import type { LoggingLevel } from '../protocol/logging.ts';
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  LOG_LEVEL_META_KEY,
  PROTOCOL_VERSION_META_KEY,
} from '../protocol/request-meta.ts';

export interface ClientFacts {
  readonly info: Implementation;
  readonly capabilities: ClientCapabilities;
  readonly logLevel: LoggingLevel | undefined;
}

/**
 * The `_meta` of a request: what its author gave, and the envelope in the modern era (MCP 2026-07-28, basic/index).
 *
 * @param modern the revision of the envelope; undefined in the older era
 * @returns as a member of the params; none where there is nothing to say
 */
export function requestMeta(
  given: unknown,
  modern: string | undefined,
  { info, capabilities, logLevel }: ClientFacts,
  progressToken: string | number | undefined,
): { _meta?: Record<string, unknown> } {
  const meta = {
    ...(given as Record<string, unknown> | undefined),
    ...(progressToken !== undefined && { progressToken }),
    ...(modern !== undefined && {
      [PROTOCOL_VERSION_META_KEY]: modern,
      [CLIENT_INFO_META_KEY]: info,
      [CLIENT_CAPABILITIES_META_KEY]: capabilities,
      ...(logLevel !== undefined && { [LOG_LEVEL_META_KEY]: logLevel }),
    }),
  };
  return Object.keys(meta).length === 0 ? {} : { _meta: meta };
}
