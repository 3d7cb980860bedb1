/** Rows 1 and 2: Claude has IPv4 only, and connects only where every address of the name is public. */
import { fact } from '../../evidence.ts';
import { addressKind, isPublic } from '../../network/address-kind.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** A URL may have the address itself. */
function placeOf(hostname: string, address: string): string {
  return hostname.replace(/^\[|\]$/g, '') === address ? address : `${hostname} resolves to ${address}`;
}

export const publicAddresses: Probe = {
  name: 'public addresses',
  stage: 'address',
  rows: [1, 2],
  async run({ network, url, options }) {
    const { a, aaaa } = await network.resolve(url.hostname);
    const sightings: Sighting[] = [];
    const all = [...a, ...aaaa];
    const inner = all.filter(address => !isPublic(address));
    // Who allows private addresses knows that they are; one among public ones is a mistake all the same.
    if (inner.length > 0 && !(options.allowPrivate === true && inner.length === all.length)) {
      const evidence = inner.map(address => fact(`${placeOf(url.hostname, address)}: ${addressKind(address)}`));
      const note =
        inner.length < all.length
          ? 'Other addresses of the name are public.'
          : 'With --allow-private the rest is examined all the same, from here.';
      sightings.push({ row: 2, evidence, note });
    }
    if (a.length === 0 && aaaa.some(isPublic)) {
      sightings.push({
        row: 1,
        evidence: [fact(`${url.hostname} has the AAAA records ${aaaa.join(', ')} and no A record`)],
      });
    }
    return sightings;
  },
};
