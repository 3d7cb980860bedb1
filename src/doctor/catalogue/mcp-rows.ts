import type { CatalogueEntry } from './catalogue-entry.ts';

export const MCP_ROWS: readonly CatalogueEntry[] = [
  {
    row: 32,
    title: 'Strict Accept',
    stage: 'mcp',
    kind: 'remote',
    effect: 'fails',
    symptom: 'E2',
    shownBy: { claude: 'E2' },
    cause:
      "Claude's first probe accepts */*; the server wants both media types named, answers 406, and Claude takes that for a server with sign-in.",
    fix: 'Take */* and a missing Accept for both media types.',
    source: 'ha-mcp#750',
    explains: [],
    seen: 'POST with Accept: */*, and the same with both types',
  },
];
