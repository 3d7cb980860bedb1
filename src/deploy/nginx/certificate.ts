/** The certificate that a site names, where it can be read. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Whether it is for all of the names; undefined where nobody can tell from here. */
export function certificateCovers(path: string, names: readonly string[]): boolean | undefined {
  try {
    const certificate = new X509Certificate(readFileSync(path));
    return names.every(name => certificate.checkHost(name) !== undefined);
  } catch {
    // On another machine, for root only, or in a form that only nginx knows.
    return undefined;
  }
}
