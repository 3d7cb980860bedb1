import {
  DEFAULT_HOST,
  DEFAULT_PORT,
  GRACE_MS,
  type ResponseMode,
  type RunningServer,
  type ServeOptions,
  serve,
} from '../host/serve.ts';
import { findServerFile, loadServerFile } from '../host/server-file.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { FlagValues } from './command.ts';
import { nextSteps } from './next-steps.ts';
import { stateDirectory } from './state-directory.ts';
import { stopOnSignals } from './stop-signals.ts';

const RESPONSE_MODES: readonly ResponseMode[] = ['auto', 'json', 'sse'];

function portOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_PORT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--port takes a whole number from 0 to 65535, not '${text}'` });
}

function hostOf(text: string | undefined): string {
  if (text === undefined) return DEFAULT_HOST;
  if (/^[\w.:%-]+$/.test(text)) return text;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--host takes an address or a host name, not '${text}'` });
}

function responseModeOf(text: string | undefined): ResponseMode | undefined {
  if (text === undefined) return undefined;
  const mode = RESPONSE_MODES.find(known => known === text);
  if (mode !== undefined) return mode;
  const why = `--response-mode takes ${RESPONSE_MODES.join(', ')}, not '${text}'`;
  throw new SlipwayError('SLIP_CLI_USAGE', { why });
}

/** The listening errors that a user can mend, as coded errors; anything else as it is. */
function listeningError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new SlipwayError('SLIP_CLI_PORT_BUSY', { host, port }, { cause: error });
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new SlipwayError('SLIP_CLI_PORT_DENIED', { host, port }, { cause: error });
  }
  return error;
}

/**
 * `slipway start`: loads the server file, listens, prints where and what to do next. Returns once it listens.
 *
 * @param file the server file; undefined looks for the usual names in the current folder
 * @param values the texts of `--port`, `--host`, `--response-mode`, `--state-dir`, `--http-sse`
 * @throws SlipwayError `SLIP_CLI_*`
 */
export async function start(file: string | undefined, values: FlagValues): Promise<void> {
  const listening = { port: portOf(values['port']), host: hostOf(values['host']) };
  const responseMode = responseModeOf(values['response-mode']);
  const path = findServerFile(file);
  const stateDir = stateDirectory(values['state-dir'], path);
  const options: ServeOptions = { ...listening, responseMode, stateDir, httpSse: values['http-sse'] !== undefined };
  const { server, name } = await loadServerFile(path);
  let running: RunningServer;
  try {
    running = await serve(server, options);
  } catch (error) {
    throw listeningError(error, listening.host, listening.port);
  }
  stopOnSignals(running, GRACE_MS);
  process.stdout.write(nextSteps(name, running, stateDir));
}
