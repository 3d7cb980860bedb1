/** Row 59: the first authorization server does not let anybody in, and a later one would. */
import { exchanged, fact } from '../../evidence.ts';
import { hasNothing } from '../../observations/absence.ts';
import {
  type AuthorizationServer,
  authorizationServers,
  takesNewClients,
} from '../../observations/authorization-server.ts';
import type { Probe } from '../../probe.ts';

function isUsable({ document }: AuthorizationServer): boolean {
  return document !== undefined && typeof document['token_endpoint'] === 'string' && takesNewClients(document);
}

/** For certain: it answers, and has nothing that a client could use; or nobody gets there. */
function isUseless({ document, asked }: AuthorizationServer): boolean {
  if (document !== undefined) return !takesNewClients(document);
  return asked.every(({ exchange }) => hasNothing(exchange) || exchange.connection === undefined);
}

export const serverOrder: Probe = {
  name: 'order of the authorization servers',
  stage: 'oauth',
  rows: [59],
  needs: ['oauth'],
  async run(examination) {
    const [first, ...rest] = await authorizationServers(examination);
    const better = rest.find(isUsable);
    if (first === undefined || better === undefined || !isUseless(first)) return [];
    const evidence = [
      fact(`authorization_servers names ${first.named} first, and ${better.named} behind it`),
      ...first.asked.slice(-1).map(({ exchange }) => exchanged(exchange)),
      exchanged(better.asked.at(-1)!.exchange),
    ];
    return [{ row: 59, evidence, effect: 'fails', note: `It is ${better.named} that new clients can sign in with.` }];
  },
};
