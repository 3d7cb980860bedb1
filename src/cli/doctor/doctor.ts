/** `slipway doctor`: reads the line, runs what it asks for, prints, and sets the exit code. */

import { CATALOGUE } from '../../doctor/catalogue/catalogue.ts';
import { examine } from '../../doctor/doctor.ts';
import { catalogueTable, explanation } from '../../doctor/report/catalogue-text.ts';
import { jsonReport } from '../../doctor/report/json-report.ts';
import { junitReport } from '../../doctor/report/junit-report.ts';
import { ProgressLine } from '../../doctor/report/progress-line.ts';
import { styleFor } from '../../doctor/report/style.ts';
import { terminalReport } from '../../doctor/report/terminal-report.ts';
import { EXIT_CODES, type Report } from '../../doctor/report.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { FlagValues, RestOfLine } from '../command.ts';
import { isOn } from './doctor-flags.ts';
import { clientsIn, doctorOptions } from './doctor-options.ts';
import { isServerFile, targetOf } from './target.ts';

/** Waits until it is written: the process may end right after. */
function print(text: string): Promise<void> {
  return new Promise(done => process.stdout.write(text, () => done()));
}

function rendered(report: Report, values: FlagValues): string {
  if (isOn(values, 'json')) return jsonReport(report);
  if (isOn(values, 'junit')) return junitReport(report);
  return terminalReport(report, styleFor(process.stdout.isTTY === true), process.stdout.columns);
}

async function explain(text: string, values: FlagValues): Promise<void> {
  const entry = CATALOGUE.find(({ row }) => String(row) === text);
  if (entry === undefined)
    throw new SlipwayError('SLIP_CLI_USAGE', { why: `--explain takes a row from 1 to 100, not '${text}'` });
  const style = styleFor(process.stdout.isTTY === true);
  await print(
    isOn(values, 'json')
      ? `${JSON.stringify(entry, undefined, 2)}\n`
      : explanation(entry.row, style, process.stdout.columns),
  );
}

async function list(values: FlagValues): Promise<void> {
  const style = styleFor(process.stdout.isTTY === true);
  await print(isOn(values, 'json') ? `${JSON.stringify(CATALOGUE, undefined, 2)}\n` : catalogueTable(style));
}

async function examineServerFile(file: string, values: FlagValues): Promise<void> {
  const format = isOn(values, 'json') ? 'json' : isOn(values, 'junit') ? 'junit' : 'text';
  const { text, exitCode } = await (await import('./server-file.ts')).examineFile(file, clientsIn(values), format);
  await print(text);
  // What the file opened may hold the process, and nobody waits for it.
  process.exit(exitCode);
}

/**
 * @param target a URL, or a server file
 * @param values the flags
 * @param repeated the flags that may be given more than once
 * @throws SlipwayError `SLIP_CLI_*`, `SLIP_DOCTOR_TARGET`
 */
export async function doctor(target: string | undefined, values: FlagValues, { repeated }: RestOfLine): Promise<void> {
  if (isOn(values, 'json') && isOn(values, 'junit')) {
    throw new SlipwayError('SLIP_CLI_USAGE', { why: '--json and --junit both take the output: give one of them' });
  }
  if (values['explain'] !== undefined) return explain(values['explain'], values);
  if (isOn(values, 'list')) return list(values);
  const logs = repeated['log'];
  if (logs !== undefined) {
    if (isOn(values, 'junit'))
      throw new SlipwayError('SLIP_CLI_USAGE', { why: '--log is told as text, or with --json' });
    const { text, exitCode } = await (await import('./log.ts')).readLogs(logs, isOn(values, 'json'));
    process.exitCode = exitCode;
    return print(text);
  }
  if (target !== undefined && isServerFile(target)) return examineServerFile(target, values);
  const url = targetOf(target);
  const options = doctorOptions(url, values, repeated);
  const ending = new AbortController();
  // The first Ctrl-C ends the examination, and what was found so far is told; the second one ends the process.
  process.once('SIGINT', () => ending.abort());
  const report = await examine({ ...options, signal: ending.signal, progress: new ProgressLine(process.stderr) });
  await print(rendered(report, values));
  process.exitCode = EXIT_CODES[report.verdict];
}
