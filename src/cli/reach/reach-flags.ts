/** How a server is reached: the flags that `call` and `list` share. */
import { readFileSync } from 'node:fs';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { MODERN_REVISIONS, SUPPORTED_PROTOCOL_VERSIONS } from '../../protocol/revision.ts';
import type { Flag, FlagValues, RestOfLine } from '../command.ts';
import { switchValue } from '../switch-value.ts';

export const REACH_FLAGS: readonly Flag[] = [
  { name: 'bearer', value: 'token', summary: 'token to send, or @FILE that holds it (default: $SLIPWAY_BEARER)' },
  { name: 'header', value: 'name: value', summary: 'header to send; may be repeated', repeated: true },
  { name: 'timeout', value: 'seconds', summary: 'time for each answer of the server (default: 60)' },
  { name: 'revision', value: 'date', summary: 'protocol revision to speak (default: the newest that both know)' },
  { name: 'stdio', summary: 'the server is a command to start, quoted as one argument' },
];

export interface ReachSettings {
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly revision: string;
  readonly stdio: boolean;
}

const DEFAULT_TIMEOUT_SECONDS = 60;
const MAX_TIMEOUT_SECONDS = 2_147_483;

const usage = (why: string) => new SlipwayError('SLIP_CLI_USAGE', { why });

/** The text of a file without the line's end that editors add. @throws SlipwayError `SLIP_CLI_FILE_MISSING` */
export function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch (error) {
    throw new SlipwayError('SLIP_CLI_FILE_MISSING', { file: path }, { cause: error });
  }
}

/** From the environment or a file, because every user of a machine sees command lines. */
function bearerOf(given: string | undefined): string | undefined {
  const token = given?.startsWith('@') ? fileText(given.slice(1)) : (given ?? process.env['SLIPWAY_BEARER']);
  if (token === undefined || token === '') return undefined;
  // Never printed, so the message has nothing of it.
  if (!/^[\x21-\x7e]+$/.test(token)) throw usage('The bearer token has characters that a header can not carry');
  return token;
}

function headersOf(given: readonly string[], bearer: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of given) {
    const [, name, value] = /^\s*([!#$%&'*+\-.^_`|~\w]+)\s*:\s*(.*?)\s*$/s.exec(line) ?? [];
    // The value may be a secret.
    if (name === undefined || value === undefined) throw usage("--header takes 'Name: value'");
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw usage(`The header ${name} has characters that it can not carry`);
    headers[name.toLowerCase()] = value;
  }
  if (bearer === undefined) return headers;
  if (headers['authorization'] !== undefined) throw usage('Give either a bearer token or an Authorization header');
  return { ...headers, authorization: `Bearer ${bearer}` };
}

function timeoutOf(text: string | undefined): number {
  const seconds = text === undefined ? DEFAULT_TIMEOUT_SECONDS : Number(text.replace(/s$/, ''));
  if (seconds > 0 && seconds <= MAX_TIMEOUT_SECONDS) return seconds * 1_000;
  throw usage(`--timeout takes seconds, for example 2.5, not '${text}'`);
}

function revisionOf(text = 'auto'): string {
  const known = ['auto', ...MODERN_REVISIONS, ...SUPPORTED_PROTOCOL_VERSIONS];
  if (known.includes(text)) return text;
  throw usage(`--revision takes one of ${known.join(', ')}, not '${text}'`);
}

/** @throws SlipwayError `SLIP_CLI_USAGE`, `SLIP_CLI_FILE_MISSING` */
export function reachSettings(values: FlagValues, { repeated }: RestOfLine): ReachSettings {
  return {
    headers: headersOf(repeated['header'] ?? [], bearerOf(values['bearer'])),
    timeoutMs: timeoutOf(values['timeout']),
    revision: revisionOf(values['revision']),
    stdio: switchValue('stdio', values['stdio']) === true,
  };
}
