/** The flags of `slipway doctor`. */
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { Flag, FlagValues } from '../command.ts';

export const DOCTOR_FLAGS: readonly Flag[] = [
  {
    name: 'profile',
    value: 'client',
    list: true,
    summary: 'for whose sake: claude, claude-code, chatgpt, cursor, vscode, inspector or all (default: claude)',
  },
  {
    name: 'bearer',
    value: 'token',
    summary: 'access token, sent to the host of the URL only; @file or - reads it from there',
  },
  {
    name: 'header',
    value: 'name: value',
    repeated: true,
    summary: 'further header of MCP requests, sent to that host only',
  },
  { name: 'write', summary: 'allow probes that leave something behind or add load: registrations, calls, bursts' },
  { name: 'allow-private', summary: 'allow addresses of this machine and of private networks' },
  { name: 'ca', value: 'file', summary: 'certificates (PEM) to trust beside the usual ones' },
  { name: 'connect-to', value: 'host:port:addr:port', repeated: true, summary: 'connect there instead, as in curl' },
  { name: 'dns', value: 'server', summary: "name server, address or address:port (default: the system's)" },
  { name: 'timeout', value: 'seconds', summary: 'how long one answer may take (default: 10, as Claude waits)' },
  {
    name: 'log',
    value: 'file',
    repeated: true,
    summary: 'read an access log (nginx combined or Slipway, also .gz; - for standard input): did Claude ever arrive?',
  },
  { name: 'json', summary: 'as JSON, for programs' },
  { name: 'junit', summary: 'as JUnit XML, for CI' },
  { name: 'explain', value: 'row', summary: 'print all about one row of the catalogue, and examine nothing' },
  { name: 'list', summary: 'print the catalogue, and examine nothing' },
];

/** @throws SlipwayError `SLIP_CLI_USAGE` */
export function isOn(values: FlagValues, name: string): boolean {
  const text = values[name];
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw new SlipwayError('SLIP_CLI_USAGE', { why: `--${name} takes true or false` });
}
