/** Rules on how clients get in: TLS, the way from http to https. */

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

interface PlainServers {
  /** Those for every name. */
  readonly any: readonly SiteServer[];
  readonly byName: ReadonlyMap<string, readonly SiteServer[]>;
}

/** Looked up for each site, of which a machine may have thousands. */
const PLAIN = new WeakMap<NginxConfiguration, PlainServers>();

/** The servers on port 80. */
function plainServers(configuration: NginxConfiguration): PlainServers {
  const known = PLAIN.get(configuration);
  if (known !== undefined) return known;
  const any: SiteServer[] = [];
  const byName = new Map<string, SiteServer[]>();
  for (const server of configuration.servers) {
    const ports = portsOf(server.scope);
    if (!ports.includes('80') && ports.length > 0) continue;
    if (server.tls && ports.length === 0) continue;
    if (server.names.length === 0 || server.names.includes('_')) any.push(server);
    for (const name of server.names) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [server]);
      else known.push(server);
    }
  }
  const found = { any, byName };
  PLAIN.set(configuration, found);
  return found;
}

/** Those for one of the names of a site. */
function plainServersFor(site: SiteServer, configuration: NginxConfiguration): SiteServer[] {
  const { any, byName } = plainServers(configuration);
  return [...new Set([...any, ...site.names.flatMap(name => byName.get(name) ?? [])])];
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
      const on = scope.own('listen').some(({ args }) => args.includes('http2')) || scope.flag('http2') === 'on';
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
