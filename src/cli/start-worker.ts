/** `slipway start` as one of several workers: the same command line, told by its primary where to listen. */
import { type Configuration, type ConfigurationInput, loadConfiguration } from '../host/configuration/configuration.ts';
import { endOnCrash } from '../host/process/crash.ts';
import type { HandOver } from '../host/process/hand-over.ts';
import { WorkerLink } from '../host/process/worker-link.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { stderrLogger } from '../server/logger.ts';
import { serveFile } from './served-file.ts';
import { Shutdown } from './shutdown.ts';

function explanation(error: unknown): string {
  if (error instanceof SlipwayError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/**
 * Serves until the primary says otherwise. What goes wrong before is told to the primary, which prints it once for all.
 *
 * @param input what the configuration is read from: here, so that a reload sees what has changed
 */
export async function startWorker({ port, host, fd }: HandOver, input: ConfigurationInput): Promise<void> {
  let shutdown: Shutdown | undefined;
  const link = new WorkerLink(hurry => shutdown?.begin(0, hurry ? { lameDuckMs: 0 } : {}));
  // Ctrl-C and the end of a terminal reach every process; the primary decides what becomes of them.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const failed = (error: unknown) => link.fail(explanation(error));
  process.on('uncaughtException', failed);
  let served: Awaited<ReturnType<typeof serveFile>>;
  let read: Configuration;
  try {
    read = (await loadConfiguration(input)).values;
    served = await serveFile(read, { port, host, ...(fd !== undefined && { fd }) }, () => link.loaded());
  } catch (error) {
    failed(error);
    return;
  }
  const { running, name } = served;
  const times = { lameDuckMs: read.lameDuckMs, graceMs: read.drainGraceMs };
  const ending = new Shutdown(times, given => running.close({ ...given, keepAccepting: false }));
  shutdown = ending;
  process.off('uncaughtException', failed);
  endOnCrash(running.sight.logger ?? stderrLogger(), () => {
    process.exitCode = 1;
    void link.leave('something was thrown that nobody caught').then(() => ending.crash());
  });
  process.on('SIGTERM', () => {
    if (ending.begun) process.exit(143);
    void link.leave('SIGTERM').then(() => ending.begin(0));
  });
  const { url } = running;
  link.ready(
    { name, url, host: running.host, port: running.port },
    { metrics: () => undefined, health: () => running.readiness() },
  );
}
