/** Rows 4 and 5: a certificate that clients do not accept, and why. */
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';
import { fact } from '../../evidence.ts';
import type { TlsFacts } from '../../network/connection.ts';
import { reach } from '../../observations/reach.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** The chain does not reach a trusted root. */
const UNFINISHED = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
]);

function nameOf(certificate: PeerCertificate, of: 'subject' | 'issuer'): string {
  const { CN, O } = certificate[of] ?? {};
  return String(CN ?? O ?? 'nobody');
}

/** The last certificate of those that the server sent. */
function lastOf(certificate: PeerCertificate): PeerCertificate {
  let last = certificate as DetailedPeerCertificate;
  // A root has itself for its issuer, and so may anything that is made to confuse.
  for (let depth = 0; depth < 20; depth++) {
    const next = last.issuerCertificate;
    if (next === undefined || next === null || next.fingerprint256 === last.fingerprint256) break;
    last = next;
  }
  return last;
}

/**
 * An authority that everybody trusts says in its certificates where its own is to be had; one of somebody's own, whose
 * root is nowhere, most often does not.
 */
function saysWhereIssuerIs({ infoAccess }: PeerCertificate): boolean {
  return infoAccess?.['CA Issuers - URI'] !== undefined;
}

function unfinished({ certificate, error }: TlsFacts): Sighting {
  const last = lastOf(certificate);
  const issuer = nameOf(last, 'issuer');
  if (saysWhereIssuerIs(last)) {
    const text = `the chain ends with the certificate of ${nameOf(last, 'subject')}, issued by ${issuer}, whose own is not sent (${error})`;
    return { row: 5, evidence: [fact(text)] };
  }
  const text = `the certificate of ${nameOf(certificate, 'subject')} leads to ${issuer}, which nobody trusts (${error})`;
  return { row: 4, evidence: [fact(text)], note: "It was issued by an authority of somebody's own." };
}

function refused({ certificate, error = 'unknown' }: TlsFacts, host: string): Sighting {
  const of = `the certificate of ${nameOf(certificate, 'subject')}`;
  switch (error) {
    case 'CERT_HAS_EXPIRED':
      return { row: 4, evidence: [fact(`${of} was valid until ${certificate.valid_to}`)], note: 'It has expired.' };
    case 'CERT_NOT_YET_VALID':
      return {
        row: 4,
        evidence: [fact(`${of} is valid from ${certificate.valid_from}`)],
        note: 'It is not valid yet.',
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        row: 4,
        evidence: [fact(`${of} is for ${certificate.subjectaltname ?? 'no name'}, not for ${host}`)],
        note: 'It is for another name.',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return { row: 4, evidence: [fact(`${of} is signed by itself`)], note: 'It is signed by itself.' };
    case 'SELF_SIGNED_CERT_IN_CHAIN': {
      const root = nameOf(lastOf(certificate), 'subject');
      return {
        row: 4,
        evidence: [fact(`${of} leads to ${root}, which nobody trusts`)],
        note: "It was issued by an authority of somebody's own.",
      };
    }
    default:
      return { row: 4, evidence: [fact(`${of} is not accepted (${error})`)] };
  }
}

export const certificate: Probe = {
  name: 'certificate',
  stage: 'tls',
  rows: [4, 5],
  async run(examination) {
    const tls = (await reach(examination)).facts?.tls;
    if (tls === undefined || tls.authorized) return [];
    return [UNFINISHED.has(tls.error ?? '') ? unfinished(tls) : refused(tls, examination.url.hostname)];
  },
};
