/** What one process takes from strangers before it says no. */
import { SlipwayError } from '../../protocol/coded-error.ts';

export interface HttpLimits {
  /** Bytes of a request body; more is answered 413. Default 4 MiB. */
  maxBodyBytes: number;
  /** Levels of nested arrays and objects in a request body; more is answered 400. Default 256. */
  maxJsonDepth: number;
  /** Bytes of all request headers together; more is answered 431. Default 16 KiB. */
  maxHeaderBytes: number;
  /** Requests that are answered at the same time; one more is answered 503 with Retry-After. Default 1,000. */
  maxConcurrentRequests: number;
  /** Milliseconds that a handler may take. Default 300,000. */
  requestTimeoutMs: number;
  /** Milliseconds that a request body may take to arrive; longer is answered 408. Default 30,000. */
  bodyTimeoutMs: number;
  /** Bytes that one stream may hold for a reader that does not keep up; more closes the stream. Default 1 MiB. */
  maxBufferedBytes: number;
  /** Open `subscriptions/listen` streams. Default 1,024. */
  maxSubscriptions: number;
  /** Milliseconds without an answer after which the response becomes a stream, so that comments can flow. Default 10,000. */
  streamAfterMs: number;
  /** Milliseconds between the keep-alive comments of a stream; 0 sends none. Default 15,000. */
  keepAliveMs: number;
}

export const DEFAULT_LIMITS: Readonly<HttpLimits> = Object.freeze({
  maxBodyBytes: 4 * 1024 * 1024,
  maxJsonDepth: 256,
  maxHeaderBytes: 16 * 1024,
  maxConcurrentRequests: 1000,
  requestTimeoutMs: 300_000,
  bodyTimeoutMs: 30_000,
  maxBufferedBytes: 1024 * 1024,
  maxSubscriptions: 1024,
  streamAfterMs: 10_000,
  keepAliveMs: 15_000,
});

/** The longest delay of a timer; a longer one fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The limits to work with: the defaults, with what is given in their place.
 *
 * @param given - any of the limits; members that are undefined count as absent, other members are ignored
 * @throws SlipwayError SLIP_INVALID_OPTION for a value that is no positive integer, or too long for a timer
 */
export function resolveLimits(given: Partial<HttpLimits> = {}): HttpLimits {
  const limits: HttpLimits = { ...DEFAULT_LIMITS };
  for (const option of Object.keys(DEFAULT_LIMITS) as (keyof HttpLimits)[]) {
    const value = given[option];
    if (value === undefined) continue;
    const isTime = option.endsWith('Ms');
    const least = option === 'keepAliveMs' ? 0 : 1;
    const most = isTime ? MAX_DELAY_MS : Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const why = `${String(value)} is not an integer from ${least} to ${most}`;
      throw new SlipwayError('SLIP_INVALID_OPTION', { option, why });
    }
    limits[option] = value;
  }
  return limits;
}
