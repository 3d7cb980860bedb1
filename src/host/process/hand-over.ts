/** What the primary tells a worker before it runs: workers run the same command line, and read the rest from there. */

export interface HandOver {
  /** Counted from 1; a replacement has the number of the one that it replaces. */
  readonly slot: number;
  /** The address that the primary listens on: of port 0, the real one. */
  readonly port: number;
  readonly address: string;
  /** Whether calls are to be counted: the primary has an admin port. */
  readonly metrics: boolean;
}

/** Not named like a setting: it is none. */
const VARIABLE = 'WORKER_OF_SLIPWAY';

export function handOverEnvironment(handOver: HandOver): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(handOver) };
}

/** Takes it out of the environment, so that what the server starts does not take itself for a worker. */
export function takeHandOver(env: NodeJS.ProcessEnv = process.env): HandOver | undefined {
  const text = env[VARIABLE];
  delete env[VARIABLE];
  // Without a channel to the primary it is a leftover.
  return text === undefined || process.send === undefined ? undefined : (JSON.parse(text) as HandOver);
}
