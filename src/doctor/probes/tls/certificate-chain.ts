/** Row 5: the server leaves out certificates that browsers fetch by themselves and other clients do not. */
import { fact } from '../../evidence.ts';
import { reach } from '../../observations/reach.ts';
import type { Probe } from '../../probe.ts';

const INCOMPLETE = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_GET_ISSUER_CERT',
]);

function nameOf(
  certificate: { readonly subject?: object; readonly issuer?: object },
  of: 'subject' | 'issuer',
): string {
  const name = certificate[of] as Readonly<Record<string, string | string[]>> | undefined;
  return String(name?.['CN'] ?? name?.['O'] ?? 'unknown');
}

export const certificateChain: Probe = {
  name: 'certificate chain',
  stage: 'tls',
  rows: [5],
  async run(examination) {
    const tls = (await reach(examination)).facts?.tls;
    if (tls === undefined || tls.authorized || !INCOMPLETE.has(tls.error ?? '')) return [];
    const { certificate } = tls;
    const text = `the certificate of ${nameOf(certificate, 'subject')} is issued by ${nameOf(certificate, 'issuer')}, whose certificate is not sent (${tls.error})`;
    return [{ row: 5, evidence: [fact(text)] }];
  },
};
