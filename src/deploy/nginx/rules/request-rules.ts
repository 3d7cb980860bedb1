/** Rules on what becomes of a request on its way to the server: its path, its headers, its size, its limits. */
import { DEFAULT_LIMITS } from '../../../transport/http/limits.ts';
import type { Rule } from '../../finding.ts';
import { isSignIn, MCP_PATHS, type NginxConfiguration, pathOf } from '../configuration.ts';
import type { Directive } from '../directives.ts';
import { locationsOf, matchesPattern, passingLocationFor, redirectsToSlash } from '../locations.ts';
import { type Scope, within } from '../scope.ts';
import { bytesOf, inPasses, inSites, placeOf } from '../site-rule.ts';
import { snippetFor } from '../snippet.ts';

const REWRITES = new Set(['return', 'rewrite']);

/** The paths that users type. */
const TYPED_PATHS = MCP_PATHS.filter(path => path !== '/');

/** Whether a `rewrite` sends clients away, rather than to another location. */
function redirects({ args: [, target = '', flag = ''] }: Directive): boolean {
  return ['redirect', 'permanent'].includes(flag) || /^(https?:|\$scheme)/.test(target);
}

/** What the server itself does to requests, before any location sees them. */
function beforeLocations(scope: Scope): { readonly directive: Directive; readonly what: string } | undefined {
  const [answer] = scope.own('return');
  if (answer !== undefined) return { directive: answer, what: 'nginx answers every request itself' };
  for (const directive of scope.own('rewrite').filter(redirects)) {
    const path = TYPED_PATHS.find(one => matchesPattern(directive.args[0] ?? '', one));
    if (path !== undefined) return { directive, what: `${path} is redirected` };
  }
  return undefined;
}

