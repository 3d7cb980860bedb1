/** What the primary tells a worker before it runs: workers run the same command line, and read the rest from there. */

export interface HandOver {
  /** Counted from 1; a replacement has the number of the one that it replaces. */
  readonly slot: number;
  /** The address that all workers share, as the primary found it: of port 0, the real one. */
  readonly port: number;
  readonly host: string;
  /** The number of the primary's descriptor that is listened on, if it inherited one. */
  readonly fd?: number;
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
