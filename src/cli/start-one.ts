/** `slipway start` in one process. */
import type { Configuration } from '../host/configuration/configuration.ts';
import { endOnCrash } from '../host/process/crash.ts';
import { stderrLogger } from '../server/logger.ts';
import { nextSteps } from './next-steps.ts';
import { serveFile } from './served-file.ts';
import { activation, reopenLogs, serviceManager } from './service-environment.ts';
import { Shutdown } from './shutdown.ts';
import { stopOnSignals } from './stop-signals.ts';

export async function startOne(configuration: Configuration): Promise<void> {
  const { lameDuckMs, drainGraceMs: graceMs, quiet, publicUrl } = configuration;
  const early = stderrLogger();
  const sockets = await activation(early);
  const manager = await serviceManager(early);
  const served = await serveFile(configuration, sockets && { fd: sockets.http, adminFd: sockets.admin });
  const { running, name } = served;
  const logger = running.sight.logger ?? early;
  // On an inherited socket, connections that come now wait for the next process.
  const keepAccepting = sockets === undefined;
  const shutdown = new Shutdown(
    { lameDuckMs, graceMs },
    times =>
      Promise.all([
        manager?.stopping('Stopping: calls in flight may finish', shutdown.boundMs),
        running.close({ ...times, keepAccepting }),
      ]),
    () => running.stopHooksMs,
  );
  stopOnSignals({
    get begun() {
      return shutdown.begun;
    },
    stop: hurry => shutdown.begin(0, hurry ? { lameDuckMs: 0 } : {}),
    reload: () => logger.warn({}, 'SIGHUP: only workers can be reloaded (--workers); nothing is done'),
  });
  await reopenLogs(() => running.sight.reopen(), logger);
  endOnCrash(logger, () => shutdown.crash());
  manager?.ready(`Serving ${name} on ${running.url}`);
  const place = { stateDir: served.stateDir, publicUrl, adminUrl: running.sight.admin?.url };
  if (!quiet) process.stdout.write(nextSteps(name, running, place));
}
