import { memoryState } from '../state/memory/state.ts';
import type { Retention } from '../state/retention.ts';
import { sqliteState } from '../state/sqlite/state.ts';
import type { State } from '../state/state.ts';

export interface StateOptions extends Retention {
  /** Where state outlives the process and is shared with the other processes that name it; without it, memory. */
  readonly stateDir?: string;
}

/**
 * The store that the options ask for.
 *
 * @throws SlipwayError `SLIP_STATE_DIRECTORY`, `SLIP_STORE_UNAVAILABLE`, `SLIP_STORE_TOO_NEW`, `SLIP_INVALID_OPTION`
 */
export function openState({ stateDir, ...retention }: StateOptions): State {
  return stateDir === undefined ? memoryState(retention) : sqliteState({ directory: stateDir, ...retention });
}
