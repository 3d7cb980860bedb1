/** The stores that ship, to run a test on each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { memoryState } from '../../src/state/memory/state.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import type { State } from '../../src/state/state.ts';

export type Driver = 'memory' | 'sqlite';
export const DRIVERS: readonly Driver[] = ['memory', 'sqlite'];

/** A store of its own until the test ends. */
export function stateOf(t: TestContext, driver: Driver): State {
  if (driver === 'memory') return memoryState();
  const directory = mkdtempSync(join(tmpdir(), 'slipway-state-'));
  const state = sqliteState({ directory });
  t.after(async () => {
    await state.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return state;
}
