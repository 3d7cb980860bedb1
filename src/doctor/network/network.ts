/** The way out: looks names up, keeps to the policy on private addresses, connects, and speaks TLS. */
import { connect, isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Limits } from '../limits.ts';
import { addressKind, isPublic } from './address-kind.ts';
import { type ConnectTo, redirected } from './connect-to.ts';
import { ConnectionError, type ConnectionFacts, codeOf } from './connection.ts';
import { type Addresses, Resolver } from './resolver.ts';
import { type HandshakeOptions, TlsHandshakes } from './tls-handshake.ts';

export interface NetworkOptions {
  readonly allowPrivate?: boolean;
  readonly ca?: string;
  readonly connectTo?: readonly ConnectTo[];
  readonly dns?: string;
}

/** A place to connect to; `given` when the user named it himself, so that no policy asks. */
interface Place {
  readonly address: string;
  readonly port: number;
  readonly given: boolean;
}

export interface OpenConnection {
  readonly socket: Socket | TLSSocket;
  readonly facts: ConnectionFacts;
}

export interface ConnectOptions extends HandshakeOptions {
  /** Connects to this address of the host. */
  readonly address?: string;
}

/** Addresses of one name that are tried. */
const MAX_ATTEMPTS = 3;

/** The name server's own word that there is no such address. */
const NOT_THERE = new Set(['ENODATA', 'ENOTFOUND']);

export class Network {
  readonly #options: NetworkOptions;
  readonly #resolver: Resolver;
  readonly #attemptMs: number;
  readonly #handshakes: TlsHandshakes;

  constructor(options: NetworkOptions, limits: Limits) {
    this.#options = options;
    this.#resolver = new Resolver(options.dns, limits);
    this.#handshakes = new TlsHandshakes(options.ca);
    this.#attemptMs = Math.ceil(limits.exchangeMs / MAX_ATTEMPTS);
  }

  /** Every address of a name, as the DNS has it; no policy, no `--connect-to`. */
  resolve(host: string): Promise<Addresses> {
    return this.#resolver.resolve(host);
  }

  /** Whether `--connect-to` says where this goes, so that its addresses say nothing of the connection. */
  isRedirected(host: string, port: number): boolean {
    return redirected(this.#options.connectTo ?? [], host, port) !== undefined;
  }

  /**
   * Connects, and for https does the handshake. A certificate that can not be verified is no failure: the facts say so, and
   * whoever sends something has to look.
   *
   * @throws ConnectionError
   */
  async connect(url: URL, options: ConnectOptions): Promise<OpenConnection> {
    const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
    const places = await this.#places(url.hostname, port, options);
    let last: unknown;
    const tried = places.slice(0, MAX_ATTEMPTS);
    for (const [index, place] of tried.entries()) {
      // One that does not answer must leave time for the next.
      const bound = index === tried.length - 1 ? undefined : AbortSignal.timeout(this.#attemptMs);
      try {
        const signal = bound === undefined ? options.signal : AbortSignal.any([options.signal, bound]);
        const socket = await this.#tcp(place, signal);
        const facts = { address: place.address, port: place.port };
        if (url.protocol !== 'https:') return { socket, facts };
        const secure = await this.#handshakes.shake(socket, url.hostname, options);
        return { socket: secure.socket, facts: { ...facts, tls: secure.tls } };
      } catch (error) {
        last = error;
        // Another address would have the same server behind it.
        if (options.signal.aborted || (error instanceof ConnectionError && error.failure.phase === 'tls')) break;
      }
    }
    throw last;
  }

  async #places(host: string, port: number, { address }: ConnectOptions): Promise<readonly Place[]> {
    const named = host.replace(/^\[|\]$/g, '');
    const elsewhere = redirected(this.#options.connectTo ?? [], named, port);
    const target = elsewhere ?? { host: named, port };
    const given = elsewhere !== undefined;
    const found = address === undefined ? await this.resolve(target.host) : undefined;
    // Claude has IPv4 only.
    const addresses = address === undefined ? [...found!.a, ...found!.aaaa] : [address];
    if (addresses.length === 0) {
      const code = found?.failure ?? 'ENODATA';
      const message = NOT_THERE.has(code)
        ? `${target.host} has no address (${code})`
        : `the name server does not say what address ${target.host} has (${code})`;
      throw new ConnectionError({ phase: 'lookup', code, message });
    }
    const may = addresses.filter(one => given || this.#options.allowPrivate === true || isPublic(one));
    if (may.length === 0) {
      const [first] = addresses as [string];
      throw new ConnectionError({
        phase: 'policy',
        code: 'PRIVATE_ADDRESS',
        message: `${target.host} is ${first === target.host ? '' : `${first}, `}a ${addressKind(first)} address, and --allow-private was not given`,
        address: first,
      });
    }
    return may.map(one => ({ address: one, port: target.port, given }));
  }

  #tcp({ address, port }: Place, signal: AbortSignal): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: address, port, family: isIP(address) });
      socket.setNoDelay(true);
      // Later errors have their own listeners; without one here, a late reset would end the process.
      socket.on('error', () => {});
      const fail = (code: string, message: string) => {
        signal.removeEventListener('abort', onAbort);
        socket.destroy();
        reject(new ConnectionError({ phase: 'connect', code, message, address }));
      };
      const onAbort = () => fail('TIMEOUT', `${address} port ${port} does not answer`);
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      socket.once('error', error => fail(codeOf(error), `${address} port ${port} refuses (${codeOf(error)})`));
      socket.once('connect', () => {
        signal.removeEventListener('abort', onAbort);
        resolve(socket);
      });
    });
  }
}
