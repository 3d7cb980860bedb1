/** How much it matters that requests of the 2025 era fail. */
import type { Effect } from '../catalogue/catalogue-entry.ts';
import type { Examination } from '../examination.ts';
import { speaksModern } from './discover.ts';

export interface LegacyEffect {
  readonly effect: Effect;
  readonly note?: string;
}

/** Where 2026-07-28 is spoken as well, Claude has a way past it; other clients, and older releases, have not. */
export async function legacyEffect(examination: Examination): Promise<LegacyEffect> {
  if (!(await speaksModern(examination))) return { effect: 'fails' };
  return { effect: 'risk', note: 'Requests of 2026-07-28 are served; it is those of the 2025 era that are not.' };
}
