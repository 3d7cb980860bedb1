/** What is served and where, before it is; and the errors of that which a user can mend. */
import { relative } from 'node:path';
import type { Configuration } from '../host/configuration/configuration.ts';
import { findServerFile } from '../host/server-file.ts';
import { SlipwayError } from '../protocol/coded-error.ts';

/** The path of the configured server file; of the usual ones where none is. */
export function serverFile({ server }: Configuration): string {
  return findServerFile(server === undefined ? undefined : relative('', server));
}

/**
 * The listening errors that a user can mend, as coded errors; anything else as it is.
 *
 * @param asked where, if the error itself does not say: the admin port is another one
 */
export function listeningError(error: unknown, asked: { host: string; port: number }): unknown {
  const { code, address: host = asked.host, port = asked.port } = error as NodeJS.ErrnoException & Partial<Listened>;
  if (code === 'EADDRINUSE') return new SlipwayError('SLIP_CLI_PORT_BUSY', { host, port }, { cause: error });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new SlipwayError('SLIP_CLI_PORT_DENIED', { host, port }, { cause: error });
  }
  return error;
}

interface Listened {
  readonly address: string;
  readonly port: number;
}

/** A descriptor that can not be listened on is a mistake of whoever handed it over. */
export function inheritedError(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const why = `a socket can not be listened on (${error.message}); the unit needs ListenStream= and Accept=no`;
  return new SlipwayError('SLIP_SOCKET_ACTIVATION', { why }, { cause: error });
}
