/** Contract: who watches what happens on the wire beside calls. */

/** A request that was answered with a status of 400 or more before it became a call. */
export interface RefusedRequest {
  readonly status: number;
  /** `SLIP_...`, where the body has one. */
  readonly code: string | undefined;
  readonly method: string;
  /** As received: whoever logs it bounds it and leaves out the query. */
  readonly url: string;
  /** Of the client, where proxies are trusted. */
  readonly remoteAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly requestId: string | undefined;
}

/** Brings back the asynchronous context in which a request arrived. */
export type Resume = <T>(run: () => T) => T;

export interface HttpObserver {
  /**
   * Called when a request arrives, in the context of whoever hands it over and before its body is read. Returns what
   * brings that context back for the call; undefined where there is none to keep.
   */
  arrived?(): Resume | undefined;
  refused?(request: RefusedRequest): void;
  /** A stream was opened: `listen` (2026-07-28), `get` (2025 era), `sse` (2024 transport). */
  opened?(kind: 'listen' | 'get' | 'sse', facts: { readonly remoteAddress: string | undefined }): void;
}

/** What an endpoint holds at this moment. */
export interface EndpointGauges {
  readonly inFlight: number;
  readonly reading: number;
  readonly listenStreams: number;
  readonly getStreams: number;
  readonly resumedStreams: number;
  readonly sseChannels: number;
}
