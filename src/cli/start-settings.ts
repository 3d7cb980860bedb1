/** Stand-in until the configuration loader is wired: what `slipway start` reads from flags and environment. */
import { DEFAULT_HOST, DEFAULT_PORT, type ResponseMode } from '../host/serve.ts';
import { SlipwayError } from '../protocol/coded-error.ts';
import type { FlagValues } from './command.ts';

const RESPONSE_MODES: readonly ResponseMode[] = ['auto', 'json', 'sse'];

export interface StartSettings {
  readonly server: string | undefined;
  readonly port: number;
  readonly host: string;
  readonly responseMode: ResponseMode | undefined;
  readonly httpSse: boolean;
  readonly stateDir: string | undefined;
  readonly workers: number | 'auto' | undefined;
  readonly drainGraceMs: number;
  readonly lameDuckMs: number;
  readonly quiet: boolean;
}

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

export function startSettings(file: string | undefined, values: FlagValues): StartSettings {
  const { env } = process;
  const of = (flag: string) => values[flag] ?? env[`SLIPWAY_${flag.replaceAll('-', '_').toUpperCase()}`];
  const workers = of('workers');
  return {
    server: file,
    port: portOf(values['port']),
    host: hostOf(values['host']),
    responseMode: responseModeOf(values['response-mode']),
    httpSse: values['http-sse'] !== undefined,
    stateDir: of('state-dir'),
    workers: workers === undefined || workers === 'auto' ? workers : Number(workers),
    drainGraceMs: Number(of('drain-grace-ms') ?? 30_000),
    lameDuckMs: Number(of('lame-duck-ms') ?? 5_000),
    quiet: of('quiet') !== undefined,
  };
}
