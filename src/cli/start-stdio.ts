import { serveStdio } from '../host/serve-stdio.ts';
import { findServerFile, loadServerFile } from '../host/server-file.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { takeStandardOutput } from '../transport/stdio/standard-output.ts';
import type { FlagValues } from './command.ts';
import { stopOnSignals } from './stop-signals.ts';

/** The flags of `start` that say something of HTTP. */
function assertNoOthers({ stdio: _, ...others }: FlagValues): void {
  const other = Object.keys(others).find(name => others[name] !== undefined);
  if (other === undefined) return;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--${other} is for HTTP and can not be used with --stdio` });
}

/**
 * `slipway start --stdio`: loads the server file and serves the client at standard input and output. Returns once it
 * serves; the process ends with the input, by a signal, or when the client has left.
 *
 * @param file the server file; undefined looks for the usual names in the current folder
 * @param values the flags; only `stdio` may be among them
 * @throws SlipwayError `SLIP_CLI_*`
 */
export async function startStdio(file: string | undefined, values: FlagValues): Promise<void> {
  assertNoOthers(values);
  const path = findServerFile(file);
  // What the server file prints while it loads must not reach the client either, nor what it prints at the very end.
  takeStandardOutput();
  // A client may close the log and still want its answers.
  process.stderr.on('error', () => {});
  const { server, name } = await loadServerFile(path);
  const handle = serveStdio(server, { onerror: error => process.stderr.write(`slipway: ${error.message}\n`) });
  stopOnSignals(handle);
  process.stderr.write(`slipway: ${name} serves over stdio. The end of its input or Ctrl-C stops it.\n`);
  // The server file may hold timers or connections of its own; nobody is left to use them.
  void handle.closed.then(() => process.exit(0));
}
