/** What the flags of `slipway deploy` take, and as what it reaches the files. */
import { isIP } from 'node:net';
import { posix } from 'node:path';
import { domainToASCII } from 'node:url';
import { SlipwayError } from '../protocol/coded-error.ts';
import { parseAuthority } from '../transport/http/authority.ts';
import { DEFAULT_NAME, deploymentNameProblem, isTaken } from './deployment-name.ts';
import { isAtLeast, type NginxVersion, nginxVersion, OLDEST } from './nginx/version.ts';
import { isFolderOfService, isHiddenFromService } from './service-path.ts';

function refused(flag: string, takes: string, given: string): SlipwayError {
  const shown = given.length > 60 ? `${given.slice(0, 60)}...` : given;
  return new SlipwayError('SLIP_CLI_USAGE', { why: `--${flag} takes ${takes}, not '${shown}'` });
}

/** Texts go into files of four languages and into command lines; what needs quoting in any of them is refused. */
function matching(flag: string, given: string, pattern: RegExp, takes: string): string {
  if (!pattern.test(given)) throw refused(flag, takes, given);
  return given;
}

/** Of a host name. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const PATH = /^\/[\w./@+-]*$/;

export function domainOf(given: string | undefined): string {
  if (given === undefined) {
    const why = 'slipway deploy needs the host name that clients connect to, such as --domain mcp.example.com';
    throw new SlipwayError('SLIP_CLI_USAGE', { why });
  }
  const ascii = /^[^/:@\s]+$/.test(given) ? domainToASCII(given.toLowerCase()) : '';
  const isName = ascii.length > 0 && ascii.length <= 253 && ascii.split('.').every(label => LABEL.test(label));
  if (!isName || isIP(ascii) !== 0 || isTaken(ascii))
    throw refused('domain', 'a host name such as mcp.example.com', given);
  return ascii;
}

export function integerOf(flag: string, given: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw refused(flag, `a whole number from ${least} to ${most}`, given);
}

export function pathOf(flag: string, given: string): string {
  const path = posix.normalize(matching(flag, given, PATH, 'an absolute path of letters, digits and . _ / @ + -'));
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}

/** What the service reads: its confinement hides homes and the like, and it does not start then. */
export function visiblePathOf(flag: string, given: string, such: string): string {
  const path = pathOf(flag, given);
  if (isHiddenFromService(path)) throw refused(flag, `a path that the service can see, such as ${such}`, given);
  return path;
}

const PLACE = '/srv/mcp-server';

export function directoryOf(given: string | undefined, name: string): string {
  if (given === undefined) return PLACE;
  const path = visiblePathOf('dir', given, PLACE);
  if (path !== '/' && !isFolderOfService(path, name)) return path;
  throw refused('dir', `a folder that is for the server alone, such as ${PLACE}`, given);
}

export function userOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const takes = 'the name of a user with no rights, such as mcp';
  if (given === 'root') throw refused('user', takes, given);
  return matching('user', given, /^[a-z_][a-z0-9_-]{0,30}$/, takes);
}

export function backendsOf(given: string | undefined, port: number): readonly string[] {
  if (given === undefined) return [`127.0.0.1:${port}`];
  const backends = given.split(',').map(part => part.trim());
  for (const backend of backends) {
    const { name, port: own } = parseAuthority(backend) ?? {};
    const isSafe =
      name !== undefined && /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(name) && Number(own) >= 1 && Number(own) <= 65_535;
    if (!isSafe) throw refused('backend', 'addresses such as 10.0.0.5:8087', backend);
  }
  return backends;
}

export function versionOf(given: string | undefined): NginxVersion | undefined {
  if (given === undefined) return undefined;
  const version = nginxVersion(given);
  if (version === undefined) throw refused('nginx-version', 'a version such as 1.22.1', given);
  if (!isAtLeast(version, OLDEST)) throw refused('nginx-version', `${OLDEST} or later`, given);
  return version;
}

const PART = '[a-z0-9]+(?:[._-]+[a-z0-9]+)*';
const IMAGE = new RegExp(`^${PART}(?::\\d+)?(?:/${PART})*(?::\\w[\\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$`);

export function imageOf(given: string | undefined, name: string): string {
  if (given === undefined) return `registry.example.com/${name}:1.0.0`;
  const takes = 'an image such as registry.example.com/mcp-server:1.0.0';
  // YAML would take it for something else than text.
  if (isTaken(given) || /^[\d.e]+$/.test(given)) throw refused('image', takes, given);
  return matching('image', given, IMAGE, takes);
}

export function serverFileOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const relative = given.replace(/^\.\//, '');
  return matching(
    'server',
    relative,
    /^[\w][\w./@+-]*$/,
    'a file below the folder of the server, such as src/server.ts',
  );
}

export function nameOf(given: string | undefined): string {
  const name = given ?? DEFAULT_NAME;
  const problem = deploymentNameProblem(name);
  if (problem !== undefined) throw refused('name', problem, name);
  return name;
}
