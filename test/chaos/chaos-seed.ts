import { randomInt } from 'node:crypto';

/** Decides what is chosen at random; `SLIPWAY_CHAOS_SEED=<number>` repeats the choices of a run that printed it. */
export function chaosSeed(): number {
  return Number(process.env['SLIPWAY_CHAOS_SEED'] ?? randomInt(2 ** 31));
}
