import { SlipwayError } from '../protocol/coded-error.ts';
import type { BusRetention } from './bus.ts';
import type { EventRetention } from './event-store.ts';

/** What every driver keeps, as one set of options. */
export type Retention = EventRetention & BusRetention;

const DEFAULTS: Required<Retention> = {
  eventTtlMs: 300_000,
  maxEventsPerStream: 1_000,
  maxEventBytes: 64 * 1024 * 1024,
  busTtlMs: 300_000,
  maxBusEntries: 10_000,
};

/**
 * A stream that was never ended although its process lives (its last write failed, say) is kept this long after its last
 * event: longer than any request may take, and not for ever.
 */
export const OPEN_STREAM_TTL_MS = 24 * 3_600_000;

/**
 * The options with their defaults.
 *
 * @throws SlipwayError `SLIP_INVALID_OPTION` for anything but a positive whole number
 */
export function resolveRetention(options: Retention): Required<Retention> {
  const resolved = { ...DEFAULTS };
  for (const option of Object.keys(DEFAULTS) as (keyof Retention)[]) {
    const value: unknown = options[option];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 1) {
      throw new SlipwayError('SLIP_INVALID_OPTION', { option, why: 'it takes a whole number of at least 1' });
    }
    resolved[option] = value;
  }
  return resolved;
}
