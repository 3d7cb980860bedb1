/** Something that several probes look at and that is observed once. */
import type { Examination } from './examination.ts';

/** Called with the examination, it observes at the first call and gives the same promise ever after. */
export type Observation<T> = (examination: Examination) => Promise<T>;

/** @param make observes; what it throws, every probe that asks gets */
export function observation<T>(make: (examination: Examination) => Promise<T>): Observation<T> {
  return examination => examination.once(make, () => make(examination));
}
