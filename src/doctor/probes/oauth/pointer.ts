/** Row 49: a 401 that leads nowhere. */
import { exchanged } from '../../evidence.ts';
import { anonymousProbe } from '../../observations/claude.ts';
import { bearerChallenge, metadataAtRoot, metadataByPath } from '../../observations/resource-metadata.ts';
import type { Probe } from '../../probe.ts';

export const pointer: Probe = {
  name: 'pointer to the resource metadata',
  stage: 'oauth',
  rows: [49],
  needs: ['oauth'],
  async run(examination) {
    const unauthorized = await anonymousProbe(examination);
    if (unauthorized.response?.status !== 401) return [];
    if ((await bearerChallenge(examination))?.parameters['resource_metadata'] !== undefined) return [];
    const [byPath, atRoot] = await Promise.all([metadataByPath(examination), metadataAtRoot(examination)]);
    if (byPath.document !== undefined || atRoot.document !== undefined) return [];
    return [{ row: 49, evidence: [exchanged(unauthorized), exchanged(byPath.exchange), exchanged(atRoot.exchange)] }];
  },
};
