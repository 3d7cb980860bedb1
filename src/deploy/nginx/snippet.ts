import { nginx } from '../../fronts/nginx.ts';

/** What nginx is told for a row of the catalogue of failures. */
export function snippetFor(row: number): string {
  const snippet = nginx.snippets.find(({ rows }) => rows.includes(row));
  if (snippet === undefined) throw new Error(`no snippet of nginx is for row ${row}`);
  return snippet.text;
}
