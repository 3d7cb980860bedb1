import type { Stage } from './catalogue/catalogue-entry.ts';
import type { Examination } from './examination.ts';
import type { Probe } from './probe.ts';

/** One stage: what is looked for in it, and whether there is anything to look at. */
export interface StagePlan {
  readonly stage: Stage;
  readonly probes: readonly Probe[];
  /**
   * Asked before the stage begins, after the former ones: why it and all later stages can not be examined, in one
   * sentence; undefined when they can.
   */
  blocked?(examination: Examination): Promise<string | undefined>;
  /** What is over before the probes of the stage begin, whatever comes of it. */
  opening?(examination: Examination): Promise<unknown>;
}
