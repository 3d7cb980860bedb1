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
  /** How many calls at least. */
  readonly calls: number;
}

/** Disturbs a server under load. */
export async function underLoad({ server, path, disturb, times, calls }: Proof): Promise<LoadClient> {
  await using nginx = path === 'nginx' ? await Nginx.before(server.port) : undefined;
  await using load = new LoadClient(nginx === undefined ? server : { host: '127.0.0.1', port: nginx.port });
  await load.reached(calls / (times + 1) / 2);
  for (let time = 1; time <= times; time++) {
    await disturb();
    // Between two, and after the last, everything is as ever.
    await load.reached(Math.min(load.answered + 200, calls));
  }
  await load.reached(calls);
  await load.stop();
  return load;
}

/** Disturbs a server, less gently, until calls are lost. */
export async function lossesUnderLoad({ server, path, disturb, times }: Omit<Proof, 'calls'>): Promise<LoadClient> {
  await using nginx = path === 'nginx' ? await Nginx.before(server.port) : undefined;
  await using load = new LoadClient(nginx === undefined ? server : { host: '127.0.0.1', port: nginx.port });
  for (let time = 1; time <= times && load.lost.length === 0; time++) {
    await load.reached(load.answered + 300);
    await disturb();
  }
  await load.stop();
  return load;
}

export function assertNoneLost({ answered, lost }: LoadClient, calls: number): void {
  assert.deepEqual(lost.slice(0, 5), [], `${lost.length} calls lost`);
  assert.ok(answered >= calls, `${answered} calls`);
}
