import { SlipwayError } from '../../protocol/coded-error.ts';
import { Connection } from './connection.ts';
import { faultOf, unavailable } from './fault.ts';
import { type Migration, migrate, type StoreFacts } from './schema.ts';

export interface OpenStore {
  readonly connection: Connection;
  readonly facts: StoreFacts;
}

/**
 * Opens the database at once or not at all.
 *
 * @throws SlipwayError `SLIP_STORE_TOO_NEW`, or errors of node:sqlite and of the file system
 */
export function openStore(path: string, directory: string, migrations: readonly Migration[]): OpenStore {
  const connection = new Connection(path);
  try {
    return { connection, facts: migrate(connection, directory, migrations) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

const PAUSE_MS = 10;
const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Opens the database when the process starts: waits, blocking, while others make or migrate it.
 *
 * @throws SlipwayError `SLIP_STORE_TOO_NEW`, `SLIP_STORE_UNAVAILABLE`
 */
export function openStoreWaiting(
  path: string,
  directory: string,
  migrations: readonly Migration[],
  waitMs: number,
): OpenStore {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      return openStore(path, directory, migrations);
    } catch (error) {
      if (error instanceof SlipwayError) throw error;
      const fault = faultOf(error);
      if (fault.kind !== 'busy' || performance.now() >= deadline) throw unavailable(fault, error);
    }
    Atomics.wait(pause, 0, 0, PAUSE_MS);
  }
}
