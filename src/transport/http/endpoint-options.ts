import type { Logger } from '../../server/logger.ts';
import type { ServerEventBus } from '../../state/event-bus.ts';
import type { EdgeOptions } from './edge.ts';
import type { HttpLimits } from './limits.ts';

/** How answers are framed. */
export type ResponseMode = 'auto' | 'json' | 'sse';

/** Whether `initialize` begins a session, and whether requests need it. */
export type SessionMode = 'optional' | 'required' | 'off';

/** Options of an HTTP endpoint; the limits are options too. */
export interface EndpointOptions extends Partial<HttpLimits>, EdgeOptions {
  /**
   * `auto` (default): JSON, and an event stream once there is something to tell before the answer or after a silence.
   * `json`: never a stream (notifications are dropped). `sse`: always a stream, for clients that read one.
   */
  responseMode?: ResponseMode;
  /** `reject`: only 2026-07-28 and later; default `stateless`: the 2025 era too. */
  legacy?: 'stateless' | 'reject';
  /**
   * Sessions of the 2025 era. `optional` (default of `serve()`): `initialize` answers with one, and a request without its
   * id is served all the same. `required`: such a request is refused. `off`: there are none.
   */
  sessions?: SessionMode;
  /** Milliseconds that a session lives at most; default 7 days. */
  sessionTtlMs?: number;
  /** Milliseconds after which a client whose stream has ended comes back; default 1,000. */
  retryMs?: number;
  /** Serves the transport of 2024-11-05 too, on `/sse` and `/messages`; default false. */
  httpSse?: boolean;
  /** Host names that are answered, with or without port; default: loopback names on loopback addresses. `*`: any. */
  allowedHosts?: readonly string[];
  /** Origins of browser pages that are answered beside Claude's own; `*`: any. */
  allowedOrigins?: readonly string[];
  /** Whether to check Host and Origin at all; `false` leaves it to what stands in front. Default true. */
  guard?: boolean;
  /** Carries changes between processes; default: within this one. */
  bus?: ServerEventBus;
  /** Hears of refused requests and internal errors; never alters an answer. */
  onerror?: (error: Error) => void;
  /** Where the operator's log goes; default: the server's. */
  logger?: Logger;
}
