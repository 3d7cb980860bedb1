import { type ConfigurationInput, loadConfiguration } from '../host/configuration/configuration.ts';
import { takeHandOver } from '../host/process/hand-over.ts';
import type { FlagValues } from './command.ts';

/**
 * `slipway start`: loads the configuration and the server file, listens, prints where and what to do next. Returns once
 * it listens.
 *
 * @param file the server file; undefined looks for the usual names in the current folder
 * @param values the texts of the flags
 * @throws SlipwayError `SLIP_CLI_*`, `SLIP_CONFIG_INVALID`, and what `serve()` throws
 */
export async function start(file: string | undefined, values: FlagValues): Promise<void> {
  const input: ConfigurationInput = { flags: values, serverFile: file };
  const handOver = takeHandOver();
  if (handOver !== undefined) return (await import('./start-worker.ts')).startWorker(handOver, input);
  const { values: configuration } = await loadConfiguration(input);
  if (configuration.workers === undefined) return (await import('./start-one.ts')).startOne(configuration);
  return (await import('./start-workers.ts')).startWorkers(configuration);
}
