/** What watches a running server: its log, access log, audit trail, metrics, traces. */
import { type CallObserver, composeObservers } from '../server/call-observer.ts';
import type { Logger } from '../server/logger.ts';
import type { HttpEndpoint } from '../transport/http/endpoint.ts';
import type { HttpObserver } from '../transport/http/http-observer.ts';

export interface SightOptions {
  /** Watches every call; beside what is switched on here. */
  observer?: CallObserver & HttpObserver;
}

export interface Sight {
  readonly calls: CallObserver | undefined;
  readonly http: HttpObserver | undefined;
  /** The operator's log; undefined: each server's own. */
  readonly logger: Logger | undefined;
  /** Begins to watch what the endpoint holds. */
  watch(endpoint: HttpEndpoint): void;
  /** Writes what is waiting, and lets go. */
  close(): Promise<void>;
}

export async function openSight({ observer }: SightOptions): Promise<Sight> {
  return {
    calls: composeObservers(observer === undefined ? [] : [observer]),
    http: observer,
    logger: undefined,
    watch: () => {},
    close: async () => {},
  };
}
