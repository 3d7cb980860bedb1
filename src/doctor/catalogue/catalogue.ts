/** The catalogue of failures: every row, in one table. */
import { ADDRESS_ROWS } from './address-rows.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { EDGE_ROWS } from './edge-rows.ts';
import { MCP_ROWS } from './mcp-rows.ts';
import { OAUTH_ROWS } from './oauth-rows.ts';
import { TLS_ROWS } from './tls-rows.ts';
import { TOOLS_ROWS } from './tools-rows.ts';

/** By number. */
export const CATALOGUE: readonly CatalogueEntry[] = [
  ...ADDRESS_ROWS,
  ...TLS_ROWS,
  ...EDGE_ROWS,
  ...MCP_ROWS,
  ...OAUTH_ROWS,
  ...TOOLS_ROWS,
].sort((one, other) => one.row - other.row);

const BY_ROW = new Map(CATALOGUE.map(entry => [entry.row, entry]));

/** @throws RangeError for a row that there is not */
export function entryOf(row: number): CatalogueEntry {
  const entry = BY_ROW.get(row);
  if (entry === undefined) throw new RangeError(`the catalogue has no row ${row}`);
  return entry;
}

/** What nobody can see from outside. */
export const INVISIBLE_ROWS: readonly number[] = CATALOGUE.filter(({ kind }) => kind === 'invisible').map(
  ({ row }) => row,
);
