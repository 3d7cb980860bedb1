/** The options of an examination, from the texts of the flags. */
import { X509Certificate } from 'node:crypto';
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

function certificates(path: string): string {
  const text = fileText('ca', path);
  try {
    // Whatever is none would be passed over in silence.
    new X509Certificate(text);
    return text;
  } catch {
    throw usage(`--ca: ${path} holds no certificate (PEM)`);
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

/** What each request has of its own; a second one would be the fault that is found. */
const OWN_HEADERS =
  /^(host|connection|keep-alive|te|upgrade|expect|content-length|content-type|transfer-encoding|accept|accept-encoding|user-agent|origin|mcp-.*)$/i;

/** @param text `Name: value`; the value is not repeated in messages: it may be a secret */
function header(text: string): readonly [string, string] {
  const [, name, value] = /^([\w!#$%&'*+.^`|~-]+)\s*:\s*([\t\x20-\x7e\x80-\xff]*)$/.exec(text) ?? [];
  if (name === undefined) throw usage("--header takes 'Name: value'");
  if (OWN_HEADERS.test(name)) throw usage(`--header: ${name} is written by the doctor itself, as clients write it`);
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
  const headers = (repeated['header'] ?? []).map(header);
  if (values['bearer'] !== undefined && headers.some(([name]) => /^authorization$/i.test(name))) {
    throw usage('--bearer and --header Authorization both authenticate: give one of them');
  }
  const exchangeMs = values['timeout'] === undefined ? undefined : timeout(values['timeout']);
  return {
    url,
    clients: clientsIn(values),
    write: isOn(values, 'write'),
    allowPrivate: isOn(values, 'allow-private'),
    headers,
    connectTo: (repeated['connect-to'] ?? []).map(parseConnectTo),
    ...(values['bearer'] !== undefined && { bearer: bearer(values['bearer']) }),
    ...(ca !== undefined && { ca: certificates(ca) }),
    ...(dns !== undefined && { dns: nameServer(dns) }),
    ...(exchangeMs !== undefined && {
      limits: { exchangeMs, probeMs: exchangeMs * ANSWERS_PER_PROBE, runMs: exchangeMs * ANSWERS_PER_RUN },
    }),
  };
}
