/** Row 58: the metadata calls its issuer otherwise than the place where it was found. */
import { exchanged, fact } from '../../evidence.ts';
import { describedServer } from '../../observations/authorization-server.ts';
import type { Probe } from '../../probe.ts';

export const issuerIdentity: Probe = {
  name: 'issuer of the authorization server',
  stage: 'oauth',
  rows: [58],
  needs: ['oauth'],
  async run(examination) {
    const server = await describedServer(examination);
    if (server === undefined || !server.isListed) return [];
    const { named, document, asked } = server;
    const issuer = document['issuer'];
    if (issuer === named) return [];
    const shown = typeof issuer === 'string' ? `'${issuer.slice(0, 200)}'` : 'missing';
    const evidence = [
      fact(`issuer is ${shown}, and authorization_servers has '${named}'`),
      exchanged(asked.at(-1)!.exchange),
    ];
    // The official SDK forgives a slash that the metadata leaves out.
    const isMild = named === `${issuer}/`;
    return [{ row: 58, evidence, ...(isMild && { effect: 'risk' as const }) }];
  },
};
