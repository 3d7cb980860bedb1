/** Row 83: a client with a loopback redirect is sent away because of its port. */
import { exchanged, fact } from '../../evidence.ts';
import { authorize } from '../../observations/authorize.ts';
import { loopbackClient } from '../../observations/known-client.ts';
import type { Probe } from '../../probe.ts';

/** From the range of ports that systems give away. */
const FREE_PORT = '51733';

export const loopbackPort: Probe = {
  name: 'port of loopback redirects',
  stage: 'oauth',
  rows: [83],
  needs: ['oauth'],
  async run(examination) {
    const known = await loopbackClient(examination);
    if (known === undefined) return [];
    const { client, redirectUri } = known;
    const elsewhere = new URL(redirectUri);
    elsewhere.port = FREE_PORT;
    const [registered, moved] = await Promise.all([
      authorize(examination, { clientId: client.id, redirectUri }),
      authorize(examination, { clientId: client.id, redirectUri: elsewhere.href }),
    ]);
    if (registered?.state !== 'taken' || moved?.state !== 'refused') return [];
    const evidence = [
      fact(`redirect_uri ${elsewhere.href} is refused, and ${redirectUri} is taken`),
      exchanged(moved.exchanges.at(-1)!),
      exchanged(registered.exchanges.at(-1)!),
    ];
    return [{ row: 83, evidence }];
  },
};
