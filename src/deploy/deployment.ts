/** What is deployed where: what all generated files are made from. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { DEFAULT_LIMITS } from '../transport/http/limits.ts';
import {
  backendsOf,
  directoryOf,
  domainOf,
  imageOf,
  integerOf,
  nameOf,
  pathOf,
  serverFileOf,
  userOf,
  versionOf,
  visiblePathOf,
} from './deployment-values.ts';
import type { NginxVersion } from './nginx/version.ts';

export interface Deployment {
  /** The public host name: `mcp.example.com`. */
  readonly domain: string;
  /** Of units, images and Kubernetes objects: `mcp-server` (deployment-name.ts). */
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

/** @throws SlipwayError `SLIP_CLI_USAGE` */
export function deploymentOf(given: DeploymentTexts): Deployment {
  const domain = domainOf(given.domain);
  const name = nameOf(given.name);
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
    directory: directoryOf(given.dir, name),
    serverFile: serverFileOf(given.server),
    user: userOf(given.user),
    node: visiblePathOf('node', given.node ?? '/usr/bin/node', '/usr/bin/node'),
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
