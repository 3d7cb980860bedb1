/** `slipway doctor server.ts` */
import { relative } from 'node:path';
import type { Client } from '../../doctor/client.ts';
import { lint } from '../../doctor/lints/lint.ts';
import { offeredTools } from '../../doctor/lints/offered-tools.ts';
import { junitReport } from '../../doctor/report/junit-report.ts';
import { lintJson, lintText } from '../../doctor/report/lint-text.ts';
import { styleFor } from '../../doctor/report/style.ts';
import { EXIT_CODES } from '../../doctor/report.ts';
import { loadConfiguration } from '../../host/configuration/configuration.ts';
import { findServerFile, loadServerFile } from '../../host/server-file.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';

/** How what was found is printed. */
export type Format = 'text' | 'json' | 'junit';

/**
 * What the tools may take is read from the configuration as `slipway start` here would read it.
 *
 * @param file the server file
 * @returns what to print, and the exit code
 * @throws SlipwayError `SLIP_CLI_FILE_MISSING`, `SLIP_CLI_FILE_BROKEN`, `SLIP_CLI_NO_SERVER`, `SLIP_CONFIG_INVALID`
 */
export async function examineFile(
  file: string,
  clients: readonly Client[],
  format: Format,
): Promise<{ text: string; exitCode: number }> {
  const path = findServerFile(file);
  const loaded = await loadServerFile(path);
  const shown = relative('', path);
  const { values } = await loadConfiguration({ flags: {}, serverFile: file });
  const { toolTimeoutMs, maxResultChars } = values;
  const deployment = {
    ...(toolTimeoutMs !== undefined && { toolTimeoutMs }),
    ...(maxResultChars !== undefined && { maxResultChars }),
  };
  const offered = await offeredTools(loaded, deployment).catch(error => {
    const why = `its tools can not be listed: ${error instanceof Error ? error.message : String(error)}`;
    throw new SlipwayError('SLIP_CLI_FILE_BROKEN', { file: shown, why }, { cause: error });
  });
  const linted = lint(offered, shown, clients);
  const exitCode = EXIT_CODES[linted.report.verdict];
  if (format === 'json') return { text: lintJson(linted), exitCode };
  if (format === 'junit') return { text: junitReport(linted.report), exitCode };
  return { text: lintText(linted, styleFor(process.stdout.isTTY === true), process.stdout.columns), exitCode };
}
