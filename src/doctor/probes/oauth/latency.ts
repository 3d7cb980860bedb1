/** Row 75: what Claude gives 10 s does not answer within them. */
import { exchanged } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { isLate } from '../../observations/absence.ts';
import { authorizationServer } from '../../observations/authorization-server.ts';
import { hostedRegistration } from '../../observations/registration.ts';
import { metadataAtRoot, metadataByPath, metadataByPointer, wellKnown } from '../../observations/resource-metadata.ts';
import { NO_CLIENT } from '../../observations/sign-in-client.ts';
import { askForToken } from '../../observations/token-endpoint.ts';
import type { Probe } from '../../probe.ts';

async function emptyGrant(examination: Examination): Promise<Exchange | undefined> {
  return (await askForToken(examination, { id: NO_CLIENT }, { grant_type: 'refresh_token' }))?.exchange;
}

export const latency: Probe = {
  name: 'time of the OAuth endpoints',
  stage: 'oauth',
  rows: [75],
  needs: ['oauth'],
  async run(examination) {
    const [pointed, byPath, atRoot, server] = await Promise.all([
      metadataByPointer(examination),
      metadataByPath(examination),
      metadataAtRoot(examination),
      authorizationServer(examination),
    ]);
    const places = [...(pointed === undefined ? [] : [pointed]), byPath, atRoot, ...server.asked];
    const late = places.filter(({ exchange }) => isLate(exchange));
    for (const { url } of late.slice(0, 1)) {
      // What was late once may have been held up on the way.
      const { exchange } = await wellKnown(examination, url);
      if (isLate(exchange)) return [{ row: 75, evidence: [exchanged(exchange)] }];
    }
    const token = await emptyGrant(examination);
    if (token !== undefined && isLate(token)) {
      const again = await emptyGrant(examination);
      if (again !== undefined && isLate(again)) return [{ row: 75, evidence: [exchanged(again)] }];
    }
    if (examination.options.write !== true) return [];
    const registered = (await hostedRegistration(examination))?.exchange;
    return registered !== undefined && isLate(registered) ? [{ row: 75, evidence: [exchanged(registered)] }] : [];
  },
};
