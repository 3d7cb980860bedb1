/** What a configuration of nginx says about passing on requests of MCP. */
import type { Directive } from './directives.ts';
import { type Location, locationsOf, passingLocationFor } from './locations.ts';
import { Scope, within } from './scope.ts';
import type { NginxVersion } from './version.ts';

/** The paths that clients of MCP ask for. */
export const MCP_PATHS = ['/mcp', '/mcp/', '/'] as const;

/** A server block that passes requests on. */
export interface SiteServer {
  readonly directive: Directive;
  readonly scope: Scope;
  readonly names: readonly string[];
  readonly tls: boolean;
  /** Where requests of MCP are passed on. */
  readonly passes: readonly Pass[];
}

export interface Pass {
  readonly location: Location;
  readonly scope: Scope;
  readonly proxyPass: Directive;
}

/** An include whose files were not found. */
export interface MissingInclude {
  readonly directive: Directive;
  readonly pattern: string;
}

function isTls(scope: Scope): boolean {
  return scope.own('listen').some(({ args }) => args.includes('ssl')) || scope.flag('ssl') === 'on';
}

function passOf(location: Location): Pass | undefined {
  const [proxyPass] = location.scope.own('proxy_pass');
  return proxyPass === undefined ? undefined : { location, scope: location.scope, proxyPass };
}

const SIGN_IN = /(authorize|token|register|oauth|login)/i;

export function isSignIn({ pattern }: Location): boolean {
  return SIGN_IN.test(pattern);
}

/** Those that answer the paths of MCP; where none does, all that are not for something else. */
function passesOf(scope: Scope): Pass[] {
  const answering = new Map<Directive, Pass>();
  for (const path of MCP_PATHS) {
    const location = passingLocationFor(scope, path);
    const pass = location === undefined ? undefined : passOf(location);
    if (pass !== undefined) answering.set(pass.location.directive, pass);
  }
  if (answering.size > 0) return [...answering.values()];
  const others = locationsOf(scope).filter(location => !isSignIn(location));
  return others.map(passOf).filter(pass => pass !== undefined);
}

export class NginxConfiguration {
  /** All server blocks of HTTP. */
  readonly servers: readonly SiteServer[];
  /** Those that pass requests of MCP on: over TLS, where any does. */
  readonly sites: readonly SiteServer[];
  readonly upstreams: ReadonlyMap<string, Scope>;
  readonly missing: readonly MissingInclude[];
  /** Of the nginx that it is for; undefined where nobody has said. */
  readonly version: NginxVersion | undefined;

  constructor(
    directives: readonly Directive[],
    missing: readonly MissingInclude[] = [],
    version: NginxVersion | undefined = undefined,
  ) {
    const root = new Scope(directives);
    // What passes on TCP as it is has servers too, which are no HTTP.
    const http = new Scope(root.directives.filter(({ name }) => name !== 'stream' && name !== 'mail'));
    const all = [...within(http)];
    // In an upstream, `server` is an address without a block.
    const blocks = all.filter(([{ name, block }]) => name === 'server' && block !== undefined);
    this.servers = blocks.map(([directive, parent]) => {
      const scope = new Scope(directive.block!, parent);
      const names = scope.own('server_name').flatMap(({ args }) => args);
      return { directive, scope, names, tls: isTls(scope), passes: passesOf(scope) };
    });
    const passing = this.servers.filter(({ passes }) => passes.length > 0);
    const secure = passing.filter(({ tls }) => tls);
    this.sites = secure.length > 0 ? secure : passing;
    this.upstreams = new Map(
      all
        .filter(([{ name }]) => name === 'upstream')
        .map(([{ args, block = [] }, parent]) => [args[0] ?? '', new Scope(block, parent)]),
    );
    this.missing = missing;
    this.version = version;
  }

  /** The upstream that a pass leads to; undefined for an address, or one that is in another file. */
  upstreamOf({ proxyPass }: Pass): Scope | undefined {
    return this.upstreams.get(hostOf(proxyPass));
  }
}

/** The host of a `proxy_pass`, without its port. */
export function hostOf({ args: [target = ''] }: Directive): string {
  const [, authority = ''] = /^\w+:\/\/([^/$]*)/.exec(target) ?? [];
  return authority.replace(/:\d+$/, '');
}

/** What a `proxy_pass` puts in place of the path; undefined where the path stays as it is. */
export function pathOf({ args: [target = ''] }: Directive): string | undefined {
  return /^\w+:\/\/[^/]+(\/.*)$/.exec(target)?.[1];
}
