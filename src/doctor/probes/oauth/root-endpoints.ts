/** Row 60: clients that make up `/authorize` at the root of the host do not find it. */
import { exchanged, fact } from '../../evidence.ts';
import { describedServer, webUrl } from '../../observations/authorization-server.ts';
import { metadataByPath } from '../../observations/resource-metadata.ts';
import { BROWSER_HEADERS } from '../../observations/sign-in-client.ts';
import type { Probe } from '../../probe.ts';

export const rootEndpoints: Probe = {
  name: 'OAuth endpoints at the root',
  stage: 'oauth',
  rows: [60],
  needs: ['oauth'],
  async run(examination) {
    const server = await describedServer(examination);
    const endpoint = webUrl(server?.document['authorization_endpoint']);
    // With an authorization server elsewhere the fault was the client's, and it was mended.
    if (server === undefined || endpoint === undefined || endpoint.origin !== examination.url.origin) return [];
    if (endpoint.pathname === '/authorize') return [];
    const url = new URL('/authorize', endpoint.origin);
    const exchange = await examination.exchange({ url, headers: BROWSER_HEADERS });
    if (exchange.response?.status !== 404) return [];
    const byPath = await metadataByPath(examination);
    const evidence = [fact(`authorization_endpoint is ${endpoint.href}`), exchanged(exchange)];
    // Where the metadata is below the path as well, most clients go by it.
    return [{ row: 60, evidence, ...(byPath.document !== undefined && { effect: 'note' as const }) }];
  },
};
