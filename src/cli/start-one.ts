/** `slipway start` in one process. */
import type { Configuration } from '../host/configuration/configuration.ts';
import { endOnCrash } from '../host/process/crash.ts';
import type { ServiceNotify } from '../host/process/service-notify.ts';
import type { InheritedSockets } from '../host/process/socket-activation.ts';
import { type Logger, stderrLogger } from '../server/logger.ts';
import { nextSteps } from './next-steps.ts';
import { serveFile } from './served-file.ts';
import { Shutdown } from './shutdown.ts';
import { stopOnSignals } from './stop-signals.ts';

/** The sockets that this process was started with, if any. */
export async function activation(logger: Logger): Promise<InheritedSockets | undefined> {
  if (process.env['LISTEN_FDS'] === undefined) return undefined;
  const { inheritedSockets } = await import('../host/process/socket-activation.ts');
  return inheritedSockets(process.env, process.pid, text => logger.warn({}, text));
}

/** The service manager that waits for news, if any. */
export async function serviceManager(logger: Logger): Promise<ServiceNotify | undefined> {
  if (process.env['NOTIFY_SOCKET'] === undefined) return undefined;
  return (await import('../host/process/service-notify.ts')).ServiceNotify.fromEnvironment(logger);
}

/** What a drain may take in all, for whoever waits for it. */
export function drainBoundMs({ lameDuckMs, drainGraceMs }: Configuration): number {
  return lameDuckMs + drainGraceMs + 15_000;
}

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
