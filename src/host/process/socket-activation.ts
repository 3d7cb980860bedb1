/** Sockets that systemd (or another program) has opened for this process; sd_listen_fds(3). */
import { fstatSync } from 'node:fs';
import { SlipwayError } from '../../protocol/coded-error.ts';

/** Descriptors that are listened on already. */
export interface InheritedSockets {
  readonly http: number;
  readonly admin?: number;
}

const FIRST_FD = 3;
/** Names that a socket unit may give (FileDescriptorName=) for the endpoint. */
const HTTP_NAMES = ['http', 'mcp'];
const ADMIN_NAME = 'admin';

/**
 * The sockets in `$LISTEN_FDS`: the one named `http` or `mcp`, else the first, is for the endpoint; one named `admin`
 * for the admin listener. The variables are taken out of the environment: they are not for what this process starts.
 *
 * @param warn hears that the sockets are for another process, and so not used
 * @returns undefined when there are none for this process
 * @throws SlipwayError `SLIP_SOCKET_ACTIVATION`
 */
export function inheritedSockets(
  env: NodeJS.ProcessEnv = process.env,
  pid: number = process.pid,
  warn: (text: string) => void = () => {},
): InheritedSockets | undefined {
  const { LISTEN_FDS: fds, LISTEN_PID: forPid, LISTEN_FDNAMES: fdNames } = env;
  for (const name of ['LISTEN_FDS', 'LISTEN_PID', 'LISTEN_FDNAMES']) delete env[name];
  if (fds === undefined) return undefined;
  if (forPid === undefined || !/^\d+$/.test(forPid)) {
    throw fault(`LISTEN_PID is ${forPid === undefined ? 'not set' : `'${forPid}'`}, not a process id`);
  }
  if (Number(forPid) !== pid) {
    warn(
      `LISTEN_FDS is for process ${forPid}, and this is ${pid}: the sockets are not used. Start slipway without npx or a shell.`,
    );
    return undefined;
  }
  if (!/^\d{1,4}$/.test(fds) || Number(fds) < 1) throw fault(`LISTEN_FDS is '${fds}', not a number from 1`);
  const count = Number(fds);
  const names = fdNames === undefined ? [] : fdNames.split(':');
  if (fdNames !== undefined && names.length !== count) {
    throw fault(`LISTEN_FDNAMES has ${names.length} names ('${fdNames}') for ${count} sockets`);
  }
  const named = (wanted: readonly string[]) => names.findIndex(name => wanted.includes(name));
  const admin = named([ADMIN_NAME]);
  const http = named(HTTP_NAMES) >= 0 ? named(HTTP_NAMES) : admin === 0 ? 1 : 0;
  if (http >= count) throw fault(`the only socket is named '${ADMIN_NAME}'; another is needed for the endpoint`);
  // Clients of a socket that nobody serves would wait for ever.
  const used = admin >= 0 ? 2 : 1;
  if (count > used) {
    throw fault(`there are ${count}, and one is for the endpoint; only one named '${ADMIN_NAME}' may stand beside it`);
  }
  return {
    http: socketAt(http),
    ...(admin >= 0 && { admin: socketAt(admin) }),
  };
}

function socketAt(index: number): number {
  const fd = FIRST_FD + index;
  let isSocket: boolean;
  try {
    isSocket = fstatSync(fd).isSocket();
  } catch {
    throw fault(`descriptor ${fd} is not open`);
  }
  if (!isSocket) throw fault(`descriptor ${fd} is not a socket`);
  return fd;
}

function fault(why: string): SlipwayError {
  return new SlipwayError('SLIP_SOCKET_ACTIVATION', { why });
}
