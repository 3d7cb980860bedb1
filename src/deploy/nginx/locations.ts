/** Which location of a server answers a path (nginx: ngx_http_core_module, location). */
import type { Directive } from './directives.ts';
import { Scope } from './scope.ts';

export interface Location {
  readonly directive: Directive;
  readonly scope: Scope;
  /** `=`, `^~`, `~`, `~*`, `@` for a named one, or nothing for a prefix. */
  readonly modifier: string;
  readonly pattern: string;
}

function locationOf(directive: Directive, parent: Scope): Location {
  const [first = '', second] = directive.args;
  const scope = new Scope(directive.block ?? [], parent);
  if (second !== undefined) return { directive, scope, modifier: first, pattern: second };
  // `~^/a` without a blank is allowed too.
  const [, modifier = '', pattern = ''] = /^(=|\^~|~\*|~|@)?(.*)$/s.exec(first) ?? [];
  return { directive, scope, modifier, pattern };
}

/** Those of a scope, and those inside of them. */
export function locationsOf(scope: Scope): Location[] {
  return scope.own('location').flatMap(directive => {
    const location = locationOf(directive, scope);
    return [location, ...locationsOf(location.scope)];
  });
}

/** Whether a regular expression of nginx matches; PCRE that JavaScript does not know is taken for a match of nothing. */
export function matchesPattern(pattern: string, path: string, ignoresCase = false): boolean {
  const source = pattern.replace(/^\(\?i\)/, '');
  try {
    return new RegExp(source, ignoresCase || source !== pattern ? 'i' : '').test(path);
  } catch {
    return false;
  }
}

function matches({ modifier, pattern }: Location, path: string): boolean {
  return matchesPattern(pattern, path, modifier === '~*');
}

/** The one that answers a path; undefined where none does. */
export function locationFor(scope: Scope, path: string): Location | undefined {
  const candidates = scope.own('location').map(directive => locationOf(directive, scope));
  const exact = candidates.find(({ modifier, pattern }) => modifier === '=' && pattern === path);
  if (exact !== undefined) return exact;
  const prefix = candidates
    .filter(({ modifier, pattern }) => (modifier === '' || modifier === '^~') && path.startsWith(pattern))
    .reduce<Location | undefined>(
      (longest, one) => (longest === undefined || one.pattern.length > longest.pattern.length ? one : longest),
      undefined,
    );
  const nested = prefix === undefined ? undefined : locationFor(prefix.scope, path);
  if (nested !== undefined) return nested;
  if (prefix?.modifier === '^~') return prefix;
  return candidates.find(one => one.modifier.startsWith('~') && matches(one, path)) ?? prefix;
}

/** The same, where `try_files` hands a path that is no file on to a named location. */
export function passingLocationFor(scope: Scope, path: string): Location | undefined {
  const location = locationFor(scope, path);
  if (location === undefined || location.scope.own('proxy_pass').length > 0) return location;
  const next = location.scope.own('try_files')[0]?.args.at(-1) ?? '';
  if (!next.startsWith('@')) return location;
  const named = scope.own('location').map(directive => locationOf(directive, scope));
  return named.find(({ modifier, pattern }) => modifier === '@' && `@${pattern}` === next) ?? location;
}

/**
 * Whether nginx itself redirects `/mcp` to `/mcp/`: a prefix that ends with a slash and passes requests on, where nothing
 * else answers the path without it.
 */
export function redirectsToSlash(scope: Scope, path: string): Location | undefined {
  if (locationFor(scope, path)?.pattern === path) return undefined;
  return locationsOf(scope).find(
    ({ modifier, pattern, scope: inside }) =>
      (modifier === '' || modifier === '^~') && pattern === `${path}/` && inside.own('proxy_pass').length > 0,
  );
}
