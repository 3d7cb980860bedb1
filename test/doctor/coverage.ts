/** Which rows of the catalogue are found: `node --conditions=@slipway/source test/doctor/coverage.ts` prints the table. */
import { CATALOGUE } from '../../src/doctor/catalogue/catalogue.ts';
import { STAGE_TITLES, STAGES } from '../../src/doctor/catalogue/catalogue-entry.ts';
import { ADDRESS_FAULTS } from './faults/address-faults.ts';
import { EDGE_FAULTS } from './faults/edge-faults.ts';
import { MCP_FAULTS } from './faults/mcp-faults.ts';
import { OAUTH_FAULTS } from './faults/oauth-faults.ts';
import { TLS_FAULTS } from './faults/tls-faults.ts';
import { TOOLS_FAULTS } from './faults/tools-faults.ts';
import type { PlantedFault } from './kit/planted-fault.ts';

/** Every fault that the tests plant; each is asserted to be found as the only root cause. */
export const FAULTS: readonly PlantedFault[] = [
  ...ADDRESS_FAULTS,
  ...TLS_FAULTS,
  ...EDGE_FAULTS,
  ...MCP_FAULTS,
  ...OAUTH_FAULTS,
  ...TOOLS_FAULTS,
];

/** Rows with a fixture of their own; those of a server file have theirs in lint.test.ts. */
export const FOUND: ReadonlySet<number> = new Set([...FAULTS.map(({ row }) => row), 47, 48]);

interface Count {
  readonly title: string;
  readonly found: number;
  readonly visible: number;
  readonly all: number;
  readonly missing: readonly number[];
}

function count(title: string, rows: typeof CATALOGUE): Count {
  const visible = rows.filter(({ kind }) => kind === 'remote' || kind === 'write');
  const missing = visible.filter(({ row }) => !FOUND.has(row)).map(({ row }) => row);
  return { title, found: visible.length - missing.length, visible: visible.length, all: rows.length, missing };
}

function ofKind(kind: string): string {
  const rows = CATALOGUE.filter(entry => entry.kind === kind).map(({ row }) => row);
  return `${rows.filter(row => FOUND.has(row)).length} of ${rows.length} (${rows.join(', ')})`;
}

/** The table: found / visible / all, by stage; rows that need a token, the lints and the invisible ones apart. */
export function coverageTable(): string {
  const counts = STAGES.map(stage =>
    count(
      STAGE_TITLES[stage],
      CATALOGUE.filter(entry => entry.stage === stage),
    ),
  );
  const lines = [...counts, count('together', CATALOGUE)].map(({ title, found, visible, all, missing }) =>
    [
      title.padEnd(10),
      String(found).padStart(6),
      String(visible).padStart(8),
      String(all).padStart(4),
      missing.length === 0 ? '' : `   without: ${missing.join(', ')}`,
    ].join(''),
  );
  return [
    'stage      found visible all',
    ...lines,
    `with a token: ${ofKind('token')}`,
    `lint: ${ofKind('lint')}`,
    `invisible: ${CATALOGUE.filter(({ kind }) => kind === 'invisible')
      .map(({ row }) => row)
      .join(', ')}`,
    `fixtures: ${FAULTS.length}`,
    '',
  ].join('\n');
}

if (import.meta.main) process.stdout.write(coverageTable());
