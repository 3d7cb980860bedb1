/** A server file on its port. */
import type { Configuration } from '../host/configuration/configuration.ts';
import { type RunningServer, type ServeOptions, serve } from '../host/serve.ts';
import { loadServerFile } from '../host/server-file.ts';
import { inheritedError, listeningError, serverFile } from './listening.ts';
import { stateDirectory } from './state-directory.ts';

/** Where to listen, when it is not where the settings say. */
export interface ListenPlace {
  readonly port?: number;
  readonly host?: string;
  readonly fd?: number;
}

export interface ServedFile {
  readonly running: RunningServer;
  /** The server's own name. */
  readonly name: string;
  readonly stateDir: string | undefined;
}

/**
 * Loads the server file and serves it.
 *
 * @param onLoaded called in between
 * @throws SlipwayError `SLIP_CLI_*`, `SLIP_HOOK_*`, and whatever serve() throws
 */
export async function serveFile(
  configuration: Configuration,
  place: ListenPlace = {},
  onLoaded: () => void = () => {},
): Promise<ServedFile> {
  const path = serverFile(configuration);
  const stateDir = stateDirectory(configuration.stateDir, path);
  const listening = { port: place.port ?? configuration.port, host: place.host ?? configuration.host };
  const options: ServeOptions = { ...configuration, ...listening, stateDir, fd: place.fd };
  const { server, name } = await loadServerFile(path);
  onLoaded();
  try {
    return { running: await serve(server, options), name, stateDir };
  } catch (error) {
    throw place.fd === undefined ? listeningError(error, listening) : inheritedError(error, place.fd);
  }
}
