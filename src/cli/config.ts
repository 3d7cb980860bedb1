import { loadConfiguration } from '../host/configuration/configuration.ts';
import type { FlagValues } from './command.ts';
import { configurationJson, configurationTable } from './config-table.ts';

/**
 * `slipway config`: prints what `slipway start` with the same line, in this folder and environment, would use.
 *
 * @param serverFile the command's argument
 * @param flags the texts of the flags
 * @throws SlipwayError `SLIP_CONFIG_INVALID` with everything that is wrong, `SLIP_CLI_FILE_BROKEN`
 */
export async function printConfiguration(
  serverFile: string | undefined,
  flags: FlagValues,
  json: boolean,
): Promise<void> {
  const loaded = await loadConfiguration({ flags, serverFile });
  const text = json ? configurationJson(loaded) : configurationTable(loaded);
  // A configuration file may hold timers or connections open, and nothing here waits for them.
  await new Promise<void>(done => process.stdout.write(text, () => done()));
  process.exit();
}
