import type { CatalogueEntry } from './catalogue-entry.ts';

export const EDGE_ROWS: readonly CatalogueEntry[] = [
  {
    row: 7,
    title: 'Only the path with a slash is served',
    stage: 'edge',
    kind: 'remote',
    effect: 'fails',
    symptom: 'E1',
    shownBy: { claude: 'E1' },
    cause:
      'The server redirects the path without a slash to the one with it, and Claude takes the slash off whatever is entered.',
    fix: 'Serve both forms directly, without a redirect.',
    source: 'anthropics/claude-ai-mcp#1056',
    explains: [],
    seen: 'POST to both forms of the path, without following redirects',
  },
];
