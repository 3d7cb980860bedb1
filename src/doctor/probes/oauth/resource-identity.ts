/** Row 56: the resource that the metadata speaks of is another than the one that was entered. */
import { exchanged, fact } from '../../evidence.ts';
import { webUrl } from '../../observations/authorization-server.ts';
import { resourceMetadata } from '../../observations/resource-metadata.ts';
import type { Probe } from '../../probe.ts';

/** As clients write it: host in lower case, no slash at the end. */
function written(url: URL, query: boolean): string {
  return `${url.origin}${url.pathname.replace(/\/$/, '')}${query ? url.search : ''}`;
}

/** Whether the one is a part of the other, by whole segments of the path. */
function isAbove(resource: URL, entered: URL): boolean {
  const path = `${resource.pathname.replace(/\/$/, '')}/`;
  return resource.origin === entered.origin && `${entered.pathname}/`.startsWith(path);
}

export const resourceIdentity: Probe = {
  name: 'resource of the metadata',
  stage: 'oauth',
  rows: [56],
  needs: ['oauth'],
  async run(examination) {
    const published = await resourceMetadata(examination);
    if (published?.document === undefined) return [];
    const given = published.document['resource'];
    const { url } = examination;
    const entered = `${url.origin}${url.pathname}`;
    if (given === entered) return [];
    const resource = webUrl(given);
    if (resource !== undefined && written(resource, resource.search !== '') === written(url, resource.search !== '')) {
      // Clients compare text.
      if (!String(given).endsWith('/') || url.pathname === '/') return [];
    }
    const shown = typeof given === 'string' ? `'${given.slice(0, 200)}'` : 'missing';
    const evidence = [fact(`resource is ${shown}, and the URL is ${entered}`), exchanged(published.exchange)];
    // The official clients take what is above the endpoint; Claude's documentation wants the same.
    const isMild = resource !== undefined && isAbove(resource, url);
    return [{ row: 56, evidence, ...(isMild && { effect: 'risk' as const }) }];
  },
};
