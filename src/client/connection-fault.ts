/** Why a server could not be reached, in the words of somebody who can mend it. */
import { SlipwayError } from '../protocol/coded-error.ts';
import { shownAddress } from './server-address.ts';

/** OpenSSL's names for what is wrong with a certificate begin or end like this. */
const CERTIFICATE =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA|PATH_LENGTH_|CRL_)/;
const TLS = /^(EPROTO|ERR_SSL_|ERR_TLS_)/;
const NOT_HTTP = /^HPE_/;

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'its name can not be found',
  EAI_AGAIN: 'its name can not be looked up at the moment',
  ECONNRESET: 'the connection was closed before an answer came',
  EPIPE: 'the connection was closed before an answer came',
  ETIMEDOUT: 'it does not react',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function tlsReason(code: string, url: URL): string {
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `its certificate is not for ${url.hostname}`;
  if (code === 'CERT_HAS_EXPIRED') return 'its certificate has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'its certificate is not valid yet';
  if (CERTIFICATE.test(code)) return `nobody that is trusted here has signed its certificate (${code})`;
  return `what answers there speaks no TLS that is understood here (${code}); is it http: instead?`;
}

/** The coded error for one of node:net, node:tls or node:http. */
export function connectionFault(error: unknown, url: URL): SlipwayError {
  const code = codeOf(error);
  const address = shownAddress(url);
  if (CERTIFICATE.test(code) || TLS.test(code)) {
    return new SlipwayError('SLIP_SERVER_TLS', { url: address, why: tlsReason(code, url) }, { cause: error });
  }
  if (NOT_HTTP.test(code)) {
    const why =
      url.protocol === 'http:' ? 'what answers is not HTTP; is it https: instead?' : 'what answers is not HTTP';
    return new SlipwayError('SLIP_SERVER_UNREACHABLE', { url: address, why }, { cause: error });
  }
  const text = error instanceof Error ? error.message : String(error);
  const why = REASONS[code] ?? (code === '' ? text : `${text} (${code})`);
  return new SlipwayError('SLIP_SERVER_UNREACHABLE', { url: address, why }, { cause: error });
}
