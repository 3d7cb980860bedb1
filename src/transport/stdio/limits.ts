/** What a server takes from its client over stdio before it says no. */
import { SlipwayError } from '../../protocol/coded-error.ts';

export interface StdioLimits {
  /** Bytes of one line; more is answered with an error, and the line is skipped. Default 4 MiB. */
  maxBodyBytes: number;
  /** Levels of nested arrays and objects in a message; more is answered with an error. Default 256. */
  maxJsonDepth: number;
  /**
   * Bytes that may wait for a client that does not read. More, and nothing is read from it until it has caught up; see
   * `stallMs` for four times as many. As many bytes of requests may wait for a free place (`maxConcurrentRequests` of
   * `serveStdio`) before nothing more is read. Default 16 MiB.
   */
  maxBufferedBytes: number;
  /**
   * Milliseconds after which a client that has taken nothing at all is left, when four times `maxBufferedBytes` wait for
   * it. One that reads, however slowly, is never left. Default 30,000.
   */
  stallMs: number;
  /** Milliseconds that calls in flight may take after the end of the input. Default 5,000. */
  graceMs: number;
}

export const DEFAULT_STDIO_LIMITS: Readonly<StdioLimits> = Object.freeze({
  maxBodyBytes: 4 * 1024 * 1024,
  maxJsonDepth: 256,
  maxBufferedBytes: 16 * 1024 * 1024,
  stallMs: 30_000,
  graceMs: 5_000,
});

/** The longest delay of a timer; a longer one fires at once. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * The limits to work with: the defaults, with what is given in their place.
 *
 * @throws SlipwayError SLIP_INVALID_OPTION for a value that is no positive integer (`graceMs` may be 0)
 */
export function resolveStdioLimits(given: Partial<StdioLimits>): StdioLimits {
  const limits: StdioLimits = { ...DEFAULT_STDIO_LIMITS };
  for (const option of Object.keys(DEFAULT_STDIO_LIMITS) as (keyof StdioLimits)[]) {
    const value = given[option];
    if (value === undefined) continue;
    const least = option === 'graceMs' ? 0 : 1;
    const most = option.endsWith('Ms') ? MAX_DELAY_MS : Number.MAX_SAFE_INTEGER;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const why = `${String(value)} is not an integer from ${least} to ${most}`;
      throw new SlipwayError('SLIP_INVALID_OPTION', { option, why });
    }
    limits[option] = value;
  }
  return limits;
}
