/** `slipway start --workers`: the process that has the workers. It never loads the server file. */
import type { Configuration } from '../host/configuration/configuration.ts';
import { ConnectionDealer } from '../host/process/connection-dealer.ts';
import { endOnCrash } from '../host/process/crash.ts';
import type { InheritedSockets } from '../host/process/socket-activation.ts';
import { WorkerFailure } from '../host/process/worker-process.ts';
import { Workers } from '../host/process/workers.ts';
import type { AdminListener } from '../host/sight/admin-listener.ts';
import { productionLogger } from '../host/sight/production-logger.ts';
import { version } from '../host/version.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { type Logger, stderrLogger } from '../server/logger.ts';
import type { ListenedAddress } from '../transport/http/connection-source.ts';
import { inheritedError, listeningError, serverFile } from './listening.ts';
import { nextSteps } from './next-steps.ts';
import { primarySettings, warnOfRest } from './primary-settings.ts';
import { activation, reopenLogs, serviceManager } from './service-environment.ts';
import { Shutdown } from './shutdown.ts';
import { stateDirectory } from './state-directory.ts';
import { stopOnSignals } from './stop-signals.ts';

/** What the primary has to do once its workers have ended. */
const AFTER_WORKERS_MS = 3_000;

function sharedStateDirectory(given: string | undefined, path: string): string {
  const stateDir = stateDirectory(given, path);
  if (stateDir !== undefined) return stateDir;
  const why =
    '--workers needs a state directory: a session begun by one worker has to be known to the others. ' +
    'Give one with --state-dir, or leave --workers out';
  throw new SlipwayError('SLIP_CLI_USAGE', { why });
}

async function listen(
  dealer: ConnectionDealer,
  { host, port }: Configuration,
  fd: number | undefined,
): Promise<ListenedAddress> {
  try {
    return await dealer.listen({ host, port, ...(fd !== undefined && { fd }) });
  } catch (error) {
    throw fd === undefined ? listeningError(error, { host, port }) : inheritedError(error);
  }
}

/** The operator's port: of the primary, which sums up what the workers say. */
async function openAdmin(
  { adminHost: host, adminPort: port = 0 }: Configuration,
  fd: number | undefined,
  workers: Workers,
  draining: () => boolean,
  logger: Logger,
): Promise<AdminListener> {
  const { workersAdmin } = await import('../host/sight/workers-admin.ts');
  const place = { host, port, ...(fd !== undefined && { fd }) };
  try {
    return await workersAdmin({ ...place, version: version(), workers, draining, logger });
  } catch (error) {
    throw fd === undefined ? listeningError(error, { host, port }) : inheritedError(error);
  }
}

export async function startWorkers(configuration: Configuration): Promise<void> {
  const { lameDuckMs, drainGraceMs: graceMs, quiet, adminPort, publicUrl } = configuration;
  const { logLevel: level, logFormat: format, logFile: destination } = configuration;
  const settings = primarySettings(configuration);
  const stateDir = sharedStateDirectory(configuration.stateDir, serverFile(configuration));
  const early = stderrLogger();
  const sockets: Partial<InheritedSockets> = (await activation(early)) ?? {};
  const manager = await serviceManager(early);
  const logger = productionLogger({ level, format, destination });
  const dealer = new ConnectionDealer(logger);
  const { address, port } = await listen(dealer, configuration, sockets.http);
  const metrics = adminPort !== undefined || sockets.admin !== undefined;
  const workers = new Workers({ count: settings.workers!, logger, dealer, handOver: { address, port, metrics } });
  let stopping = false;
  const admin = metrics ? await openAdmin(configuration, sockets.admin, workers, () => stopping, logger) : undefined;
  const started = await workers.start().catch(error => {
    if (!(error instanceof WorkerFailure)) throw error;
    process.stderr.write(`slipway: ${error.message.trim()}\n`, () => process.exit(1));
  });
  if (started === undefined) return;

  let hurried = false;
  const shutdown: Shutdown = new Shutdown(
    { lameDuckMs, graceMs },
    async () => {
      stopping = true;
      const told = manager?.stopping('Stopping: calls in flight may finish', shutdown.boundMs);
      // On an inherited socket, connections that come now wait for the next process.
      await workers.stop({ hurry: hurried, keepAccepting: sockets.http === undefined && !hurried });
      await told;
      await admin?.close();
      await logger.close();
    },
    // What the workers may take is their own reckoning: their configuration may have changed since.
    () => Math.max(0, workers.stopMs - lameDuckMs - graceMs) + AFTER_WORKERS_MS,
  );
  const status = () => `Serving ${started.name} on ${started.url} with ${workers.count} workers`;
  stopOnSignals({
    get begun() {
      return shutdown.begun;
    },
    stop: hurry => {
      hurried = hurry;
      shutdown.begin(0);
    },
    atOnce: () => workers.kill(),
    reload: () => {
      manager?.reloading('Reloading: one worker after the other');
      void workers.reload().then(succeeded => {
        if (shutdown.begun) return;
        if (succeeded) warnOfRest(settings, workers.settings ?? settings, logger);
        manager?.ready(succeeded ? status() : `${status()}; the last reload was given up, the log says why`);
      });
    },
  });
  await reopenLogs(async () => {
    workers.signal('SIGUSR2');
    await logger.reopen();
  }, logger);
  endOnCrash(logger, () => shutdown.crash());
  manager?.ready(status());
  const running = { url: started.url, host: address, port };
  if (!quiet) process.stdout.write(nextSteps(started.name, running, { stateDir, publicUrl, adminUrl: admin?.url }));
}
