/** Rules on CORS, which is for the server: it knows the origins, and sends each header once. */
import type { Place, Rule } from '../../finding.ts';
import type { NginxConfiguration } from '../configuration.ts';
import type { Directive } from '../directives.ts';
import type { Scope } from '../scope.ts';
import { inPasses, placeOf } from '../site-rule.ts';

/** What browser clients of either era send beyond what every page may. */
const REQUEST_HEADERS = ['MCP-Protocol-Version', 'Mcp-Session-Id', 'Mcp-Method', 'Mcp-Name'];
const EXPOSED_HEADERS = ['Mcp-Session-Id', 'WWW-Authenticate'];

const REMOVE = 'Remove every add_header Access-Control-... line: the server sends them itself';

/** The headers in effect that nginx adds. */
function added(scope: Scope, name: RegExp): Directive[] {
  return scope.all('add_header').filter(({ args: [header = ''] }) => name.test(header));
}

/** The names that a header lists, in lower case; undefined for *, or where there is none. */
function listed(
  scope: Scope,
  header: RegExp,
): { readonly at: Directive; readonly names: readonly string[] } | undefined {
  const [at] = added(scope, header);
  const value = at?.args[1] ?? '';
  if (at === undefined || value.includes('*') || value.includes('$')) return undefined;
  return { at, names: value.split(',').map(name => name.trim().toLowerCase()) };
}

function lacking(names: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter(name => !names.includes(name.toLowerCase()));
}

export const CORS_RULES: readonly Rule<NginxConfiguration>[] = [
  {
    id: 'nginx-cors',
    severity: 'fault',
    what: 'nginx adds {detail} to answers of a server that sends it itself',
    why: 'The header is there twice then, and a browser refuses an answer with two.',
    fix: REMOVE,
    find: inPasses(({ scope }): Place[] => {
      const hidden = scope.all('proxy_hide_header').map(({ args: [name = ''] }) => name.toLowerCase());
      return added(scope, /^access-control-allow-origin$/i)
        .filter(() => !hidden.includes('access-control-allow-origin'))
        .map(directive => placeOf(directive, directive.args[0]));
    }),
  },
  {
    id: 'nginx-cors-request-headers',
    severity: 'fault',
    what: 'Access-Control-Allow-Headers lacks {detail}',
    why: 'Browser clients send these with every request; the preflight fails, and the page sees no reason.',
    fix: REMOVE,
    find: inPasses(({ scope }) => {
      const list = listed(scope, /^access-control-allow-headers$/i);
      if (list === undefined) return undefined;
      const missing = lacking(list.names, REQUEST_HEADERS);
      return missing.length === 0 ? undefined : placeOf(list.at, missing.join(', '));
    }),
  },
  {
    id: 'nginx-cors-methods',
    severity: 'fault',
    what: 'Access-Control-Allow-Methods lacks DELETE',
    why: 'Clients of the 2025 era end their session with it.',
    fix: REMOVE,
    find: inPasses(({ scope }) => {
      const list = listed(scope, /^access-control-allow-methods$/i);
      return list === undefined || list.names.includes('delete') ? undefined : placeOf(list.at);
    }),
  },
  {
    id: 'nginx-cors-exposed-headers',
    severity: 'fault',
    what: 'Access-Control-Expose-Headers lacks {detail}',
    why: 'A page can not read its session id, nor where to sign in.',
    fix: REMOVE,
    find: inPasses(({ scope }) => {
      const [origin] = added(scope, /^access-control-allow-origin$/i);
      if (origin === undefined) return undefined;
      const header = /^access-control-expose-headers$/i;
      const [exposed] = added(scope, header);
      if (exposed === undefined) return placeOf(origin, EXPOSED_HEADERS.join(', '));
      const list = listed(scope, header);
      const missing = list === undefined ? [] : lacking(list.names, EXPOSED_HEADERS);
      return missing.length === 0 ? undefined : placeOf(exposed, missing.join(', '));
    }),
  },
];
