import type { CatalogueEntry } from './catalogue-entry.ts';
import { everyone } from './shown.ts';

export const OAUTH_ROWS: readonly CatalogueEntry[] = [
  {
    row: 49,
    title: '401 that leads nowhere',
    stage: 'oauth',
    kind: 'remote',
    effect: 'fails',
    symptom: 'E1',
    shownBy: everyone('E1', 'can not sign in'),
    cause: 'The 401 has no resource_metadata, and there is no metadata at the well-known places either.',
    fix: 'Serve the protected resource metadata, and point to it in WWW-Authenticate.',
    source: 'documentation',
    explains: [],
    seen: 'the 401 is read, and both well-known places are fetched',
  },
];
