/** `slipway start` in one process. */
import type { Configuration } from '../host/configuration/configuration.ts';
import { endOnCrash } from '../host/process/crash.ts';
import { stderrLogger } from '../server/logger.ts';
import { nextSteps } from './next-steps.ts';
import { serveFile } from './served-file.ts';
import { activation, drainBoundMs, serviceManager } from './service-environment.ts';
import { Shutdown } from './shutdown.ts';
import { stopOnSignals } from './stop-signals.ts';

export async function startOne(configuration: Configuration): Promise<void> {
  const { lameDuckMs, drainGraceMs, quiet } = configuration;
  const early = stderrLogger();
  const sockets = await activation(early);
  const manager = await serviceManager(early);
  const served = await serveFile(configuration, sockets === undefined ? {} : { fd: sockets.http });
  const { running, name } = served;
  // On an inherited socket, connections that come now wait for the next process.
  const keepAccepting = sockets === undefined;
  const shutdown = new Shutdown({ lameDuckMs, graceMs: drainGraceMs }, times => {
    manager?.stopping('Stopping: calls in flight may finish', drainBoundMs(configuration));
    return running.close({ ...times, keepAccepting });
  });
  stopOnSignals({
    get begun() {
      return shutdown.begun;
    },
    stop: hurry => shutdown.begin(0, hurry ? { lameDuckMs: 0 } : {}),
  });
  endOnCrash(running.sight.logger ?? early, () => shutdown.crash());
  manager?.ready(`Serving ${name} on ${running.url}`);
  if (!quiet) process.stdout.write(nextSteps(name, running, served.stateDir));
}
