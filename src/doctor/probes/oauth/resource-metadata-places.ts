/** Rows 53 and 54: where the resource metadata is, where it is not, and where a page stands in its place. */
import { exchanged } from '../../evidence.ts';
import { hasNothing } from '../../observations/absence.ts';
import { authorizationServer } from '../../observations/authorization-server.ts';
import { botChallengeOf } from '../../observations/bot-challenge.ts';
import { anonymousProbe } from '../../observations/claude.ts';
import { isHtml } from '../../observations/endpoint-page.ts';
import {
  metadataAtRoot,
  metadataByPath,
  metadataByPointer,
  type Published,
} from '../../observations/resource-metadata.ts';
import type { Probe, Sighting } from '../../probe.ts';

function isPage({ exchange }: Published): boolean {
  return exchange.response?.status === 200 && isHtml(exchange) && botChallengeOf(exchange) === undefined;
}

export const resourceMetadataPlaces: Probe = {
  name: 'places of the metadata',
  stage: 'oauth',
  rows: [53, 54],
  needs: ['oauth'],
  async run(examination): Promise<readonly Sighting[]> {
    // Without sign-in the places have to be empty; that is another row.
    if ((await anonymousProbe(examination)).response?.status === 200) return [];
    const [pointed, byPath, atRoot, server] = await Promise.all([
      metadataByPointer(examination),
      metadataByPath(examination),
      metadataAtRoot(examination),
      authorizationServer(examination),
    ]);
    const isPointed = pointed?.document !== undefined;
    // The first that clients come to decides; where the 401 leads to a document, they do not come to the others.
    const places = byPath.url === atRoot.url ? [byPath] : [byPath, atRoot];
    const pages = places.filter(isPage);
    const serverPages = server.asked.filter(isPage);
    const sightings: Sighting[] = [];
    if (pages.length > 0 || serverPages.length > 0) {
      const isInTheWay =
        serverPages.length > 0 || (!isPointed && isPage(byPath)) || (!isPointed && places.every(isPage));
      const evidence = [...serverPages, ...pages].map(({ exchange }) => exchanged(exchange));
      sightings.push({ row: 54, evidence, ...(!isInTheWay && { effect: 'risk' as const }) });
    }
    const [present, absent] = byPath.document === undefined ? [atRoot, byPath] : [byPath, atRoot];
    if (places.length === 2 && present.document !== undefined && hasNothing(absent.exchange)) {
      const evidence = [exchanged(absent.exchange), exchanged(present.exchange)];
      sightings.push({ row: 53, evidence, ...(absent === atRoot && { effect: 'note' as const }) });
    }
    return sightings;
  },
};
