/** What a proof of no lost call needs around the load. */
import assert from 'node:assert/strict';
import { LoadClient, type LoadTarget } from './load-client.ts';
import { Nginx } from './nginx.ts';

/** Towards the server itself, or through nginx. */
export type Path = 'direct' | 'nginx';

interface Proof {
  /** Where the server listens. */
  readonly server: LoadTarget;
  readonly path: Path;
  /** What is done to the server while the calls go on, again and again. */
  disturb(): Promise<void>;
  /** How often at least. */
  readonly times: number;
}

/** On each path. */
export const CALLS = 20_000;

/** Disturbs a server under load. */
export async function underLoad({ server, path, disturb, times }: Proof): Promise<LoadClient> {
  await using nginx = path === 'nginx' ? await Nginx.before(server.port) : undefined;
  await using load = new LoadClient(nginx === undefined ? server : { host: '127.0.0.1', port: nginx.port });
  await load.reached(CALLS / (times + 1) / 2);
  for (let time = 1; time <= times; time++) {
    await disturb();
    // Between two, and after the last, everything is as ever.
    await load.reached(load.answered + 200);
  }
  await load.reached(CALLS);
  await load.stop();
  return load;
}

/** Disturbs a server, less gently, until calls are lost. */
export async function lossesUnderLoad({ server, path, disturb, times }: Proof): Promise<LoadClient> {
  await using nginx = path === 'nginx' ? await Nginx.before(server.port) : undefined;
  await using load = new LoadClient(nginx === undefined ? server : { host: '127.0.0.1', port: nginx.port });
  for (let time = 1; time <= times && load.lost.length === 0; time++) {
    await load.reached(load.answered + 300);
    await disturb();
  }
  await load.stop();
  return load;
}

export function assertNoneLost({ answered, lost }: LoadClient): void {
  assert.deepEqual(lost.slice(0, 5), [], `${lost.length} calls lost`);
  assert.ok(answered >= CALLS, `${answered} calls`);
}
