/** What is deployed where: what all generated files are made from. */
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { SlipwayError } from '../protocol/coded-error.ts';
import { parseAuthority } from '../transport/http/authority.ts';
import { DEFAULT_LIMITS } from '../transport/http/limits.ts';
import { isAtLeast, type NginxVersion, nginxVersion, OLDEST } from './nginx/version.ts';

export interface Deployment {
  /** The public host name: `mcp.example.com`. */
  readonly domain: string;
  /** Of units, images and Kubernetes objects: `mcp-server`. */
  readonly name: string;
  /** Where the server listens. */
  readonly port: number;
  /** The folder of the server, with its node_modules: `/srv/mcp-server`. */
  readonly directory: string;
  /** Relative to the folder; undefined for the usual names. */
  readonly serverFile: string | undefined;
  /** The user of the service; undefined for one that systemd makes up. */
  readonly user: string | undefined;
  /** The path of Node. */
  readonly node: string;
  /** Where the front finds the server: `127.0.0.1:8087`. */
  readonly backends: readonly string[];
  /** Undefined for a file that every nginx from 1.18 on takes. */
  readonly nginxVersion: NginxVersion | undefined;
  readonly certificate: string;
  readonly certificateKey: string;
  /** Whether the certificate comes from certbot, which the commands then run. */
  readonly certbot: boolean;
  /** The folder that port 80 serves `/.well-known/acme-challenge/` from. */
  readonly acmeRoot: string;
  readonly maxBodyBytes: number;
  /** Of the container: `registry.example.com/mcp-server:1.0.0`. */
  readonly image: string;
}

/** As it is given on the command line: the names of the flags, without dashes. */
export interface DeploymentTexts {
  readonly domain?: string | undefined;
  readonly name?: string | undefined;
  readonly port?: string | undefined;
  readonly dir?: string | undefined;
  readonly server?: string | undefined;
  readonly user?: string | undefined;
  readonly node?: string | undefined;
  /** Separated by commas. */
  readonly backend?: string | undefined;
  readonly 'nginx-version'?: string | undefined;
  readonly certificate?: string | undefined;
  readonly 'certificate-key'?: string | undefined;
  readonly 'acme-root'?: string | undefined;
  readonly 'max-body-bytes'?: string | undefined;
  readonly image?: string | undefined;
}

function refused(flag: string, takes: string, given: string): SlipwayError {
  const shown = given.length > 60 ? `${given.slice(0, 60)}...` : given;
  return new SlipwayError('SLIP_CLI_USAGE', { why: `--${flag} takes ${takes}, not '${shown}'` });
}

/** Texts go into files of four languages and into command lines; what needs quoting in any of them is refused. */
function matching(flag: string, given: string, pattern: RegExp, takes: string): string {
  if (!pattern.test(given)) throw refused(flag, takes, given);
  return given;
}

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const PATH = /^\/[\w./@+-]*$/;

function domainOf(given: string | undefined): string {
  if (given === undefined) {
    const why = 'slipway deploy needs the host name that clients connect to, such as --domain mcp.example.com';
    throw new SlipwayError('SLIP_CLI_USAGE', { why });
  }
  const ascii = /^[^/:@\s]+$/.test(given) ? domainToASCII(given.toLowerCase()) : '';
  const isName = ascii.length > 0 && ascii.length <= 253 && ascii.split('.').every(label => LABEL.test(label));
  if (!isName || isIP(ascii) !== 0) throw refused('domain', 'a host name such as mcp.example.com', given);
  return ascii;
}

function integerOf(flag: string, given: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw refused(flag, `a whole number from ${least} to ${most}`, given);
}

function pathOf(flag: string, given: string): string {
  const path = matching(flag, given, PATH, 'an absolute path of letters, digits and . _ / @ + -');
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function backendsOf(given: string | undefined, port: number): readonly string[] {
  if (given === undefined) return [`127.0.0.1:${port}`];
  const backends = given.split(',').map(part => part.trim());
  for (const backend of backends) {
    const { name, port: own } = parseAuthority(backend) ?? {};
    const isSafe = name !== undefined && /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/.test(name) && own !== undefined;
    if (!isSafe || Number(own) > 65_535) throw refused('backend', 'addresses such as 10.0.0.5:8087', backend);
  }
  return backends;
}

function versionOf(given: string | undefined): NginxVersion | undefined {
  if (given === undefined) return undefined;
  const version = nginxVersion(given);
  if (version === undefined) throw refused('nginx-version', 'a version such as 1.22.1', given);
  if (!isAtLeast(version, OLDEST)) throw refused('nginx-version', `${OLDEST} or later`, given);
  return version;
}

function imageOf(given: string | undefined, name: string): string {
  if (given === undefined) return `registry.example.com/${name}:1.0.0`;
  return matching('image', given, /^[a-z0-9][\w./:@-]*$/, 'an image such as registry.example.com/mcp-server:1.0.0');
}

function serverFileOf(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const relative = given.replace(/^\.\//, '');
  return matching(
    'server',
    relative,
    /^[\w][\w./@+-]*$/,
    'a file below the folder of the server, such as src/server.ts',
  );
}

/** @throws SlipwayError `SLIP_CLI_USAGE` */
export function deploymentOf(given: DeploymentTexts): Deployment {
  const domain = domainOf(given.domain);
  const name = matching('name', given.name ?? 'mcp-server', LABEL, 'lower-case letters, digits and dashes');
  const port = given.port === undefined ? 8087 : integerOf('port', given.port, 1, 65_535);
  const { certificate, 'certificate-key': key } = given;
  if ((certificate === undefined) !== (key === undefined)) {
    throw new SlipwayError('SLIP_CLI_USAGE', { why: '--certificate and --certificate-key are given together' });
  }
  const live = `/etc/letsencrypt/live/${domain}`;
  return {
    domain,
    name,
    port,
    directory: pathOf('dir', given.dir ?? '/srv/mcp-server'),
    serverFile: serverFileOf(given.server),
    user:
      given.user === undefined
        ? undefined
        : matching('user', given.user, /^[a-z_][a-z0-9_-]{0,30}$/, 'the name of a user, such as mcp'),
    node: pathOf('node', given.node ?? '/usr/bin/node'),
    backends: backendsOf(given.backend, port),
    nginxVersion: versionOf(given['nginx-version']),
    certificate: pathOf('certificate', certificate ?? `${live}/fullchain.pem`),
    certificateKey: pathOf('certificate-key', key ?? `${live}/privkey.pem`),
    certbot: certificate === undefined,
    acmeRoot: pathOf('acme-root', given['acme-root'] ?? '/var/www/html'),
    maxBodyBytes:
      given['max-body-bytes'] === undefined
        ? DEFAULT_LIMITS.maxBodyBytes
        : integerOf('max-body-bytes', given['max-body-bytes'], 1, 2 ** 40),
    image: imageOf(given.image, name),
  };
}

/** What every front and every unit agree on. */
export function publicUrlOf({ domain }: Deployment): string {
  return `https://${domain}`;
}
