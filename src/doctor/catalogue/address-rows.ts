import type { CatalogueEntry } from './catalogue-entry.ts';
import { hosted } from './shown.ts';

export const ADDRESS_ROWS: readonly CatalogueEntry[] = [
  {
    row: 1,
    title: 'AAAA record only',
    stage: 'address',
    kind: 'remote',
    effect: 'fails',
    symptom: 'E1',
    shownBy: { claude: 'E1' },
    cause: 'The name has IPv6 addresses only, and Claude connects from a network that has IPv4 only.',
    fix: 'Add an A record.',
    source: 'documentation',
    explains: [],
    seen: 'a look-up gives AAAA and no A',
  },
  {
    row: 2,
    title: 'Private address',
    stage: 'address',
    kind: 'remote',
    effect: 'fails',
    symptom: 'E1',
    shownBy: hosted('E1', 'can not connect'),
    cause:
      'The name has a private, carrier-grade NAT or otherwise unreachable address, and one such address is enough to be refused.',
    fix: 'Give the name public addresses only.',
    source: 'documentation',
    explains: [],
    seen: 'every address that a look-up gives is checked',
  },
  {
    row: 3,
    title: 'Port other than 443',
    stage: 'address',
    kind: 'remote',
    effect: 'risk',
    symptom: 'E1',
    shownBy: { claude: 'E1' },
    cause: "Claude's egress reaches port 443 reliably and other ports only at times.",
    fix: 'Put a front with https on port 443 before the server.',
    source: 'staff, anthropics/claude-ai-mcp#85',
    explains: [],
    seen: 'the URL names another port, or http',
  },
];
