import { type HandOver, takeHandOver } from '../host/process/hand-over.ts';
import type { FlagValues } from './command.ts';
import { type StartSettings, startSettings } from './start-settings.ts';

/**
 * `slipway start`: loads the configuration and the server file, listens, prints where and what to do next. Returns once
 * it listens.
 *
 * @param file the server file; undefined looks for the usual names in the current folder
 * @param values the texts of the flags
 * @throws SlipwayError `SLIP_CLI_*`, and what the configuration and `serve()` throw
 */
export async function start(file: string | undefined, values: FlagValues): Promise<void> {
  const handOver = takeHandOver();
  if (handOver !== undefined) return asWorker(handOver, () => startSettings(file, values));
  const settings = startSettings(file, values);
  if (settings.workers !== undefined) return (await import('./start-workers.ts')).startWorkers(settings);
  const { startOne } = await import('./start-one.ts');
  await startOne(settings);
}

async function asWorker(handOver: HandOver, settings: () => StartSettings): Promise<void> {
  const { startWorker } = await import('./start-worker.ts');
  await startWorker(handOver, settings);
}
