/** `slipway start` as one of several workers: the same command line, told by its primary where clients connect to. */
import { type Configuration, type ConfigurationInput, loadConfiguration } from '../host/configuration/configuration.ts';
import { endOnCrash } from '../host/process/crash.ts';
import type { HandOver } from '../host/process/hand-over.ts';
import { WorkerLink } from '../host/process/worker-link.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { stderrLogger } from '../server/logger.ts';
import { primarySettings } from './primary-settings.ts';
import { serveFile } from './served-file.ts';
import { reopenLogs } from './service-environment.ts';
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
export async function startWorker({ port, address, metrics }: HandOver, input: ConfigurationInput): Promise<void> {
  let shutdown: Shutdown | undefined;
  let keepAccepting = false;
  let crashed = false;
  const link = new WorkerLink(draining => {
    keepAccepting = draining.keepAccepting;
    if (crashed) shutdown?.crash();
    else shutdown?.begin(0, draining.hurry ? { lameDuckMs: 0 } : {});
  });
  // Ctrl-C and the end of a terminal reach every process; the primary decides what becomes of them.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const failed = (error: unknown) => link.fail(explanation(error));
  process.on('uncaughtException', failed);
  let served: Awaited<ReturnType<typeof serveFile>>;
  let read: Configuration;
  try {
    read = (await loadConfiguration(input)).values;
    const arranged = { connections: link.connections({ address, port }), metrics };
    served = await serveFile({ ...read, adminPort: undefined }, arranged, () => link.loaded());
  } catch (error) {
    failed(error);
    return;
  }
  const { running, name } = served;
  const logger = running.sight.logger ?? stderrLogger();
  const ending = new Shutdown(
    { lameDuckMs: read.lameDuckMs, graceMs: read.drainGraceMs },
    times => running.close({ ...times, keepAccepting }),
    () => running.stopHooksMs,
  );
  shutdown = ending;
  process.off('uncaughtException', failed);
  endOnCrash(logger, () => {
    crashed = true;
    process.exitCode = 1;
    void link.leave('something was thrown that nobody caught').then(() => ending.crash());
  });
  process.on('SIGTERM', () => {
    if (ending.begun) process.exit(143);
    void link.leave('SIGTERM').then(() => ending.begin(0));
  });
  await reopenLogs(() => running.sight.reopen(), logger);
  link.ready(
    { name, url: running.url, settings: primarySettings(read), stopMs: ending.boundMs },
    { metrics: () => running.sight.metrics(), health: () => running.readiness() },
  );
}
