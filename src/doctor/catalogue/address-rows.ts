import type { CatalogueEntry } from './catalogue-entry.ts';
import { rowsOf } from './row-data.ts';
import { hosted } from './shown.ts';

export const ADDRESS_ROWS: readonly CatalogueEntry[] = rowsOf('address', [
  {
    row: 1,
    title: 'AAAA record only',
    symptom: 'E1',
    shownBy: { claude: 'E1' },
    cause: 'The name has IPv6 addresses only, and Claude connects from a network that has IPv4 only.',
    fix: 'Add an A record.',
    seen: 'a look-up gives AAAA and no A',
    source: 'documentation',
  },
  {
    row: 2,
    title: 'Private address',
    symptom: 'E1',
    shownBy: hosted('E1', 'can not connect'),
    cause:
      'The name has an address that the internet does not reach (private, carrier-grade NAT, loopback), and one among public ones is enough to be refused.',
    fix: 'Give the name public addresses only.',
    seen: 'every address that a look-up gives is checked',
    source: 'documentation',
  },
  {
    row: 3,
    title: 'Port other than 443',
    effect: 'risk',
    symptom: 'E1',
    shownBy: { claude: 'E1' },
    cause: 'Claude connects to port 443; other ports, and http, are not sure to be reached.',
    fix: 'Put a front that serves https on port 443 before the server.',
    seen: 'the URL names another port, or http',
    source: 'staff, anthropics/claude-ai-mcp#85',
  },
]);
