/** The options of an examination, from the texts of the flags. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import type { Client } from '../../doctor/client.ts';
import type { ExaminationOptions } from '../../doctor/examination.ts';
import { parseConnectTo } from '../../doctor/network/connect-to.ts';
import { chosenClients } from '../../doctor/profiles.ts';
import { SlipwayError } from '../../protocol/coded-error.ts';
import type { FlagValues, RestOfLine } from '../command.ts';
import { isOn } from './doctor-flags.ts';

function usage(why: string): SlipwayError {
  return new SlipwayError('SLIP_CLI_USAGE', { why });
}

function fileText(flag: string, path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (error) {
    throw usage(`--${flag}: ${path} can not be read (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The token itself, or what `@file` and `-` lead to. */
function bearer(text: string): string {
  const token = (
    text === '-' ? fileText('bearer', '-') : text.startsWith('@') ? fileText('bearer', text.slice(1)) : text
  ).trim();
  // The token is not repeated.
  if (!/^[\x21-\x7e]+$/.test(token)) throw usage('--bearer takes a token: visible ASCII, no spaces');
  return token;
}

/** @param text `Name: value`; the value is not repeated in messages: it may be a secret */
function header(text: string): readonly [string, string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? [];
  if (name === undefined) throw usage("--header takes 'Name: value'");
  return [name, value!];
}

/** Seconds to milliseconds. */
function timeout(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0.1 && seconds <= 600)) throw usage(`--timeout takes seconds from 0.1 to 600, not '${text}'`);
  return Math.round(seconds * 1000);
}

function nameServer(text: string): string {
  const [, bracketed, bare] = /^(?:\[([^\]]+)\]|([^:]+))(?::\d{1,5})?$/.exec(text) ?? [];
  if (isIP(bracketed ?? bare ?? text) === 0)
    throw usage(`--dns takes an address, with a port or without, not '${text}'`);
  return text;
}

/** How much longer than one answer a probe and the whole run may take. */
const ANSWERS_PER_PROBE = 2.5;
const ANSWERS_PER_RUN = 18;

/**
 * `--profile`
 *
 * @throws SlipwayError `SLIP_CLI_USAGE`
 */
export function clientsIn({ profile }: FlagValues): readonly Client[] {
  return chosenClients(profile?.split(',').map(name => name.trim()));
}

/** @throws SlipwayError `SLIP_CLI_USAGE` */
export function doctorOptions(url: string, values: FlagValues, repeated: RestOfLine['repeated']): ExaminationOptions {
  const { ca, dns } = values;
  const exchangeMs = values['timeout'] === undefined ? undefined : timeout(values['timeout']);
  return {
    url,
    clients: clientsIn(values),
    write: isOn(values, 'write'),
    allowPrivate: isOn(values, 'allow-private'),
    headers: (repeated['header'] ?? []).map(header),
    connectTo: (repeated['connect-to'] ?? []).map(parseConnectTo),
    ...(values['bearer'] !== undefined && { bearer: bearer(values['bearer']) }),
    ...(ca !== undefined && { ca: fileText('ca', ca) }),
    ...(dns !== undefined && { dns: nameServer(dns) }),
    ...(exchangeMs !== undefined && {
      limits: { exchangeMs, probeMs: exchangeMs * ANSWERS_PER_PROBE, runMs: exchangeMs * ANSWERS_PER_RUN },
    }),
  };
}
