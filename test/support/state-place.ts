/** Where the servers of one test keep what they remember. A behaviour has to be the same with every driver. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type McpServer, type McpServerFactory, type RunningServer, type ServeOptions, serve } from 'slipway';
import { memoryState } from '../../src/state/memory/state.ts';
import type { Retention } from '../../src/state/retention.ts';
import { sqliteState } from '../../src/state/sqlite/state.ts';
import { DEFAULT_TIMING } from '../../src/state/sqlite/timing.ts';
import type { State } from '../../src/state/state.ts';

export type Driver = 'memory' | 'sqlite';

export class StatePlace {
  readonly driver: Driver;
  readonly #directory: string | undefined;
  readonly #states = new Map<RunningServer, State>();
  #memory: State | undefined;

  constructor(driver: Driver, directory: string | undefined) {
    this.driver = driver;
    this.#directory = directory;
  }

  /** The directory of the store; undefined in memory. */
  get directory(): string | undefined {
    return this.#directory;
  }

  /** One object for all in memory; on disk one connection each, as if each were a process. */
  #open(retention: Retention): State {
    if (this.#directory === undefined) return (this.#memory ??= memoryState(retention));
    return sqliteState({ directory: this.#directory, ...retention }, { ...DEFAULT_TIMING, pruneMs: 200 });
  }

  /** One more server on what the others remember, until the test ends. */
  async serve(
    source: McpServer | McpServerFactory,
    options: ServeOptions = {},
    retention: Retention = {},
  ): Promise<RunningServer> {
    const state = this.#open(retention);
    const running = await serve(source, { port: 0, state, ...options });
    this.#states.set(running, state);
    return running;
  }

  /** Ends a server before the test does; calls get `graceMs`. */
  async stop(running: RunningServer, graceMs = 0): Promise<void> {
    await running.close({ graceMs });
    await this.#states.get(running)?.close();
    this.#states.delete(running);
  }

  async close(): Promise<void> {
    for (const running of [...this.#states.keys()]) await this.stop(running);
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
  }
}

/** Declares one test for each driver. */
export function onEachDriver(
  name: string,
  behaviour: (t: TestContext, place: StatePlace) => Promise<void>,
  drivers: readonly Driver[] = ['memory', 'sqlite'],
): void {
  for (const driver of drivers) {
    test(`${name} (${driver})`, async t => {
      const directory = driver === 'memory' ? undefined : await mkdtemp(join(tmpdir(), 'slipway-sessions-'));
      const place = new StatePlace(driver, directory);
      t.after(() => place.close());
      await behaviour(t, place);
    });
  }
}

/** A secret for servers that open each other's ids. */
export const SECRET = 'a secret for tests of thirty-two bytes or more';
