/** Rules on the certificate that a site shows. */
import type { Rule } from '../../finding.ts';
import { certificateCovers } from '../certificate.ts';
import type { NginxConfiguration } from '../configuration.ts';
import { inSites, placeOf } from '../site-rule.ts';
import { snippetFor } from '../snippet.ts';

const CERTBOT =
  'sudo certbot certonly --webroot -w /var/www/html -d mcp.example.com, and its folder below /etc/letsencrypt/live';

/** Names that a certificate can be for; not patterns. */
function hostsOf(names: readonly string[]): string[] {
  return names.filter(name => /^[\w-]+(\.[\w-]+)+$/.test(name));
}

export const CERTIFICATE_RULES: readonly Rule<NginxConfiguration>[] = [
  {
    id: 'nginx-certificate-chain',
    severity: 'fault',
    what: 'The certificate is sent without its chain',
    why: 'Clients do not fetch what is missing: most browsers cope, Claude does not.',
    fix: snippetFor(5),
    find: inSites(({ scope }) =>
      scope
        .all('ssl_certificate')
        .filter(({ args: [path = ''] }) => /\/live\/[^/]+\/cert\.pem$/.test(path))
        .map(directive => placeOf(directive)),
    ),
  },
  {
    id: 'nginx-certificate-name',
    severity: 'fault',
    what: 'The certificate is not for {detail}',
    why: 'Clients refuse the connection.',
    fix: CERTBOT,
    find: inSites(({ scope, names }) =>
      scope
        .all('ssl_certificate')
        .filter(({ args: [path = ''] }) => certificateCovers(path, hostsOf(names)) === false)
        .map(directive => placeOf(directive, hostsOf(names).join(', '))),
    ),
  },
  {
    id: 'nginx-certificate-folder',
    severity: 'advice',
    what: 'The certificate is that of {detail}',
    why: 'A certificate of a domain does not cover the names below it, unless it was asked for them or for *: clients refuse the connection. (It can not be read here, so nobody has looked.)',
    fix: CERTBOT,
    find: inSites(({ scope, names }) => {
      const hosts = hostsOf(names);
      return scope
        .all('ssl_certificate')
        .filter(({ args: [path = ''] }) => certificateCovers(path, hosts) === undefined)
        .map(
          directive =>
            [directive, /\/letsencrypt\/live\/([^/]+?)(?:-\d{4})?\//.exec(directive.args[0] ?? '')?.[1]] as const,
        )
        .filter(([, owner]) => owner !== undefined && hosts.length > 0 && !hosts.includes(owner))
        .map(([directive, owner]) => placeOf(directive, `${owner}, and the server is ${hosts.join(', ')}`));
    }),
  },
];
