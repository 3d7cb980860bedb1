/** Rules on how clients get in: names, certificates, TLS, the way from http to https. */

import type { Rule } from '../../finding.ts';
import type { NginxConfiguration, SiteServer } from '../configuration.ts';
import { locationsOf } from '../locations.ts';
import type { Scope } from '../scope.ts';
import { inSites, placeOf } from '../site-rule.ts';
import { snippetFor } from '../snippet.ts';
import { TLS_CIPHERS, TLS_PROTOCOLS } from '../tls.ts';
import { HTTP2_DIRECTIVE, isAtLeast } from '../version.ts';

const WEAK = /(^|[-+:])(RC4|3DES|DES|MD5|NULL|EXPORT|EXP|aNULL|eNULL|ADH|AECDH|CBC|SHA1?)($|[-+:])/i;

/** Whether a list of ciphers lets a weak one in; the parts that it takes out again do not count. */
function isWeak(list: string): boolean {
  return list.split(':').some(part => !/^[!-]/.test(part) && WEAK.test(part));
}

function portsOf(scope: Scope): string[] {
  return scope.own('listen').map(({ args: [address = ''] }) => /(?::|^)(\d+)$/.exec(address)?.[1] ?? '80');
}

/** The servers on port 80 for one of the names of a site. */
function plainServersFor(site: SiteServer, { servers }: NginxConfiguration): SiteServer[] {
  return servers.filter(
    ({ scope, tls, names }) =>
      (!tls || portsOf(scope).includes('80')) &&
      (portsOf(scope).includes('80') || scope.own('listen').length === 0) &&
      (names.length === 0 || names.includes('_') || names.some(name => site.names.includes(name))),
  );
}

/** What a server does with every request: `return 308 https://...`. */
function redirectsOf(scope: Scope) {
  const scopes = [scope, ...locationsOf(scope).map(({ scope: inside }) => inside)];
  return scopes
    .flatMap(one => one.own('return'))
    .filter(({ args: [code = '', target = ''] }) => /^30[1278]$/.test(code) && target.startsWith('https:'));
}

