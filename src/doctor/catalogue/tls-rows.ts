import type { CatalogueEntry } from './catalogue-entry.ts';
import { everyone } from './shown.ts';

export const TLS_ROWS: readonly CatalogueEntry[] = [
  {
    row: 5,
    title: 'Incomplete certificate chain',
    stage: 'tls',
    kind: 'remote',
    effect: 'fails',
    symptom: 'E1',
    shownBy: everyone('E1', 'the certificate can not be verified'),
    cause:
      'The server sends its own certificate without the intermediate one; browsers fetch it, other clients do not.',
    fix: 'Serve the full chain (fullchain.pem).',
    source: 'modelcontextprotocol/python-sdk#1628',
    explains: [],
    seen: 'the chain is verified without fetching anything',
  },
];
