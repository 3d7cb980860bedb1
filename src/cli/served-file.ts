/** A server file on its port. */
import type { Configuration } from '../host/configuration/configuration.ts';
import { type RunningServer, type ServeOptions, serve } from '../host/serve.ts';
import { loadServerFile } from '../host/server-file.ts';
import { inheritedError, listeningError, serverFile } from './listening.ts';
import { stateDirectory } from './state-directory.ts';

/** What another process has decided, in place of the settings. */
export type Arranged = Pick<ServeOptions, 'fd' | 'adminFd' | 'connections' | 'metrics'>;

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
  arranged: Arranged = {},
  onLoaded: () => void = () => {},
): Promise<ServedFile> {
  const path = serverFile(configuration);
  const stateDir = stateDirectory(configuration.stateDir, path);
  const options: ServeOptions = { ...configuration, stateDir, ...arranged };
  const { server, name } = await loadServerFile(path);
  onLoaded();
  try {
    return { running: await serve(server, options), name, stateDir };
  } catch (error) {
    throw arranged.fd === undefined ? listeningError(error, configuration) : inheritedError(error);
  }
}
