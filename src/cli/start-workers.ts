/** `slipway start --workers`: the process that has the workers. It never loads the server file. */
import { closeSync, openSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Configuration } from '../host/configuration/configuration.ts';
import { endOnCrash } from '../host/process/crash.ts';
import { WorkerFailure } from '../host/process/worker-process.ts';
import { Workers } from '../host/process/workers.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import { stderrLogger } from '../server/logger.ts';
import { listeningError, serverFile } from './listening.ts';
import { nextSteps } from './next-steps.ts';
import { activation, drainBoundMs, serviceManager } from './service-environment.ts';
import { Shutdown } from './shutdown.ts';
import { stateDirectory } from './state-directory.ts';
import { stopOnSignals } from './stop-signals.ts';

/** Workers that start one after the other, maybe much later, have to listen on one port: a free one is picked before. */
async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', error => reject(listeningError(error, { host, port: 0 })));
    probe.listen(0, host, resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise(resolve => probe.close(resolve));
  return port;
}

/** Whether SIGHUP means that the terminal is gone, rather than that somebody wants a reload. */
function terminalIsGone(): boolean {
  if (!process.stdin.isTTY) return false;
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return false;
  } catch {
    return true;
  }
}

function sharedStateDirectory(given: string | undefined, path: string): string {
  const stateDir = stateDirectory(given, path);
  if (stateDir !== undefined) return stateDir;
  const why =
    '--workers needs a state directory: a session begun by one worker has to be known to the others. ' +
    'Give one with --state-dir, or leave --workers out';
  throw new SlipwayError('SLIP_CLI_USAGE', { why });
}

export async function startWorkers(configuration: Configuration): Promise<void> {
  const { lameDuckMs, drainGraceMs, host, quiet } = configuration;
  const logger = stderrLogger();
  const count = configuration.workers === 'auto' ? availableParallelism() : configuration.workers!;
  const stateDir = sharedStateDirectory(configuration.stateDir, serverFile(configuration));
  const sockets = await activation(logger);
  const manager = await serviceManager(logger);
  const port = sockets === undefined && configuration.port === 0 ? await freePort(host) : configuration.port;
  const fd = sockets?.http;
  const workers = new Workers({ count, logger, handOver: { port, host, ...(fd !== undefined && { fd }) } });
  const started = await workers.start().catch(error => {
    if (!(error instanceof WorkerFailure)) throw error;
    process.stderr.write(`slipway: ${error.message.trim()}\n`, () => process.exit(1));
  });
  if (started === undefined) return;

  let hurried = false;
  const shutdown = new Shutdown({ lameDuckMs, graceMs: drainGraceMs }, () => {
    manager?.stopping('Stopping: calls in flight may finish', drainBoundMs(configuration));
    return workers.stop(hurried);
  });
  const stop = (hurry: boolean) => {
    hurried = hurry;
    shutdown.begin(0);
  };
  stopOnSignals(
    {
      get begun() {
        return shutdown.begun;
      },
      stop,
      atOnce: () => workers.kill(),
    },
    ['SIGINT', 'SIGTERM'],
  );
  endOnCrash(logger, () => shutdown.crash());
  const serving = `Serving ${started.name} on ${started.url} with ${count} workers`;
  process.on('SIGHUP', () => {
    if (shutdown.begun) return;
    if (terminalIsGone()) return stop(true);
    manager?.reloading('Reloading: one worker after the other');
    void workers.reload().then(succeeded => {
      if (shutdown.begun) return;
      manager?.ready(succeeded ? serving : `${serving}; the last reload was given up, the log says why`);
    });
  });
  manager?.ready(serving);
  if (!quiet) process.stdout.write(nextSteps(started.name, started, stateDir));
}
