import type { HttpEndpoint } from './endpoint.ts';
import type { Served } from './served.ts';
import type { SseChannels } from './sse-channels.ts';

/** What HTTP+SSE asks of an endpoint. */
export type SseEndpoint = HttpEndpoint & {
  /** Milliseconds that a session may live. */
  readonly sessionTtlMs: number;
  /** The one server for all requests, if there is one. */
  readonly shared: Served | undefined;
  readonly sseChannels: SseChannels;
};
