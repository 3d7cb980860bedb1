/**
 * Refuses requests whose Host header this server does not answer to, which is how a page in the user's browser reaches
 * a server on the user's machine (DNS rebinding; MCP 2026-07-28, basic/transports/streamable-http, Security Warning).
 */
import { SlipwayError } from '../../protocol/coded-error.ts';
import { type Authority, covers, parseAuthority } from './authority.ts';
import { isLoopbackAddress, isLoopbackName } from './loopback.ts';

/** Accepted header values that are remembered; a port scan must not grow it without bound. */
const REMEMBERED = 64;

export class HostGuard {
  readonly #entries: readonly Authority[] | undefined;
  readonly #everything: boolean;
  readonly #acceptedOnLoopback = new Set<string>();
  readonly #acceptedElsewhere = new Set<string>();

  /**
   * @param allowedHosts - host names, each with a port (only that one) or without (any), or `*` for everything. Without
   * a list the guard works on loopback addresses only; with one, on every address.
   * @throws SlipwayError SLIP_INVALID_OPTION for an entry that is no host name
   */
  constructor(allowedHosts: readonly string[] | undefined) {
    this.#everything = allowedHosts?.includes('*') ?? false;
    this.#entries = allowedHosts
      ?.filter(entry => entry !== '*')
      .map(entry => {
        const authority = parseAuthority(entry);
        if (authority !== undefined) return authority;
        const why = `'${entry}' is not a host name such as example.com, example.com:8443 or [::1]`;
        throw new SlipwayError('SLIP_INVALID_OPTION', { option: 'allowedHosts', why });
      });
  }

  /** Whether a Host header that passes on this address is proven to be one of ours, rather than just not looked at. */
  guards(localAddress: string | undefined): boolean {
    return !this.#everything && (this.#entries !== undefined || isLoopbackAddress(localAddress));
  }

  /**
   * Whether the request is to be refused. On a loopback address `localhost`, names below `.localhost` (which nobody can
   * register: RFC 6761, 6.3), `127.0.0.1` and `[::1]` pass with any port.
   *
   * @param host - the Host header; without one the request is refused wherever the guard works
   * @param localAddress - the address that the connection was accepted on; undefined when unknown
   */
  refusal(host: string | undefined, localAddress: string | undefined): boolean {
    if (!this.guards(localAddress)) return false;
    if (host === undefined) return true;
    const onLoopback = isLoopbackAddress(localAddress);
    const accepted = onLoopback ? this.#acceptedOnLoopback : this.#acceptedElsewhere;
    if (accepted.has(host)) return false;
    if (!this.#allows(host, onLoopback)) return true;
    if (accepted.size < REMEMBERED) accepted.add(host);
    return false;
  }

  #allows(host: string, onLoopback: boolean): boolean {
    const authority = parseAuthority(host);
    if (authority === undefined) return false;
    const { name } = authority;
    if (onLoopback && (isLoopbackName(name) || name.endsWith('.localhost'))) return true;
    return this.#entries?.some(entry => covers(entry, authority)) ?? false;
  }
}
