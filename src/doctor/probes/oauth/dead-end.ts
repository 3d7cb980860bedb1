/** Row 49: the resource metadata names an authorization server, and there is none. */
import { exchanged, fact } from '../../evidence.ts';
import type { Examination } from '../../examination.ts';
import { hasNothing } from '../../observations/absence.ts';
import { type AuthorizationServer, authorizationServer, webUrl } from '../../observations/authorization-server.ts';
import { isHtml } from '../../observations/endpoint-page.ts';
import type { Published } from '../../observations/resource-metadata.ts';
import { BROWSER_HEADERS } from '../../observations/sign-in-client.ts';
import type { Probe, Sighting } from '../../probe.ts';

/** A page in place of the document is another row's. */
function isAbsent({ exchange }: Published): boolean {
  return hasNothing(exchange) && !(exchange.response?.status === 200 && isHtml(exchange));
}

/** Clients without metadata make up `/authorize` at the issuer's host. */
async function hasDefaultEndpoint(examination: Examination, issuer: URL): Promise<boolean> {
  const { response } = await examination.exchange({
    url: new URL('/authorize', issuer.origin),
    headers: BROWSER_HEADERS,
  });
  return response !== undefined && response.status !== 404 && response.status !== 405;
}

function sighting({ asked, named }: AuthorizationServer, note: string): readonly Sighting[] {
  const evidence = [fact(`authorization_servers names ${named}`), ...asked.map(({ exchange }) => exchanged(exchange))];
  return [{ row: 49, evidence, note }];
}

export const deadEnd: Probe = {
  name: 'authorization server that is named',
  stage: 'oauth',
  rows: [49],
  needs: ['oauth'],
  async run(examination) {
    const server = await authorizationServer(examination);
    if (!server.isListed || server.document !== undefined) return [];
    const url = webUrl(server.named);
    if (url === undefined) return sighting(server, 'The first entry of authorization_servers is no URL.');
    const failure = server.asked.at(-1)?.exchange.failure;
    if (failure !== undefined && failure.phase !== 'answer' && failure.code !== 'TIMEOUT') {
      return sighting(server, `The authorization server can not be reached: ${failure.message}.`);
    }
    if (!server.asked.every(isAbsent) || (await hasDefaultEndpoint(examination, url))) return [];
    return sighting(server, 'The authorization server publishes no metadata at any of the well-known places.');
  },
};
