/** One load of the server file: a process of its own, told by `slipway dev` which connections to take and when to go. */
import {
  type Configuration,
  type ConfigurationInput,
  type LoadedConfiguration,
  loadConfiguration,
} from '../../host/configuration/configuration.ts';
import { endOnCrash } from '../../host/process/crash.ts';
import type { HandOver } from '../../host/process/hand-over.ts';
import { WorkerLink } from '../../host/process/worker-link.ts';
import { type RunningServer, type ServeOptions, serve } from '../../host/serve.ts';
import { type LoadedServer, loadServerFile } from '../../host/server-file.ts';
import { userPlaces } from '../../host/server-file-fault.ts';
import { openState } from '../../host/state.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { McpServer } from '../../server/mcp-server.ts';
import type { State } from '../../state/state.ts';
import { serverFile } from '../listening.ts';
import { primarySettings } from '../primary-settings.ts';
import { Shutdown } from '../shutdown.ts';
import { stateDirectory } from '../state-directory.ts';
import { codeFrame } from './code-frame.ts';
import { DevCalls } from './dev-calls.ts';
import { DevLogger, errorText } from './dev-logger.ts';
import { sendDevReport } from './dev-messages.ts';
import { envFileVariables } from './env-file.ts';
import { IdleConnections } from './idle-connections.ts';
import { ListChangeNews } from './list-change-news.ts';
import { watchLoading } from './loaded-files.ts';
import { type Offer, offerOf } from './offer.ts';

/** What went wrong, with the place in the user's file; the stack only where that knows no such place. */
function explanation(error: unknown): string {
  if (error instanceof SlipwayError) {
    const { what, code } = error;
    const frame = codeFrame(what);
    return frame === undefined ? `${what}. (${code})` : `${what}. (${code})\n\n${frame}`;
  }
  if (error instanceof Error && userPlaces(error.stack).length === 0) return error.stack ?? error.message;
  return errorText(error);
}

/** Who hears what happens. */
type Hearing = Pick<ServeOptions, 'logger' | 'observer' | 'logLevel' | 'logFormat' | 'logFile' | 'accessLog'>;

/** What `slipway start` has for machines is for a person here, unless somebody has said how the log should be. */
function hearing({ values, sources }: LoadedConfiguration, news: ListChangeNews): Hearing {
  const opened = () => news.opened();
  const { logLevel, logFormat, logFile, accessLog } = values;
  if ([sources.logFormat, sources.logFile].some(({ kind }) => kind !== 'default')) {
    return { logLevel, logFormat, logFile, accessLog, observer: { ended: () => {}, opened } };
  }
  const calls = accessLog ? new DevCalls() : undefined;
  return {
    logger: new DevLogger(logLevel),
    logLevel: undefined,
    logFormat: undefined,
    logFile: undefined,
    accessLog: false,
    observer: { ended: call => calls?.ended(call), opened, refused: request => calls?.refused(request) },
  };
}

/** What a server offers; undefined where only real requests tell. */
async function offerOfLoaded({ server }: LoadedServer): Promise<Offer | undefined> {
  try {
    const made = typeof server === 'function' ? await server({ era: 'modern' }) : server;
    return made instanceof McpServer ? offerOf(made) : undefined;
  } catch {
    return undefined;
  }
}

/** What serves, and what has to be let go of after it. */
interface Served {
  readonly read: Configuration;
  readonly loaded: LoadedServer;
  readonly running: RunningServer;
  readonly news: ListChangeNews;
  readonly state: State;
}

async function serveLoad(
  input: ConfigurationInput,
  connections: IdleConnections,
  isReload: boolean,
  onLoaded: () => void,
): Promise<Served> {
  const configuration = await loadConfiguration(input);
  const { values: read } = configuration;
  const path = serverFile(read);
  const stateDir = stateDirectory(read.stateDir, path);
  const loaded = await loadServerFile(path);
  onLoaded();
  // Opened here, so that news can be told whatever makes the server.
  const state = openState({ ...(stateDir !== undefined && { stateDir }) });
  const news = new ListChangeNews(state.bus, isReload);
  try {
    // Two processes overlap, and the operator's port is for one.
    const options = { ...read, adminPort: undefined, stateDir, ...hearing(configuration, news) };
    const running = await serve(loaded.server, { ...options, state, connections });
    return { read, loaded, running, news, state };
  } catch (error) {
    await state.close();
    throw error;
  }
}

/**
 * Serves until `slipway dev` says otherwise. What goes wrong before is told to it.
 *
 * @param input what the configuration is read from: here, so that a reload sees what has changed
 */
export async function startDevWorker({ slot, address, port }: HandOver, input: ConfigurationInput): Promise<void> {
  let shutdown: Shutdown | undefined;
  let hurry = false;
  const link = new WorkerLink(draining => {
    hurry = draining.hurry;
    shutdown?.begin(0, hurry ? { graceMs: 0 } : {});
  });
  // Ctrl-C and the end of a terminal reach every process; the one that watches decides what becomes of them.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  const reportLoaded = watchLoading(paths => sendDevReport({ slipwayDev: 'loaded', paths }));
  const failed = (error: unknown) => {
    reportLoaded();
    link.fail(explanation(error));
  };
  process.on('uncaughtException', failed);
  Object.assign(process.env, envFileVariables());
  const connections = new IdleConnections(link.connections({ address, port }));
  let served: Served;
  try {
    served = await serveLoad(input, connections, slot > 1, () => link.loaded());
    sendDevReport({ slipwayDev: 'offer', offer: await offerOfLoaded(served.loaded) });
  } catch (error) {
    failed(error);
    return;
  }
  const { read, loaded, running, news, state } = served;
  const ending = new Shutdown(
    { lameDuckMs: 0, graceMs: read.drainGraceMs },
    async times => {
      if (!hurry) {
        // Once the clients hear that the lists have changed, what they ask must not come here any more.
        await connections.stop();
        connections.close();
        sendDevReport({ slipwayDev: 'letGo' });
        await news.farewell();
      }
      await running.close({ ...times, keepAccepting: false });
      await state.close();
    },
    () => running.stopHooksMs,
  );
  shutdown = ending;
  process.off('uncaughtException', failed);
  endOnCrash(running.sight.logger ?? new DevLogger(read.logLevel), () => {
    process.exitCode = 1;
    void link.leave('something was thrown that nobody caught').then(() => ending.crash());
  });
  reportLoaded();
  link.ready(
    { name: loaded.name, url: running.url, settings: primarySettings(read), stopMs: ending.boundMs },
    { metrics: () => undefined, health: () => running.readiness() },
  );
}
