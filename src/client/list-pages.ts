import { SlipwayError } from '../protocol/coded-error.ts';
import type { PaginatedResult } from '../protocol/result.ts';

/**
 * All pages of a list (MCP 2026-07-28, server/utilities/pagination).
 *
 * @param member where a page has its entries
 * @param page asks for one page; undefined is the first
 * @returns the first page with the entries of all
 * @throws SlipwayError `SLIP_SERVER_LIST` for a list without an end, or a page without entries
 */
export async function allPages<Page extends PaginatedResult>(
  member: string,
  maxPages: number,
  page: (cursor: string | undefined) => Promise<Page>,
): Promise<Page> {
  const seen = new Set<string>();
  const entries: unknown[] = [];
  const fault = (why: string) => new SlipwayError('SLIP_SERVER_LIST', { list: member, why });
  const first = await page(undefined);
  for (let result = first; ; ) {
    const some: unknown = result[member];
    if (!Array.isArray(some)) throw fault(`a page has no array '${member}'`);
    // Not spread into a call: a page may have more entries than a call has room for arguments.
    for (const entry of some) entries.push(entry);
    const cursor = result.nextCursor;
    if (cursor === undefined) break;
    if (seen.has(cursor)) throw fault('a cursor came twice');
    seen.add(cursor);
    if (seen.size >= maxPages) throw fault(`it goes on after ${maxPages} pages`);
    result = await page(cursor);
  }
  const { nextCursor: _, ...rest } = first;
  return { ...rest, [member]: entries } as Page;
}
