/** A server file on its port. */
import { relative } from 'node:path';
import type { Configuration } from '../host/configuration/configuration.ts';
import { type RunningServer, type ServeOptions, serve } from '../host/serve.ts';
import { findServerFile, loadServerFile } from '../host/server-file.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
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

/** The path of the configured server file; of the usual ones where none is. */
export function serverFile({ server }: Configuration): string {
  return findServerFile(server === undefined ? undefined : relative('', server));
}

/** The listening errors that a user can mend, as coded errors; anything else as it is. */
export function listeningError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new SlipwayError('SLIP_CLI_PORT_BUSY', { host, port }, { cause: error });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new SlipwayError('SLIP_CLI_PORT_DENIED', { host, port }, { cause: error });
  }
  return error;
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

/** A descriptor that can not be listened on is a mistake of whoever handed it over. */
function inheritedError(error: unknown, fd: number): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const why = `descriptor ${fd} can not be listened on (${error.message}); the unit needs ListenStream= and Accept=no`;
  return new SlipwayError('SLIP_SOCKET_ACTIVATION', { why }, { cause: error });
}
