/** A certificate that nobody has signed, made by openssl. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { programPath } from '../lifecycle/programs.ts';

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** For clients that are to trust it. */
  readonly pem: string;
}

/** @param folder where its files go */
export function makeCertificate(folder: string, domain: string): Certificate {
  const certificate = join(folder, 'fullchain.pem');
  const key = join(folder, 'privkey.pem');
  const subject = ['-subj', `/CN=${domain}`, '-addext', `subjectAltName=DNS:${domain}`];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-keyout', key];
  execFileSync(programPath('openssl')!, ['req', '-x509', '-days', '2', ...made, '-out', certificate, ...subject], {
    stdio: 'ignore',
  });
  return { certificate, key, pem: readFileSync(certificate, 'utf8') };
}
