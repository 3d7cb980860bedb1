/**
 * Refuses requests from browser pages that were not invited (MCP 2026-07-28, basic/transports/streamable-http, Security
 * Warning: an invalid Origin is answered 403). Clients that are no browsers send no Origin and are not asked.
 */
import { SlipwayError } from '../../protocol/coded-error.ts';
import { type Authority, covers, parseAuthority } from './authority.ts';
import type { HostGuard } from './host-guard.ts';
import { isLoopbackAddress, isLoopbackName } from './loopback.ts';

/** The pages of Claude, always allowed. */
export const CLAUDE_ORIGINS: readonly string[] = ['https://claude.ai', 'https://claude.com'];

const REMEMBERED = 64;
const ORIGIN = /^([a-z][a-z0-9+.-]*):\/\/([^/?#\\@]+)$/i;
const DEFAULT_PORTS: ReadonlyMap<string, string> = new Map([
  ['http', '80'],
  ['https', '443'],
]);

interface Origin {
  readonly scheme: string;
  readonly authority: Authority;
}

/** An origin with the scheme's own port left out. */
function parseOrigin(value: string): Origin | undefined {
  const match = ORIGIN.exec(value);
  if (match === null) return undefined;
  const scheme = match[1]!.toLowerCase();
  const authority = parseAuthority(match[2]!);
  if (authority === undefined) return undefined;
  return { scheme, authority: withoutDefaultPort(scheme, authority) };
}

function withoutDefaultPort(scheme: string, authority: Authority): Authority {
  return authority.port === DEFAULT_PORTS.get(scheme) ? { name: authority.name, port: undefined } : authority;
}

function serialize({ scheme, authority }: Origin): string {
  return `${scheme}://${authority.name}${authority.port === undefined ? '' : `:${authority.port}`}`;
}

export class OriginGuard {
  readonly #everything: boolean;
  readonly #origins = new Set<string>(CLAUDE_ORIGINS);
  readonly #hosts: Authority[] = [];
  readonly #hostGuard: HostGuard | undefined;
  /** Raw values that are allowed whatever the Host is. */
  readonly #acceptedOnLoopback = new Set<string>();
  readonly #acceptedElsewhere = new Set<string>();

  /**
   * @param allowedOrigins - beside Claude's own: origins (`https://app.example.com`, with its port if that is not the
   * scheme's own), host names (any scheme; any port unless one is named), `null` for opaque origins, `*` for everything
   * @param hostGuard - says whether a Host header is proven to be ours; without it every Host passed in counts as proven
   * @throws SlipwayError SLIP_INVALID_OPTION for an entry that is none of these
   */
  constructor(allowedOrigins: readonly string[] | undefined, hostGuard?: HostGuard) {
    this.#hostGuard = hostGuard;
    this.#everything = allowedOrigins?.includes('*') ?? false;
    for (const entry of allowedOrigins ?? []) {
      if (entry === '*') continue;
      if (entry === 'null') {
        this.#origins.add(entry);
        continue;
      }
      const origin = parseOrigin(entry.replace(/\/$/, ''));
      const host = parseAuthority(entry);
      if (origin !== undefined) this.#origins.add(serialize(origin));
      else if (host !== undefined) this.#hosts.push(host);
      else {
        const why = `'${entry}' is not an origin such as https://app.example.com`;
        throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'allowedOrigins', why });
      }
    }
  }

  /**
   * Whether a page of this origin may send requests. On a loopback address pages from `localhost`, `127.0.0.1` and
   * `[::1]` may, with any port. A page that this very server delivered (its origin is the Host header) may too, as far
   * as the Host is proven: an unproven one is what a rebinding page would send.
   *
   * @param origin - the Origin header, which is present
   * @param host - the Host header that the host guard let pass
   * @param localAddress - the address that the connection was accepted on; undefined when unknown
   */
  allows(origin: string, host: string | undefined, localAddress: string | undefined): boolean {
    if (this.#everything) return true;
    const onLoopback = isLoopbackAddress(localAddress);
    const accepted = onLoopback ? this.#acceptedOnLoopback : this.#acceptedElsewhere;
    if (accepted.has(origin)) return true;
    if (this.#isListed(origin, onLoopback)) {
      if (accepted.size < REMEMBERED) accepted.add(origin);
      return true;
    }
    if (host === undefined || this.#hostGuard?.guards(localAddress) === false) return false;
    return isSameHost(origin, host);
  }

  #isListed(value: string, onLoopback: boolean): boolean {
    if (value === 'null') return this.#origins.has(value);
    const origin = parseOrigin(value);
    if (origin === undefined) return false;
    if (this.#origins.has(serialize(origin))) return true;
    if (this.#hosts.some(host => covers(host, origin.authority))) return true;
    return onLoopback && DEFAULT_PORTS.has(origin.scheme) && isLoopbackName(origin.authority.name);
  }
}

function isSameHost(value: string, hostHeader: string): boolean {
  const origin = parseOrigin(value);
  const host = parseAuthority(hostHeader);
  if (origin === undefined || host === undefined || !DEFAULT_PORTS.has(origin.scheme)) return false;
  const { name, port } = withoutDefaultPort(origin.scheme, host);
  return origin.authority.name === name && origin.authority.port === port;
}
