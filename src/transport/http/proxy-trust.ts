/** Which proxies stand in front, and what a request was before it passed them. */
import { BlockList, isIP } from 'node:net';
import { SlipwayError } from '../../protocol/coded-error.ts';
import { plainAddress } from './caller-address.ts';
import { forwardedAddress } from './forwarded-address.ts';
import { parseForwardedElement } from './forwarded-element.ts';
import { elementAt, ForwardedList } from './forwarded-list.ts';

/** What the client sent, as far as it is known. */
export interface ForwardedRequest {
  /** Of the client: the nearest address that is no trusted proxy. */
  readonly remoteAddress: string | undefined;
  readonly scheme: 'http' | 'https' | undefined;
  /** `host[:port]` that the client asked for; not checked. */
  readonly host: string | undefined;
  /** The id that the nearest proxy gave the request. */
  readonly requestId: string | undefined;
}

/** Where headers are read from. */
export interface HeaderSource {
  /** @param name in lower case */
  header(name: string): string | undefined;
}

const NAMED: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  // RFC 1918 and RFC 4193.
  ['private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
]);

/** Proxies in a row that are followed; a client may have written as many as fit into its headers. */
const MAX_HOPS = 32;
/** Trusted addresses that are remembered, since to ask the list costs more. */
const REMEMBERED = 256;
const REQUEST_ID = /^[\w.-]{1,64}$/;

function refused(entry: string, what: string): SlipwayError {
  return new SlipwayError('SLIP_INVALID_OPTION', { option: 'trustedProxies', why: `'${entry}' ${what}` });
}

function scheme(value: string | undefined): 'http' | 'https' | undefined {
  const lower = value?.toLowerCase();
  return lower === 'http' || lower === 'https' ? lower : undefined;
}

export class ProxyTrust {
  readonly #list = new BlockList();
  readonly #remembered = new Set<string>();

  /**
   * @param entries IP addresses, networks (`10.0.0.0/8`), `loopback`, `private`
   * @throws SlipwayError SLIP_INVALID_OPTION for an entry that is none of these, or that means everybody
   */
  constructor(entries: readonly string[]) {
    for (const entry of entries) for (const network of NAMED.get(entry) ?? [entry]) this.#add(network);
  }

  /** @returns undefined where no proxy is trusted */
  static of(entries: readonly string[] | undefined): ProxyTrust | undefined {
    return entries === undefined || entries.length === 0 ? undefined : new ProxyTrust(entries);
  }

  #add(entry: string): void {
    const [address = '', prefix, rest] = entry.split('/');
    const version = isIP(address);
    if (version === 0 || address.includes('%') || rest !== undefined) {
      throw refused(entry, 'is no IP address, no network such as 10.0.0.0/8, and neither loopback nor private');
    }
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) return this.#list.addAddress(address, family);
    const most = version === 6 ? 128 : 32;
    if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most) {
      throw refused(entry, `has no prefix length from 1 to ${most}`);
    }
    if (Number(prefix) === 0) throw refused(entry, 'trusts everybody: then anybody can claim any address');
    this.#list.addSubnet(address, Number(prefix), family);
  }

  /** @param address as `plainAddress` gives it */
  trusts(address: string | undefined): boolean {
    if (address === undefined) return false;
    if (this.#remembered.has(address)) return true;
    const zone = address.indexOf('%');
    const bare = zone === -1 ? address : address.slice(0, zone);
    if (!this.#list.check(bare, bare.includes(':') ? 'ipv6' : 'ipv4')) return false;
    if (this.#remembered.size < REMEMBERED) this.#remembered.add(address);
    return true;
  }

  /**
   * What the request was before it passed the trusted proxies. From a peer that is none of them, nothing is believed.
   *
   * `X-Forwarded-For` counts, with `X-Forwarded-Proto` and `X-Forwarded-Host`; `Forwarded` (RFC 7239) where there is no
   * `X-Forwarded-For`.
   *
   * @param socketAddress the other end of the connection
   */
  forwarded(socketAddress: string | undefined, headers: HeaderSource): ForwardedRequest {
    const peer = plainAddress(socketAddress);
    if (!this.trusts(peer)) {
      return { remoteAddress: peer, scheme: undefined, host: undefined, requestId: undefined };
    }
    const id = headers.header('x-request-id');
    const requestId = id !== undefined && REQUEST_ID.test(id) ? id : undefined;
    const list = headers.header('x-forwarded-for');
    const standard = list === undefined ? headers.header('forwarded') : undefined;
    if (standard !== undefined) return this.#standard(peer, standard, requestId);
    let remoteAddress = peer;
    let hops = 0;
    const elements = new ForwardedList(list ?? '');
    while (hops < MAX_HOPS) {
      const address = forwardedAddress(elements.next() ?? '');
      if (address === undefined) break;
      remoteAddress = address;
      hops++;
      if (!this.trusts(address)) break;
    }
    return {
      remoteAddress,
      scheme: scheme(elementAt(headers.header('x-forwarded-proto'), hops)),
      host: elementAt(headers.header('x-forwarded-host'), hops),
      requestId,
    };
  }

  #standard(peer: string | undefined, header: string, requestId: string | undefined): ForwardedRequest {
    const elements = new ForwardedList(header);
    let found: ForwardedRequest = { remoteAddress: peer, scheme: undefined, host: undefined, requestId };
    for (let hop = 0; hop < MAX_HOPS; hop++) {
      const element = parseForwardedElement(elements.next() ?? '');
      if (element === undefined) break;
      const address = element.for === undefined ? undefined : forwardedAddress(element.for);
      found = {
        remoteAddress: address ?? found.remoteAddress,
        scheme: scheme(element.proto),
        host: element.host,
        requestId,
      };
      if (address === undefined || !this.trusts(address)) break;
    }
    return found;
  }
}
