/** How much may be used in which time, written as `600/1m`. */

export interface Rate {
  /** What may be used within one window. */
  readonly points: number;
  readonly windowMs: number;
  /** As one writes it: `600/1m`. */
  readonly text: string;
}

/** What {@link parseRate} takes, for messages. */
export const RATE_FORMAT = 'points per window, such as 600/1m (windows in s, m or h, at most 24h)';

const RATE = /^([1-9]\d{0,8})\/([1-9]\d{0,4})?([smh])$/;
const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000 } as const;
const MAX_WINDOW_MS = 24 * UNIT_MS.h;

/**
 * Reads a rate: `600/1m`, `10/s`, `100000/24h`.
 *
 * @returns undefined when the text is none ({@link RATE_FORMAT})
 */
export function parseRate(text: string): Rate | undefined {
  const match = RATE.exec(text);
  if (match === null) return undefined;
  const windowMs = Number(match[2] ?? 1) * UNIT_MS[match[3] as keyof typeof UNIT_MS];
  if (windowMs > MAX_WINDOW_MS) return undefined;
  return { points: Number(match[1]), windowMs, text };
}
