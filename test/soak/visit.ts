/** One thing that a client does, from beginning to end, with every answer checked. */
import type { Caller } from './caller.ts';

export interface Visit {
  readonly name: string;
  /** How often it begins, in visits per second at rate 1. */
  readonly perSecond: number;
  /** Rejects when anything is not as it should be. */
  run(caller: Caller): Promise<void>;
}
