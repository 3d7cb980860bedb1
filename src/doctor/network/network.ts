/** The way out: looks names up, keeps to the policy on private addresses, connects, and speaks TLS. */
import { connect, isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import type { Limits } from '../limits.ts';
import { addressKind, isPublic } from './address-kind.ts';
import { type ConnectTo, redirected } from './connect-to.ts';
import { ConnectionError, type ConnectionFacts, type ConnectionFailure, type TlsFacts } from './connection.ts';
import { type Addresses, Resolver } from './resolver.ts';

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

export interface ConnectOptions {
  /** Connects to this address of the host. */
  readonly address?: string;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** Protocols to offer; default `http/1.1`. */
  readonly alpn?: readonly string[];
  /** The only version to offer; default: all that are safe. */
  readonly version?: SecureVersion;
}

/** Addresses of one name that are tried. */
const MAX_ATTEMPTS = 3;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && error.code !== undefined ? String(error.code) : error.name;
}

export class Network {
  readonly #options: NetworkOptions;
  readonly #resolver: Resolver;
  readonly #attemptMs: number;
  #context: SecureContext | undefined;

  constructor(options: NetworkOptions, limits: Limits) {
    this.#options = options;
    this.#resolver = new Resolver(options.dns, limits);
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
        const secure = await this.#tls(socket, url.hostname, place, options);
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
      throw new ConnectionError({
        phase: 'lookup',
        code: found?.failure ?? 'ENODATA',
        message: `${target.host} has no address (${found?.failure ?? 'ENODATA'})`,
      });
    }
    const may = addresses.filter(one => given || this.#options.allowPrivate === true || isPublic(one));
    if (may.length === 0) {
      const [first] = addresses as [string];
      throw new ConnectionError({
        phase: 'policy',
        code: 'PRIVATE_ADDRESS',
        message: `${target.host} is ${first}, a ${addressKind(first)} address, and --allow-private was not given`,
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

  #tls(
    socket: Socket,
    hostname: string,
    { address }: Place,
    { signal, alpn = ['http/1.1'], version }: ConnectOptions,
  ): Promise<{ socket: TLSSocket; tls: TlsFacts }> {
    const host = hostname.replace(/^\[|\]$/g, '');
    return new Promise((resolve, reject) => {
      const secure = connectTls({
        socket,
        // What the certificate has to be for; an address is no name for SNI.
        ...(isIP(host) === 0 ? { servername: host } : { host }),
        secureContext: version === undefined ? this.#secureContext() : this.#makeContext(version),
        ALPNProtocols: [...alpn],
        rejectUnauthorized: false,
      });
      secure.on('error', () => {});
      const fail = (code: string, why: string) => {
        signal.removeEventListener('abort', onAbort);
        secure.destroy();
        socket.destroy();
        const failure: ConnectionFailure = { phase: 'tls', code, message: `the TLS handshake fails: ${why}`, address };
        reject(new ConnectionError(failure));
      };
      const onAbort = () => fail('TIMEOUT', 'it is not answered');
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      secure.once('error', error => fail(codeOf(error), `${error.message.replace(/\s+/g, ' ').trim()}`));
      secure.once('close', () => fail('ECONNRESET', 'the connection was closed'));
      secure.once('secureConnect', () => {
        signal.removeEventListener('abort', onAbort);
        secure.removeAllListeners('close');
        const certificate = secure.getPeerCertificate(true);
        const mismatch = certificate.subject === undefined ? undefined : checkServerIdentity(host, certificate);
        const error = secure.authorizationError ?? mismatch;
        const alpnProtocol = secure.alpnProtocol;
        resolve({
          socket: secure,
          tls: {
            authorized: secure.authorized && mismatch === undefined,
            ...(error !== undefined && error !== null && { error: typeof error === 'string' ? error : codeOf(error) }),
            protocol: secure.getProtocol() ?? 'unknown',
            ...(typeof alpnProtocol === 'string' && { alpn: alpnProtocol }),
            certificate,
          },
        });
      });
    });
  }

  /** Made once: the roots alone are a hundred certificates to parse. */
  #secureContext(): SecureContext {
    this.#context ??= this.#makeContext();
    return this.#context;
  }

  #makeContext(version?: SecureVersion): SecureContext {
    const { ca } = this.#options;
    return createSecureContext({
      ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
      // OpenSSL leaves the old versions out unless it is told to be lax.
      ...(version !== undefined && { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }),
    });
  }
}
