/** Rows as they are written down: what is the same for most of them is left out. */
import type { CatalogueEntry, Stage } from './catalogue-entry.ts';

type Usual = 'kind' | 'effect' | 'explains';

/** Without `kind` it is `remote`, without `effect` it `fails`, without `explains` nothing follows from it. */
export type RowData = Omit<CatalogueEntry, 'stage' | Usual> & Partial<Pick<CatalogueEntry, Usual>>;

export function rowsOf(stage: Stage, rows: readonly RowData[]): readonly CatalogueEntry[] {
  return rows.map(row => ({ kind: 'remote', effect: 'fails', explains: [], ...row, stage }));
}
