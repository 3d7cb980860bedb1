/** One HTTP request and everything that was seen of its answer. */
import type { ConnectionFacts, ConnectionFailure } from '../network/connection.ts';
import type { HeaderList } from './header-list.ts';
import type { StreamEvent } from './stream-event.ts';

export interface ExchangeRequest {
  readonly url: string | URL;
  /** Default: GET. */
  readonly method?: string;
  /** Sent as written and in this order; `Host`, `Content-Length` and `Connection: close` are added where absent. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
  /** Adds `--bearer` and `--header`; without effect for any origin but the examined URL's. */
  readonly credentials?: boolean;
  /** Milliseconds for all of it; default `limits.exchangeMs`. */
  readonly timeoutMs?: number;
  /** Ends reading of an event stream after the event for which it is true. */
  readonly stop?: (event: StreamEvent) => boolean;
  /** Ends reading as soon as the header is there. */
  readonly headOnly?: boolean;
  /** Takes a 429 for an answer; by default it is asked again a little later. */
  readonly impatient?: boolean;
  /** Connects to this address rather than to one of those that the name has; the policy on private ones holds. */
  readonly address?: string;
}

export interface SentRequest {
  readonly method: string;
  readonly url: string;
  /** As sent; credentials are in it. */
  readonly headers: HeaderList;
  readonly body: string;
}

/**
 * How a body ended. `complete`: as its framing says. `stopped`: the reader had what it wanted. `too-large`: more than the
 * limit. `timeout`: not within the time. `cut`: the connection ended in the middle. `undecodable`: its content coding is
 * broken or unknown.
 */
export type BodyEnd = 'complete' | 'stopped' | 'too-large' | 'timeout' | 'cut' | 'undecodable';

export interface ReceivedResponse {
  readonly status: number;
  readonly reason: string;
  /** `1.1` or `1.0`. */
  readonly httpVersion: string;
  /** As received, duplicates among them. */
  readonly headers: HeaderList;
  readonly framing: 'content-length' | 'chunked' | 'close' | 'none';
  readonly end: BodyEnd;
  /** Decompressed; no more than `limits.bodyBytes`. */
  readonly bytes: Uint8Array;
  /** As UTF-8, with replacement characters where it is none. */
  readonly text: string;
  readonly isUtf8: boolean;
  /** Bytes received, before decompression. */
  readonly wireBytes: number;
  /** The events of an event stream; empty for anything else. */
  readonly events: readonly StreamEvent[];
}

/** Milliseconds since the exchange began. */
export interface Timings {
  readonly connectedMs?: number;
  readonly headMs?: number;
  /** The first byte of the body. */
  readonly bodyMs?: number;
  readonly firstEventMs?: number;
  readonly endMs: number;
}

export interface Exchange {
  readonly request: SentRequest;
  /** Absent when no connection came about. */
  readonly connection?: ConnectionFacts;
  /** Absent when no whole header arrived; `failure` says why. */
  readonly response?: ReceivedResponse;
  readonly failure?: ConnectionFailure;
  readonly timings: Timings;
}
