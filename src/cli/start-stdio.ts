import { PassThrough } from 'node:stream';
import { endOnCrash } from '../host/process/crash.ts';
import { type StdioServerHandle, serveStdio } from '../host/serve-stdio.ts';
import { findServerFile, loadServerFile } from '../host/server-file.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { stderrLogger } from '../server/logger.ts';
import { DEFAULT_STDIO_LIMITS } from '../transport/stdio/limits.ts';
import { takeStandardOutput } from '../transport/stdio/standard-output.ts';
import { StdioServerTransport } from '../transport/stdio/stdio-server-transport.ts';
import type { FlagValues } from './command.ts';
import { Shutdown } from './shutdown.ts';
import { stopOnSignals } from './stop-signals.ts';
import { armWatchdog, CLOSING_MS } from './watchdog.ts';

const { graceMs } = DEFAULT_STDIO_LIMITS;

/** The flags of `start` that say something of HTTP. */
function assertNoOthers({ stdio: _, ...others }: FlagValues): void {
  const other = Object.keys(others).find(name => others[name] !== undefined);
  if (other === undefined) return;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--${other} is for HTTP and can not be used with --stdio` });
}

function note(text: string): void {
  process.stderr.write(`slipway: ${text}\n`);
}

/** What leaves a client without answers. */
const FATAL = new Set<string>(['SLIP_CLIENT_STALLED', 'SLIP_HOOK_FAILED', 'SLIP_HOOK_TIMEOUT']);

/**
 * Standard input, read from now on, so that its end is seen while the server file loads.
 *
 * @param onEnd called when there is no more of it
 */
function readInput(onEnd: () => void): PassThrough {
  const input = new PassThrough();
  const { stdin } = process;
  stdin.once('end', onEnd);
  // A pipe does not end its target for these.
  stdin.once('error', () => input.end()).once('close', () => input.end());
  stdin.pipe(input);
  return input;
}

/** Says what becomes of a client whose server file ends the process or never comes to its end. */
async function load(path: string): ReturnType<typeof loadServerFile> {
  const onExit = () => note(`${path} ended the process while it was loaded.`);
  const { stdin } = process;
  let impatience: NodeJS.Timeout | undefined;
  const onEnd = () => {
    impatience = setTimeout(() => {
      process.off('exit', onExit);
      note(`its input has ended, and ${path} is still loading.`);
      process.exit(1);
    }, graceMs);
    // Where nothing else is left to happen, loading has failed and says so.
    impatience.unref();
  };
  process.once('exit', onExit);
  stdin.once('end', onEnd);
  // An open input must not hide that the file waits for something that never happens.
  if ('unref' in stdin) stdin.unref();
  try {
    return await loadServerFile(path);
  } finally {
    clearTimeout(impatience);
    process.off('exit', onExit);
    stdin.off('end', onEnd);
    if ('ref' in stdin) stdin.ref();
  }
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
  let handle: StdioServerHandle | undefined;
  const input = readInput(() => armWatchdog(graceMs, CLOSING_MS + (handle?.stopHooksMs ?? 0)));
  const { server, name } = await load(path);
  const serving = serveStdio(server, {
    transport: new StdioServerTransport(input, process.stdout),
    onerror: error => {
      note(error.message);
      if (error instanceof SlipwayError && FATAL.has(error.code)) process.exitCode = 1;
    },
  });
  handle = serving;
  const shutdown = new Shutdown(
    { lameDuckMs: 0, graceMs },
    times => serving.close(times),
    () => serving.stopHooksMs,
  );
  stopOnSignals({
    get begun() {
      return shutdown.begun;
    },
    stop: () => shutdown.begin(0),
  });
  endOnCrash(stderrLogger(), () => shutdown.crash());
  note(`${name} serves over stdio. The end of its input or Ctrl-C stops it.`);
  // The server file may hold timers or connections of its own; nobody is left to use them.
  void serving.closed.then(() => process.exit());
}
