import type { CacheableResultMethod, CacheHint } from '../protocol/cache-hint.ts';
import type { ServerCapabilities } from '../protocol/capability.ts';
import type { jsonSchemaValidator } from '../schema/json-schema-validator.ts';
import type { ServerContext } from './context.ts';
import type { Logger } from './logger.ts';
import type { ToolLimitOptions } from './tool-limits.ts';

/** Options of a server. All are optional. */
export interface ServerOptions extends ToolLimitOptions {
  /** What the server can do, beyond what its registrations imply (`logging`, `resources.subscribe`, `extensions`, ...). */
  capabilities?: ServerCapabilities;
  /** Guidance for the model on how to use the server. */
  instructions?: string;
  /** Freshness of cacheable results per method; default `{ ttlMs: 0, cacheScope: 'private' }` (server/utilities/caching). */
  cacheHints?: Partial<Record<CacheableResultMethod, CacheHint>>;
  /** Multi round-trip state (basic/patterns/mrtr). */
  requestState?: {
    /**
     * Verifies the echoed state in place of the built-in seal; what it resolves to is what `requestState()` returns.
     * With it, states travel exactly as the handler returned them.
     */
    verify?: (state: string, ctx: ServerContext) => unknown;
    /** How long a sealed state is valid, in ms; default 1,800,000 (30 minutes). */
    ttlMs?: number;
    /** Size of a state in bytes; default 16,384. */
    maxBytes?: number;
  };
  /** How `inputRequired(...)` is carried out for clients of the 2025 era. */
  inputRequired?: {
    /** Rounds per request; default 8. */
    maxRounds?: number;
    /** Milliseconds that one round may take; default 600,000. */
    roundTimeoutMs?: number;
    /** `false`: an input-required result fails in the 2025 era; default true. */
    legacyShim?: boolean;
  };
  /** Items per page of a list; default: everything on one page. */
  pageSize?: number;
  /**
   * Secrets that seal cursors and request states, 32 bytes or more each. The first seals, all of them open. Default: a
   * random one per process, so that a restart invalidates what it sealed.
   */
  secrets?: readonly (string | Uint8Array)[];
  /** Where the operator's log goes; default: one JSON line per event on stderr. */
  logger?: Logger;
  /** Checks answers to elicitations against their schema; default: ajv. */
  jsonSchemaValidator?: jsonSchemaValidator;
  /** Revisions of the 2025 era that `initialize` may agree on, newest first. */
  supportedProtocolVersions?: string[];
  /** Notifications that `connect(transport)` may coalesce within one tick, by method. */
  debouncedNotificationMethods?: string[];
  /** Refuse to send what the other side did not declare; it always does. */
  enforceStrictCapabilities?: boolean;
}

export interface McpServerOptions extends ServerOptions {
  /** Array elements and object members that the arguments of one call may hold together; default: no limit. */
  maxToolInputElements?: number;
}
