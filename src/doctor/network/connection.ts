/** What is known of a connection, and of one that did not come about. */
import type { PeerCertificate } from 'node:tls';

export interface TlsFacts {
  /** Whether the chain leads to a trusted root and the names fit. */
  readonly authorized: boolean;
  /** Why not: `UNABLE_TO_VERIFY_LEAF_SIGNATURE`, `CERT_HAS_EXPIRED`, `ERR_TLS_CERT_ALTNAME_INVALID`, ... */
  readonly error?: string;
  readonly protocol: string;
  readonly alpn?: string;
  /** The server's own certificate; `issuerCertificate` leads to the others that it sent. */
  readonly certificate: PeerCertificate;
}

export interface ConnectionFacts {
  readonly address: string;
  readonly port: number;
  readonly tls?: TlsFacts;
}

/**
 * Why there is no answer. `policy`: we may not connect there. `lookup`: no address. `connect`: TCP. `tls`: the handshake.
 * `answer`: connected, and then no whole header.
 */
export interface ConnectionFailure {
  readonly phase: 'policy' | 'lookup' | 'connect' | 'tls' | 'answer';
  /** `ECONNREFUSED`, `ECONNRESET`, `TIMEOUT`, `PRIVATE_ADDRESS`, `HPE_INVALID_CONSTANT`, ... */
  readonly code: string;
  /** One sentence without its full stop. */
  readonly message: string;
  /** The address that it happened with. */
  readonly address?: string;
}

/** Carries a failure to where the exchange is put together. */
export class ConnectionError extends Error {
  readonly failure: ConnectionFailure;

  constructor(failure: ConnectionFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** What the system or a parser calls an error. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && error.code !== undefined ? String(error.code) : error.name;
}