export const REQUEST_RULES: readonly Rule<NginxConfiguration>[] = [
  {
    id: 'nginx-no-proxy',
    severity: 'fault',
    what: 'No server block passes requests on',
    why: 'nginx answers from its own files then. (A piece that is included somewhere is checked with the file that includes it.)',
    fix: snippetFor(7),
    find: ({ sites }) => (sites.length > 0 ? [] : [{}]),
  },
  {
    id: 'nginx-path',
    severity: 'fault',
    what: '{detail}',
    why: 'Clients send POST to the URL that the user typed, with or without a slash at its end, and do not follow a redirect with it.',
    fix: snippetFor(7),
    find: inSites(({ scope, passes }) => {
      const before = beforeLocations(scope);
      if (before !== undefined) return placeOf(before.directive, before.what);
      const slash = redirectsToSlash(scope, '/mcp');
      if (slash !== undefined) {
        return placeOf(slash.directive, 'nginx redirects /mcp to /mcp/ because of a location that ends with a slash');
      }
      return TYPED_PATHS.flatMap(path => {
        const location = passingLocationFor(scope, path);
        const rewrite = location?.scope.directives.find(({ name }) => REWRITES.has(name));
        if (rewrite !== undefined) return placeOf(rewrite, `${path} does not reach the server as it is`);
        if (location !== undefined && location.scope.own('proxy_pass').length > 0) return [];
        return placeOf(passes[0]!.proxyPass, `${path} does not reach the server`);
      });
    }),
  },
  {
    id: 'nginx-path-rewritten',
    severity: 'advice',
    what: "A path stands behind the server in '{detail}'",
    why: 'nginx puts it in place of the part that the location matched: /mcp/ may become //, and sign-in metadata has other URLs than clients use.',
    fix: snippetFor(7),
    find: inPasses(({ proxyPass, location }) => {
      const path = pathOf(proxyPass);
      const stays = path === undefined || (path === '/' && location.pattern === '/');
      return stays ? undefined : placeOf(proxyPass, `proxy_pass ${proxyPass.args[0]}`);
    }),
  },
  {
    id: 'nginx-host',
    severity: 'fault',
    what: 'The server is not told the name that the client asked for',
    why: 'It gets the name of the upstream instead, which is none of its own: every request is refused with 403 or 421.',
    fix: snippetFor(19),
    find: inPasses(({ scope, proxyPass }) => {
      const host = scope.proxyHeader('Host');
      if (host === undefined) return placeOf(proxyPass);
      return host.args[1] === '$proxy_host' || host.args[1] === '' ? placeOf(host) : undefined;
    }),
  },
  {
    id: 'nginx-forwarded',
    severity: 'fault',
    what: '{detail} is not passed on',
    why: 'Every client seems to have the address of nginx, and to come over http: limits by address hit all at once, and sign-in metadata has the wrong URLs.',
    fix: snippetFor(57),
    find: inPasses(({ scope, proxyPass }) =>
      ['X-Forwarded-For', 'X-Forwarded-Proto']
        .filter(name => (scope.proxyHeader(name)?.args[1] ?? '') === '')
        .map(name => placeOf(proxyPass, name)),
    ),
  },
  {
    id: 'nginx-request-id',
    severity: 'advice',
    what: 'Requests have no id that both logs know',
    why: 'What a client reports can not be found in the logs of nginx and of the server together.',
    fix: 'proxy_set_header X-Request-Id $request_id;',
    find: inPasses(({ scope, proxyPass }) =>
      scope.proxyHeader('X-Request-Id') === undefined ? placeOf(proxyPass) : undefined,
    ),
  },
  {
    id: 'nginx-authorization',
    severity: 'fault',
    what: 'The Authorization header is taken out or replaced',
    why: 'The server sees no token, or always the same: clients sign in again and again.',
    fix: 'Remove the line; nginx passes the header on by itself',
    find: inPasses(({ scope }) => {
      const header = scope.proxyHeader('Authorization');
      return header === undefined || header.args[1] === '$http_authorization' ? undefined : placeOf(header);
    }),
  },
  {
    id: 'nginx-basic-auth',
    severity: 'fault',
    what: 'nginx asks for a user and a password',
    why: 'Clients of MCP do not send them, and their Authorization header is for the server.',
    fix: snippetFor(18),
    find: inPasses(({ scope }) => {
      const basic = scope.one('auth_basic');
      return basic === undefined || basic.args[0] === 'off' ? undefined : placeOf(basic);
    }),
  },
  {
    id: 'nginx-headers',
    severity: 'fault',
    what: 'Headers whose names have underscores or dots are dropped',
    why: 'In 2026-07-28, Mcp-Param-... headers repeat arguments of tools, which often have such names. The server refuses a call whose headers and body differ.',
    fix: 'ignore_invalid_headers off;',
    find: inSites(({ directive, scope }) => {
      const passes = scope.flag('ignore_invalid_headers') === 'off' || scope.flag('underscores_in_headers') === 'on';
      return passes ? undefined : placeOf(directive);
    }),
  },
  {
    id: 'nginx-body-size',
    severity: 'fault',
    what: 'Bodies of more than {detail} are refused',
    why: 'Calls with documents are larger, and the server takes 4 MiB (SLIPWAY_MAX_BODY_BYTES). The client sees 413.',
    fix: snippetFor(23),
    find: inPasses(({ scope, proxyPass }) => {
      const set = scope.one('client_max_body_size');
      const bytes = set === undefined ? 1024 ** 2 : (bytesOf(set.args[0] ?? '') ?? 0);
      if (bytes === 0 || bytes >= DEFAULT_LIMITS.maxBodyBytes) return undefined;
      return placeOf(set ?? proxyPass, set?.args[0] ?? '1m (the default)');
    }),
  },
  {
    id: 'nginx-retry',
    severity: 'fault',
    what: 'nginx sends a call that has failed to another server (non_idempotent)',
    why: 'A call may have been made already: it is made twice.',
    fix: 'Leave non_idempotent out of proxy_next_upstream',
    find: inPasses(({ scope }) => {
      const retry = scope.one('proxy_next_upstream');
      return retry?.args.includes('non_idempotent') ? placeOf(retry) : undefined;
    }),
  },
  {
    id: 'nginx-limit-shared',
    severity: 'fault',
    what: 'Calls are limited by {detail}',
    why: 'All users of Claude come from a few addresses and share the limit: it hits all of them at once, with 503 or 429.',
    fix: 'Limit calls by caller, in the server (SLIPWAY_RATE_LIMIT_PER_PRINCIPAL), and only the sign-in by address',
    find: inPasses(({ scope }) =>
      [...scope.all('limit_req'), ...scope.all('limit_conn')].map(directive => placeOf(directive, directive.name)),
    ),
  },
  {
    id: 'nginx-sign-in-limit',
    severity: 'advice',
    what: 'The sign-in is not limited',
    why: 'Passwords and codes may be tried as fast as the server answers, and clients registered without end.',
    fix: snippetFor(16),
    find: inSites(({ directive, scope }) => {
      const limited = locationsOf(scope).some(
        location => isSignIn(location) && location.scope.all('limit_req').length > 0,
      );
      return limited ? undefined : placeOf(directive);
    }),
  },
  {
    id: 'nginx-preflight',
    severity: 'fault',
    what: 'nginx answers {detail} itself',
    why: 'The preflight of a browser never reaches the server, which alone knows the origins, methods and headers to allow.',
    fix: 'Remove the if block',
    find: inSites(({ scope }) =>
      [...within(scope)]
        .filter(([{ name, args }]) => name === 'if' && /\$request_method/.test(args.join(' ')))
        .filter(
          ([{ args, block = [] }]) => /OPTIONS/.test(args.join(' ')) && block.some(({ name }) => name === 'return'),
        )
        .map(([directive]) => placeOf(directive, 'OPTIONS')),
    ),
  },
];
