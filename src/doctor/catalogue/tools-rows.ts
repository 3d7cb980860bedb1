import type { CatalogueEntry } from './catalogue-entry.ts';

export const TOOLS_ROWS: readonly CatalogueEntry[] = [
  {
    row: 90,
    title: 'Tool name that Claude refuses',
    stage: 'tools',
    kind: 'remote',
    effect: 'fails',
    symptom: 'E7',
    shownBy: { claude: 'E7', 'claude-code': 'no tools' },
    cause:
      'One tool has a dot or another character in its name, or more than 64; Claude then withholds all tools of the server.',
    fix: 'Use 1 to 64 of A-Z a-z 0-9 _ and - in every tool name.',
    source: 'meho#2745',
    explains: [],
    seen: 'every name of tools/list is checked',
  },
];
