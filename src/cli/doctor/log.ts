/** `slipway doctor --log access.log` */
import { readArrivals } from '../../doctor/log/arrivals.ts';
import { logLines } from '../../doctor/log/log-lines.ts';
import { LOG_EXIT_CODES, logJson, logReport } from '../../doctor/log/log-report.ts';
import { logVerdict } from '../../doctor/log/log-verdict.ts';
import { styleFor } from '../../doctor/report/style.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';

async function* allLines(paths: readonly string[]): AsyncGenerator<string> {
  for (const path of paths) {
    try {
      yield* logLines(path);
    } catch (error) {
      const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      throw new SlipwayError('SLIP_CLI_USAGE', { why: `--log: ${path} can not be read (${why})` });
    }
  }
}

/**
 * @param paths of log files; `-` is standard input
 * @returns what to print, and the exit code
 * @throws SlipwayError `SLIP_CLI_USAGE` for a file that can not be read
 */
export async function readLogs(paths: readonly string[], json: boolean): Promise<{ text: string; exitCode: number }> {
  const arrivals = await readArrivals(allLines(paths));
  const verdict = logVerdict(arrivals);
  const style = styleFor(process.stdout.isTTY === true);
  const text = json ? logJson(arrivals, verdict) : logReport(arrivals, verdict, style, process.stdout.columns);
  return { text, exitCode: LOG_EXIT_CODES[verdict.state] };
}