export const TLS_RULES: readonly Rule<NginxConfiguration>[] = [
  {
    id: 'nginx-tls',
    severity: 'fault',
    what: 'No server speaks TLS',
    why: 'Claude connects to https URLs on port 443 only, and tokens do not belong on the open network.',
    fix: 'listen 443 ssl http2; with ssl_certificate and ssl_certificate_key',
    find: inSites(({ directive, tls }) => (tls ? undefined : placeOf(directive))),
  },
  {
    id: 'nginx-tls-protocols',
    severity: 'fault',
    what: 'TLS is not limited to 1.2 and 1.3 ({detail})',
    why: 'TLS 1.0 and 1.1 are broken, and nginx offers them by itself up to 1.27.2; before 1.23.4 it does not offer 1.3.',
    fix: `ssl_protocols ${TLS_PROTOCOLS.join(' ')};`,
    find: inSites(({ directive, scope, tls }) => {
      if (!tls) return undefined;
      const set = scope.one('ssl_protocols');
      if (set === undefined) return placeOf(directive, 'no ssl_protocols');
      const old = set.args.filter(name => /^(SSLv[23]|TLSv1(\.1)?)$/.test(name));
      if (old.length > 0) return placeOf(set, old.join(' '));
      return set.args.includes('TLSv1.3') ? undefined : placeOf(set, 'without TLSv1.3');
    }),
  },
  {
    id: 'nginx-tls-ciphers',
    severity: 'advice',
    what: 'Weak ciphers are offered ({detail})',
    why: 'By itself nginx offers suites without forward secrecy and with CBC to clients of TLS 1.2.',
    fix: `ssl_ciphers ${TLS_CIPHERS.join(':')};`,
    find: inSites(({ directive, scope, tls }) => {
      if (!tls) return undefined;
      const set = scope.one('ssl_ciphers');
      if (set === undefined) return placeOf(directive, 'no ssl_ciphers');
      return isWeak(set.args.join(':')) ? placeOf(set, set.args.join(':').slice(0, 80)) : undefined;
    }),
  },
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
    what: 'The certificate is that of {detail}',
    why: 'A certificate of a domain does not cover the names below it, unless it was asked for them or for *: clients refuse the connection.',
    fix: 'sudo certbot certonly --webroot -w /var/www/html -d mcp.example.com, and its folder below /etc/letsencrypt/live',
    find: inSites(({ scope, names }) => {
      const hosts = names.filter(name => /^[\w-]+(\.[\w-]+)+$/.test(name));
      return scope
        .all('ssl_certificate')
        .map(
          directive =>
            [directive, /\/letsencrypt\/live\/([^/]+?)(?:-\d{4})?\//.exec(directive.args[0] ?? '')?.[1]] as const,
        )
        .filter(([, owner]) => owner !== undefined && hosts.length > 0 && !hosts.includes(owner))
        .map(([directive, owner]) => placeOf(directive, `${owner}, and the server is ${hosts.join(', ')}`));
    }),
  },
  {
    id: 'nginx-port',
    severity: 'fault',
    what: 'TLS is on port {detail}, not on 443',
    why: 'Claude connects to port 443 only.',
    fix: 'listen 443 ssl http2;',
    find: inSites(({ scope, tls }) => {
      const secure = scope.own('listen').filter(({ args }) => args.includes('ssl'));
      const ports = portsOf(scope);
      if (!tls || secure.length === 0 || ports.includes('443')) return undefined;
      return placeOf(secure[0]!, ports.join(', '));
    }),
  },
  {
    id: 'nginx-http2',
    severity: 'advice',
    what: 'HTTP/2 is off',
    why: 'With HTTP/1.1 each open stream takes a connection of its own, and browsers allow six.',
    fix: `listen 443 ssl http2; or, from nginx ${HTTP2_DIRECTIVE} on, http2 on;`,
    find: inSites(({ directive, scope, tls }) => {
      const on = scope.own('listen').some(({ args }) => args.includes('http2')) || scope.value('http2') === 'on';
      return !tls || on ? undefined : placeOf(directive);
    }),
  },
  {
    id: 'nginx-http2-parameter',
    severity: 'advice',
    what: "HTTP/2 is turned on by a parameter of 'listen'",
    why: `From nginx ${HTTP2_DIRECTIVE} on it has a directive of its own, and nginx warns of the parameter at each start.`,
    fix: 'listen 443 ssl; and http2 on;',
    find: inSites(({ scope }, { version }) => {
      if (!isAtLeast(version, HTTP2_DIRECTIVE)) return undefined;
      const first = scope.own('listen').find(({ args }) => args.includes('http2'));
      return first === undefined ? undefined : placeOf(first);
    }),
  },
  {
    id: 'nginx-http-redirect',
    severity: 'advice',
    what: 'Nothing leads from http to https',
    why: 'Who types the name without https gets the page of another server, or none.',
    fix: snippetFor(8),
    find: inSites((site, configuration) => {
      if (!site.tls) return undefined;
      const plain = plainServersFor(site, configuration);
      return plain.some(({ scope }) => redirectsOf(scope).length > 0) ? undefined : placeOf(site.directive);
    }),
  },
  {
    id: 'nginx-redirect-method',
    severity: 'fault',
    what: 'http is redirected to https with {detail}',
    why: 'Clients repeat a POST as a GET then, and loop or fail without a word.',
    fix: snippetFor(8),
    find: inSites((site, configuration) =>
      plainServersFor(site, configuration)
        .flatMap(({ scope }) => redirectsOf(scope))
        .filter(({ args: [code] }) => code === '301' || code === '302')
        .map(directive => placeOf(directive, directive.args[0])),
    ),
  },
  {
    id: 'nginx-acme',
    severity: 'advice',
    what: 'Nothing answers the certificate authority on port 80',
    why: "The certificate is one of Let's Encrypt, and its renewal asks at /.well-known/acme-challenge/: a proxied or redirected path answers something else, and the site goes dark after 90 days. (Renewals by DNS need nothing here.)",
    fix: 'location ^~ /.well-known/acme-challenge/ { root /var/www/html; } in the server on port 80',
    find: inSites((site, configuration) => {
      const certificate = site.scope
        .all('ssl_certificate')
        .find(({ args: [path = ''] }) => path.includes('/letsencrypt/'));
      if (certificate === undefined) return undefined;
      const answers = [site, ...plainServersFor(site, configuration)].some(({ scope }) =>
        locationsOf(scope).some(({ pattern }) => pattern.includes('acme-challenge')),
      );
      return answers ? undefined : placeOf(certificate);
    }),
  },
];
