/** Rows 49 and 52: a 401 that leads nowhere, or in a way that clients can not follow. */
import { exchanged } from '../../evidence.ts';
import { isLate } from '../../observations/absence.ts';
import { authorizationServer } from '../../observations/authorization-server.ts';
import { anonymousProbe } from '../../observations/claude.ts';
import { redirectOf } from '../../observations/redirect.ts';
import {
  bearerChallenge,
  metadataAtRoot,
  metadataByPath,
  type Published,
  resourceMetadata,
} from '../../observations/resource-metadata.ts';
import type { Probe } from '../../probe.ts';

/** There may be a document after all: late, or where it is sent on to. */
function isUncertain({ exchange }: Published): boolean {
  return isLate(exchange) || redirectOf(exchange) !== undefined;
}

export const pointer: Probe = {
  name: 'pointer to the resource metadata',
  stage: 'oauth',
  rows: [49, 52],
  needs: ['oauth'],
  async run(examination) {
    const unauthorized = await anonymousProbe(examination);
    if (unauthorized.response?.status !== 401) return [];
    const given = (await bearerChallenge(examination))?.parameters['resource_metadata'];
    if (given !== undefined) {
      const url = URL.parse(given);
      if (url !== null && /^https?:$/.test(url.protocol)) return [];
      return [{ row: 52, evidence: [exchanged(unauthorized)], note: `resource_metadata is '${given.slice(0, 200)}'.` }];
    }
    if ((await resourceMetadata(examination)) !== undefined) return [];
    const places = await Promise.all([metadataByPath(examination), metadataAtRoot(examination)]);
    if (places.some(isUncertain)) return [];
    const evidence = [exchanged(unauthorized), ...places.map(({ exchange }) => exchanged(exchange))];
    const { document } = await authorizationServer(examination);
    if (document === undefined) return [{ row: 49, evidence }];
    const note =
      'The metadata of an authorization server is at the root of the host, as of 2025-03-26: clients that still look there find it.';
    return [{ row: 49, evidence, effect: 'risk', note }];
  },
};
