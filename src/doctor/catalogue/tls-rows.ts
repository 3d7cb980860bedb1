import type { CatalogueEntry } from './catalogue-entry.ts';
import { rowsOf } from './row-data.ts';
import { everyone } from './shown.ts';

export const TLS_ROWS: readonly CatalogueEntry[] = rowsOf('tls', [
  {
    row: 4,
    title: 'No TLS connection',
    symptom: 'E1',
    shownBy: everyone('E1', 'can not connect'),
    cause:
      'The TLS handshake for this name is reset or refused, or its certificate is not accepted: expired, for another name, or from an authority that nobody trusts.',
    fix: 'Serve TLS 1.2 or 1.3 for this name, with a valid certificate of a public authority.',
    seen: 'a TLS handshake that names the host (SNI)',
    source: 'staff, anthropics/claude-ai-mcp#214',
  },
  {
    row: 5,
    title: 'Incomplete certificate chain',
    symptom: 'E1',
    shownBy: everyone('E1', 'the certificate can not be verified'),
    cause:
      'The server sends its own certificate without the intermediate one; browsers fetch that by themselves, MCP clients do not.',
    fix: 'Serve the full chain (fullchain.pem).',
    seen: 'the chain is verified without fetching what is missing',
    source: 'modelcontextprotocol/python-sdk#1628',
  },
]);
