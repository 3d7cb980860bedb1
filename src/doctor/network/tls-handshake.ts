/** TLS over a connection that is there: everything is looked at, nothing is refused because of its certificate. */
import { isIP, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import { ConnectionError, codeOf, type TlsFacts } from './connection.ts';

export interface HandshakeOptions {
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** Protocols to offer; default `http/1.1`. */
  readonly alpn?: readonly string[];
  /** The only version to offer; default: all that are safe. */
  readonly version?: SecureVersion;
}

function factsOf(secure: TLSSocket, host: string): TlsFacts {
  const certificate = secure.getPeerCertificate(true);
  const mismatch = certificate.subject === undefined ? undefined : checkServerIdentity(host, certificate);
  const error: unknown = secure.authorizationError ?? mismatch;
  const { alpnProtocol } = secure;
  return {
    authorized: secure.authorized && mismatch === undefined,
    ...(error !== undefined && error !== null && { error: typeof error === 'string' ? error : codeOf(error) }),
    protocol: secure.getProtocol() ?? 'unknown',
    ...(typeof alpnProtocol === 'string' && { alpn: alpnProtocol }),
    certificate,
  };
}

/** What OpenSSL calls it, without the numbers and places in its sources, which change from run to run. */
function reasonOf(error: Error): string {
  const { reason } = error as { reason?: unknown };
  if (typeof reason === 'string' && reason !== '') return reason;
  const [, told] = /^[0-9A-F]+:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/i.exec(error.message) ?? [];
  return (told ?? error.message).replace(/\s+/g, ' ').trim();
}

export class TlsHandshakes {
  readonly #ca: string | undefined;
  /** Made once: the roots alone are a hundred certificates to parse. */
  #context: SecureContext | undefined;

  /** @param ca certificates (PEM) to trust beside the usual ones */
  constructor(ca: string | undefined) {
    this.#ca = ca;
  }

  /**
   * @param socket is destroyed when the handshake fails
   * @param hostname as a URL has it; what the certificate has to be for
   * @throws ConnectionError
   */
  shake(
    socket: Socket,
    hostname: string,
    { signal, alpn = ['http/1.1'], version }: HandshakeOptions,
  ): Promise<{ socket: TLSSocket; tls: TlsFacts }> {
    const host = hostname.replace(/^\[|\]$/g, '');
    const address = socket.remoteAddress;
    return new Promise((resolve, reject) => {
      const secure = connect({
        socket,
        // An address is no name for SNI.
        ...(isIP(host) === 0 ? { servername: host } : { host }),
        secureContext: this.#contextFor(version),
        ALPNProtocols: [...alpn],
        rejectUnauthorized: false,
      });
      // Later errors have their own listeners; without one here, a late reset would end the process.
      secure.on('error', () => {});
      const settle = () => {
        signal.removeEventListener('abort', onAbort);
        secure.off('close', onClose);
      };
      const fail = (code: string, why: string) => {
        settle();
        secure.destroy();
        socket.destroy();
        const message = `the TLS handshake fails: ${why}`;
        reject(new ConnectionError({ phase: 'tls', code, message, ...(address !== undefined && { address }) }));
      };
      const onAbort = () => fail('TIMEOUT', 'it is not answered');
      const onClose = () => fail('ECONNRESET', 'the connection was closed');
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      secure.once('error', error => fail(codeOf(error), reasonOf(error)));
      secure.once('close', onClose);
      secure.once('secureConnect', () => {
        settle();
        resolve({ socket: secure, tls: factsOf(secure, host) });
      });
    });
  }

  #contextFor(version: SecureVersion | undefined): SecureContext {
    return version === undefined ? (this.#context ??= this.#make()) : this.#make(version);
  }

  #make(version?: SecureVersion): SecureContext {
    return createSecureContext({
      ...(this.#ca !== undefined && { ca: [...rootCertificates, this.#ca] }),
      // OpenSSL leaves the old versions out unless it is told to be lax.
      ...(version !== undefined && { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' }),
    });
  }
}
